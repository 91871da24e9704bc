"""The key: where it comes from and goes to, and that nobody sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.engines.google import GoogleImageEngine, GoogleVideoEngine
from director_lib.errors import (
    ConfigError,
    EngineError,
)
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.answers import Reply
from tests.engines.fakes.google.server import GOOD_KEY, GoogleServer
from tests.engines.google.conftest import MakeOptions, PlaceOrder


@pytest.mark.parametrize(
    "reply",
    [
        answers.wrong_key(),
        answers.refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
        answers.refusal(403, "PERMISSION_DENIED", f"Consumer 'api_key:{GOOD_KEY}' has been suspended."),
        answers.refusal(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key."),
    ],
)
def test_a_refused_key_names_the_variable_and_never_shows_the_key(
    place: PlaceOrder, google: GoogleServer, reply: Reply
) -> None:
    google.refuse_next(reply)

    with pytest.raises(ConfigError, match="GOOGLE_AI_API_KEY") as caught:
        place()

    assert GOOD_KEY not in everything_told(caught.value)


def everything_told(error: BaseException) -> str:
    """What a log with the whole traceback would show."""
    shown = caught = ""
    current: BaseException | None = error
    while current is not None:
        caught = f"{current!r} {current}"
        shown += caught
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return shown


def test_the_fake_refuses_a_wrong_key_as_google_does(place: PlaceOrder, google: GoogleServer) -> None:
    with pytest.raises(ConfigError, match="API key not valid"):
        place(key="AIza-another-key")

    assert google.n_made == 0


@pytest.mark.parametrize("key", ["", "  "])
def test_without_a_key_nothing_is_sent(place: PlaceOrder, google: GoogleServer, key: str) -> None:
    with pytest.raises(ConfigError, match="There is no key for Google"):
        place(key=key)

    assert google.seen == []


@pytest.mark.parametrize("key", ["AIza two words", "AIza-kéy", "AIza\nkey"])
def test_what_cannot_be_a_key_is_not_sent_and_not_shown(
    place: PlaceOrder, google: GoogleServer, key: str
) -> None:
    with pytest.raises(ConfigError, match="is not a key") as caught:
        place(key=key)

    assert key not in everything_told(caught.value)
    assert google.seen == []


def test_an_address_that_is_none_is_a_matter_of_the_settings(place: PlaceOrder) -> None:
    with pytest.raises(ConfigError, match="address of Google's API, “localhost:1234”, is none"):
        place(base_url="localhost:1234")


def test_the_environment_does_not_lead_the_key_elsewhere(
    place: PlaceOrder, google: GoogleServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_API_KEY", "AIza-someone-elses")
    monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "v9")

    place()

    assert google.n_made == 1
    assert google.seen[0].headers["x-goog-api-key"] == GOOD_KEY
    assert google.seen[0].path.startswith("/v1/")


def test_the_version_of_the_api_can_be_chosen(place: PlaceOrder, google: GoogleServer) -> None:
    with pytest.raises(EngineError):
        place(api_version="v1alpha")

    assert google.seen[0].path.startswith("/v1alpha/")


def test_options_and_engines_never_show_the_key(make_options: MakeOptions) -> None:
    options = make_options()

    for thing in (options, GoogleImageEngine(options), GoogleVideoEngine(options)):
        assert GOOD_KEY not in repr(thing)
