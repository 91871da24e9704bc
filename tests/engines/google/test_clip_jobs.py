"""Clips: jobs are asked about and cancelled by their id."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.engines.google import GoogleVideoEngine
from director_lib.engines.remote import RemoteState
from director_lib.errors import ConfigError, EngineBusyError, EngineError
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.server import GoogleServer, Mischief
from tests.engines.google.conftest import MakeOptions


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", RemoteState.WAITING),
        ("in_progress", RemoteState.RUNNING),
        ("requires_continuation", RemoteState.RUNNING),
        ("a status of next year", RemoteState.RUNNING),
        ("cancelled", RemoteState.CANCELLED),
        ("failed", RemoteState.FAILED),
        ("incomplete", RemoteState.FAILED),
        ("budget_exceeded", RemoteState.FAILED),
        ("requires_action", RemoteState.FAILED),
    ],
)
def test_each_status_has_its_meaning(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, status: str, state: RemoteState
) -> None:
    google.jobs[job]["status"] = status

    assert videos.poll(job).state is state


def test_a_failure_tells_googles_reason_and_what_it_cost(
    videos: GoogleVideoEngine, google: GoogleServer, job: str
) -> None:
    google.jobs[job] |= {
        "status": "failed",
        "errors": [{"code": "safety", "message": "A child is shown."}],
        "usage": {"total_output_tokens": 0},
    }

    status = videos.poll(job)

    assert status.has_ended
    assert "A child is shown." in status.message
    assert "It was not charged." in status.message
    assert status.billed_usd == 0.0
    assert status.log == ("A child is shown.",)


def test_a_job_that_ends_without_a_clip_has_failed(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path
) -> None:
    refusing = {"type": "model_output", "content": [{"type": "text", "text": "I will not."}]}
    google.jobs[job] |= {"status": "completed", "steps": [refusing]}

    status = videos.poll(job)

    assert status.state is RemoteState.FAILED
    assert "finished without a clip" in status.message
    assert "It may have been charged." in status.message
    assert status.billed_usd is None
    with pytest.raises(EngineError, match="finished without a clip"):
        videos.fetch(job, tmp_path)


@pytest.mark.parametrize(
    "mischief",
    [
        Mischief("reset"),
        Mischief("reply", reply=answers.page(200)),
        Mischief("reply", reply=answers.as_json({})),
        Mischief("reply", reply=answers.quota("7s")),
        Mischief("reply", reply=answers.refusal(500, "INTERNAL", "An internal error has occurred.")),
        Mischief("reply", reply=answers.page(502)),
    ],
)
def test_a_question_that_fails_can_be_asked_again(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, mischief: Mischief
) -> None:
    google.mischief.append(mischief)

    with pytest.raises(EngineBusyError):
        videos.poll(job)

    assert videos.poll(job).state is RemoteState.RUNNING


def test_a_question_that_is_never_answered_can_be_asked_again(
    make_options: MakeOptions, google: GoogleServer, job: str
) -> None:
    google.mischief.append(Mischief("silence"))

    with pytest.raises(EngineBusyError, match="ReadTimeout"):
        GoogleVideoEngine(make_options(call_timeout_s=0.3)).poll(job)


def test_a_job_that_google_has_forgotten_is_told(videos: GoogleVideoEngine) -> None:
    with pytest.raises(EngineError, match="does not know this clip any more") as caught:
        videos.poll("v1_never")

    assert not isinstance(caught.value, EngineBusyError)


def test_a_key_that_was_revoked_meanwhile_names_the_variable(make_options: MakeOptions, job: str) -> None:
    with pytest.raises(ConfigError, match="GOOGLE_AI_API_KEY"):
        GoogleVideoEngine(make_options(key="AIza-revoked")).poll(job)


def test_cancelling_stops_a_job(videos: GoogleVideoEngine, google: GoogleServer, job: str) -> None:
    videos.cancel(job)

    assert google.jobs[job]["status"] == "cancelled"
    assert videos.poll(job).state is RemoteState.CANCELLED


def test_cancelling_what_has_ended_or_is_gone_does_nothing(
    videos: GoogleVideoEngine, google: GoogleServer, job: str
) -> None:
    google.finish(job)

    videos.cancel(job)
    videos.cancel("v1_never")

    assert google.jobs[job]["status"] == "completed"


def test_a_job_that_google_does_not_stop_is_told(
    videos: GoogleVideoEngine, google: GoogleServer, job: str
) -> None:
    google.refuse_next(answers.refusal(400, "FAILED_PRECONDITION", "Not now."))

    with pytest.raises(EngineBusyError, match="still runs.*Not now"):
        videos.cancel(job)


def test_a_cancel_that_does_not_get_through_can_be_repeated(
    videos: GoogleVideoEngine, google: GoogleServer, job: str
) -> None:
    google.mischief.append(Mischief("reset"))

    with pytest.raises(EngineBusyError):
        videos.cancel(job)
    videos.cancel(job)

    assert google.jobs[job]["status"] == "cancelled"
