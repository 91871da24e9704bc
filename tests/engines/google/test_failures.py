"""Calls that go wrong: what the director is told, and that no order is ever sent twice."""

from __future__ import annotations

import socket

import pytest

from director_lib.engines.google import GoogleVideoEngine
from director_lib.errors import (
    DirectorError,
    EngineBusyError,
    EngineError,
    OutcomeUnknownError,
)
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.answers import Reply
from tests.engines.fakes.google.server import GoogleServer, Mischief
from tests.engines.google.conftest import Draw, MakeOrder, PlaceOrder


@pytest.mark.parametrize(
    ("reply", "retry_after_s"),
    [
        (answers.quota("34s"), 34.0),
        (answers.quota("0.5s"), 0.5),
        (answers.quota(None), None),
        (answers.refusal(429, "RESOURCE_EXHAUSTED", "slow down", **{"Retry-After": "12"}), 12.0),
        (answers.refusal(503, "UNAVAILABLE", "The model is overloaded."), None),
        (answers.page(503), None),
    ],
)
def test_a_busy_google_charges_nothing_and_says_when_to_come_back(
    place: PlaceOrder, google: GoogleServer, reply: Reply, retry_after_s: float | None
) -> None:
    google.refuse_next(reply)

    with pytest.raises(EngineBusyError, match="Nothing was charged") as caught:
        place()

    assert caught.value.retry_after_s == retry_after_s
    assert len(google.seen) == 1
    assert google.n_made == 0


def test_a_plan_without_the_model_is_not_worth_trying_again(place: PlaceOrder, google: GoogleServer) -> None:
    google.refuse_next(answers.quota("34s", "Quota exceeded, limit: 0, model: gemini-omni"))

    with pytest.raises(EngineError, match="Turn on billing") as caught:
        place()

    assert type(caught.value) is EngineError


@pytest.mark.parametrize(
    "mischief",
    [
        Mischief("reset", after_making=True),
        Mischief("reply", after_making=True, reply=answers.page(200)),
        Mischief("reply", after_making=True, reply=answers.page(502)),
        Mischief("reply", after_making=True, reply=Reply(200, b'{"id": "v1_', {"Content-Length": "400"})),
        Mischief("reply", after_making=True, reply=Reply(302, b"", {"Location": "/v1/elsewhere"})),
    ],
)
def test_an_order_whose_answer_is_lost_has_an_unknown_outcome_and_is_not_repeated(
    place: PlaceOrder, google: GoogleServer, mischief: Mischief
) -> None:
    google.mischief.append(mischief)

    with pytest.raises(OutcomeUnknownError, match="Nobody can tell whether this (picture|clip) was made"):
        place()

    assert google.n_made == len(google.seen) == 1


def test_an_order_that_is_never_answered_has_an_unknown_outcome(
    place: PlaceOrder, google: GoogleServer
) -> None:
    google.mischief.append(Mischief("silence", after_making=True))

    with pytest.raises(OutcomeUnknownError, match="ReadTimeout"):
        place(image_timeout_s=0.4, submit_timeout_s=0.4)

    assert google.n_made == len(google.seen) == 1


def test_a_connection_that_breaks_while_the_order_is_sent_counts_as_unknown_too(
    place: PlaceOrder, google: GoogleServer
) -> None:
    google.mischief.append(Mischief("reset"))

    with pytest.raises(OutcomeUnknownError, match="broke off after the order was sent"):
        place()

    assert google.n_made == 0


def test_a_google_that_cannot_be_reached_got_nothing(place: PlaceOrder) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

        with pytest.raises(EngineBusyError, match="cannot be reached.*Nothing was sent"):
            place(base_url=url)


def test_a_picture_that_google_itself_failed_to_make_is_not_charged(draw: Draw, google: GoogleServer) -> None:
    google.refuse_next(answers.refusal(500, "INTERNAL", "An internal error has occurred."))

    with pytest.raises(EngineBusyError, match="An internal error"):
        draw()


def test_a_clip_may_be_in_the_making_although_google_answered_with_an_error(
    videos: GoogleVideoEngine, make_order: MakeOrder, google: GoogleServer
) -> None:
    google.refuse_next(answers.refusal(500, "INTERNAL", "An internal error has occurred."))

    with pytest.raises(OutcomeUnknownError, match="An internal error"):
        videos.submit(make_order())

    assert len(google.seen) == 1


def test_a_job_without_an_id_has_an_unknown_outcome(
    videos: GoogleVideoEngine, make_order: MakeOrder, google: GoogleServer
) -> None:
    reply = answers.as_json({"status": "in_progress"})
    google.mischief.append(Mischief("reply", after_making=True, reply=reply))

    with pytest.raises(OutcomeUnknownError, match="named no job"):
        videos.submit(make_order())


def test_a_retired_model_names_what_replaces_it(
    place: PlaceOrder, google: GoogleServer, request: pytest.FixtureRequest
) -> None:
    google.refuse_next(answers.refusal(404, "NOT_FOUND", "models/x is not found for API version v1."))

    with pytest.raises(
        EngineError, match=r"retired.*Use “gemini-(nano-banana-2\.1|omni-1\.2-flash)” instead"
    ) as caught:
        place(image_model="imagen-4.0-generate-001", video_model="veo-3.1-generate-preview")

    assert type(caught.value) is EngineError


def test_a_model_that_nobody_knows_is_to_be_corrected(place: PlaceOrder, google: GoogleServer) -> None:
    google.refuse_next(answers.refusal(404, "NOT_FOUND", "models/x is not found."))

    with pytest.raises(EngineError, match="does not know the model “gemini-9”.*Correct the model"):
        place(image_model="gemini-9", video_model="gemini-9")


def test_a_rejected_request_repeats_googles_words(place: PlaceOrder, google: GoogleServer) -> None:
    google.refuse_next(answers.refusal(400, "FAILED_PRECONDITION", "User location is not\nsupported."))

    with pytest.raises(EngineError, match="User location is not supported.*Nothing was charged") as caught:
        place()

    assert type(caught.value) is EngineError


def test_an_old_model_is_pointed_out_when_its_request_is_rejected(
    place: PlaceOrder, google: GoogleServer
) -> None:
    google.refuse_next(answers.refusal(400, "INVALID_ARGUMENT", "imageSize is not supported."))

    with pytest.raises(
        EngineError, match="“gemini-omni-1.2-flash” replaces it|“gemini-nano-banana-2.1” replaces it"
    ):
        place(image_model="gemini-2.5-flash-image", video_model="gemini-omni-flash-preview")


def test_a_prompt_with_half_a_character_is_sent_all_the_same(
    place_words: PlaceOrder, google: GoogleServer
) -> None:
    place_words("fog\ud83d over\x00 the sea")

    assert "fog? over the sea" in str(google.seen[0].body)


def test_long_foreign_words_are_cut(place: PlaceOrder, google: GoogleServer) -> None:
    google.refuse_next(answers.refusal(400, "INVALID_ARGUMENT", "x" * 5000))

    with pytest.raises(DirectorError) as caught:
        place()

    assert len(caught.value.user_message) < 600
