"""What the log says, in which form, and what it must never say."""

from __future__ import annotations

import io
import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.batch.kernel_engine import kernel_environment as run_environment
from director_lib.config import Settings, all_variables, load_settings
from director_lib.errors import ConfigError
from director_lib.logs import MASK, Masking, known_secrets, log_handler
from director_lib.server.kernel_env import kernel_environment as page_environment

TOKEN = "0123456789abcdef-metrics"
ADDRESS = "postgresql://dora:gehe%2Fim7@db.example/review"


class Log:
    """A logger of its own that writes into memory."""

    def __init__(self, settings: Settings) -> None:
        self._stream = io.StringIO()
        self._handler = log_handler(settings, self._stream)
        self.logger = logging.Logger("director.sample")
        self.logger.addHandler(self._handler)

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def secretive(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Settings with secrets, among variables and a file with more of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPLICATE_API_TOKEN", "r8_\"quoted'\\one")
    monkeypatch.setenv("KEYBOARD_LAYOUT", "us")
    (tmp_path / ".env").write_text("GOOGLE_AI_API_KEY=AIza-from-the-file\n")
    return load_settings(home=home, database_url=ADDRESS, metrics_token=TOKEN)


@pytest.fixture(params=["text", "json"])
def log(secretive: Settings, request: pytest.FixtureRequest) -> Log:
    return Log(secretive.model_copy(update={"log_format": request.param}))


@pytest.fixture
def json_log(secretive: Settings) -> Log:
    return Log(secretive.model_copy(update={"log_format": "json"}))


def fail(message: str) -> None:
    raise RuntimeError(message)


def test_a_json_line_says_when_how_bad_who_and_what(json_log: Log) -> None:
    json_log.logger.warning("task %s\nstopped", "t1", extra={"task_id": "t1", "stream_id": "film"})
    (line,) = json_log.lines
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "warning",
        "logger": "director.sample",
        "message": "task t1\nstopped",
        "task_id": "t1",
        "stream_id": "film",
    }


def test_a_line_without_context_does_not_invent_one(json_log: Log) -> None:
    json_log.logger.info("ready")
    assert sorted(json_log.lines[0]) == ["at", "level", "logger", "message"]


def test_a_traceback_stays_within_its_json_line(json_log: Log) -> None:
    try:
        fail("broken\nin two")
    except RuntimeError:
        json_log.logger.exception("it failed")
    (line,) = json_log.lines
    assert line["message"] == "it failed"
    assert "RuntimeError: broken\nin two" in line["traceback"]


def test_text_is_one_readable_line(secretive: Settings) -> None:
    log = Log(secretive)
    log.logger.warning("task %s stopped", "t1", extra={"task_id": "t1"})
    assert log.text.endswith(" WARNING director.sample: task t1 stopped\n")


@pytest.mark.parametrize(
    "secret",
    [TOKEN, ADDRESS, "gehe%2Fim7", "gehe/im7", "r8_\"quoted'\\one", "AIza-from-the-file"],
)
def test_no_secret_is_ever_logged(log: Log, secret: str) -> None:
    log.logger.warning("message: %s", secret)
    log.logger.warning("as Python quotes it: %r", secret)
    log.logger.warning("context", extra={"task_id": secret})
    try:
        fail(f"traceback: {secret}")
    except RuntimeError:
        log.logger.error("failed", exc_info=sys.exc_info())
    for shape in (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]):
        assert shape not in log.text
    assert MASK in log.text


def test_passwords_of_unknown_addresses_are_hidden_and_the_rest_stays() -> None:
    hide = Masking()
    assert (
        hide("at redis://u:pw@host:1/0 and http://h:80/a@b")
        == "at redis://u:***@host:1/0 and http://h:80/a@b"
    )
    assert hide("GET /login?token=abc&next=/tasks") == "GET /login?token=***&next=/tasks"


def test_short_values_of_variables_with_a_telling_name_do_not_blacken_the_log(log: Log) -> None:
    log.logger.warning("the status of us all")
    assert "the status of us all" in log.text


def test_a_secret_that_begins_like_another_is_hidden_whole() -> None:
    assert Masking(["abcdef", "abcdefghi"])("abcdefghi abcdef") == f"{MASK} {MASK}"


@given(st.text(min_size=6).filter(lambda text: MASK not in text), st.text(), st.text())
def test_whatever_surrounds_it_a_secret_is_hidden(secret: str, before: str, after: str) -> None:
    hidden = Masking([secret])(before + secret + after)
    assert MASK in hidden
    assert secret not in hidden or secret in MASK + after or secret in before + MASK


def test_secrets_come_from_settings_variables_and_addresses(secretive: Settings) -> None:
    found = known_secrets(secretive, {"OTHER_URL": "amqp://u:hidden@h", "PLAIN": "shown", "A_KEY": "a key"})
    assert {TOKEN, ADDRESS, "gehe%2Fim7", "hidden", "a key"} <= set(found)
    assert "shown" not in found


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SAMPLE_A=file\nSAMPLE_B=file\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMPLE_A", "environment")
    variables = all_variables()
    assert (variables["SAMPLE_A"], variables["SAMPLE_B"]) == ("environment", "file")


@pytest.mark.parametrize("token", ["short", "a token with spaces in it", "täken-with-more-than-16"])
def test_a_token_that_is_easy_to_guess_or_cannot_be_sent_is_refused_and_not_shown(
    home: Path, token: str
) -> None:
    with pytest.raises(ConfigError, match="DIRECTOR_METRICS_TOKEN.*openssl rand") as refused:
        load_settings(home=home, metrics_token=token, _env_file=None)
    assert token not in refused.value.user_message


def test_an_empty_token_is_none_and_a_token_is_not_handed_to_other_processes(home: Path) -> None:
    assert load_settings(home=home, metrics_token="", _env_file=None).metrics_token is None
    settings = load_settings(home=home, metrics_token=TOKEN, _env_file=None)
    assert TOKEN not in repr(settings) + repr(settings.environment())


def test_an_unknown_form_of_log_is_refused(home: Path) -> None:
    with pytest.raises(ConfigError, match="DIRECTOR_LOG_FORMAT"):
        load_settings(home=home, log_format="xml", _env_file=None)


@pytest.mark.parametrize("environment_of", [page_environment, run_environment], ids=["page", "run"])
def test_settings_that_only_sound_secret_reach_the_kernels(home: Path, environment_of: Any) -> None:
    settings = load_settings(home=home, engine_keyframe="script", metrics_token=TOKEN, _env_file=None)
    outer = {"DIRECTOR_METRICS_TOKEN": TOKEN, "GOOGLE_AI_API_KEY": "AIza-secret"}
    more = ("/",) if environment_of is page_environment else ()
    told = environment_of(outer, settings.environment(), *more)
    assert told["DIRECTOR_ENGINE_KEYFRAME"] == "script"
    assert set(settings.environment()) - set(told) == {"DIRECTOR_SECURE_COOKIES"}
    assert not {"DIRECTOR_METRICS_TOKEN", "GOOGLE_AI_API_KEY"} & set(told)


def test_the_name_of_the_engine_for_stills_is_not_masked(home: Path) -> None:
    settings = load_settings(home=home, _env_file=None)
    assert "replicate" not in known_secrets(settings, {"DIRECTOR_ENGINE_KEYFRAME": "replicate"})
