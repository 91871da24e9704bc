"""Both providers' own engines against fakes of them: paid once, found again, ended, and brought home."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from director_lib.config import Settings
from director_lib.domain.version import Kind
from director_lib.tasks.attempt import Busy, Made, Refused, Stopped, Unknown
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.server import GoogleServer, Mischief
from tests.engines.fakes.replicate.media import picture_bytes
from tests.engines.fakes.replicate.server import run_fake
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.tasks.fake_backed import SOURCE
from tests.tasks.scene import until
from tests.tasks.trying import Trial

_LOST = Mischief("silence", after_making=True)


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    server = GoogleServer()
    yield server
    server.close()


@pytest.fixture
def replicate() -> Iterator[FakeReplicate]:
    with run_fake(FakeReplicate()) as running:
        yield running


@pytest.fixture
def settings_there(settings: Settings, google: GoogleServer, replicate: FakeReplicate) -> Settings:
    return settings.model_copy(
        update={"google_base_url": google.url, "replicate_base_url": replicate.address}
    )


@pytest.fixture
def still(settings_there: Settings) -> Trial:
    return Trial(settings_there, "google", SOURCE)


def clip(settings: Settings, engine: str) -> Trial:
    trial = Trial(settings, engine, SOURCE, kind=Kind.VIDEO)
    keyframe = trial.attempt.folder.parent / "keyframe.png"
    keyframe.write_bytes(picture_bytes())
    trial.change(keyframe=keyframe)
    return trial


@pytest.fixture
def omni(settings_there: Settings) -> Trial:
    return clip(settings_there, "google")


@pytest.fixture
def film(settings_there: Settings) -> Trial:
    return clip(settings_there, "replicate")


def test_google_draws_a_still_once(still: Trial, google: GoogleServer) -> None:
    ending = still.run()
    assert isinstance(ending, Made)
    assert ending.result.cost_usd > 0
    assert isinstance(still.resume(), Made)
    assert google.n_made == 1


def test_a_still_whose_answer_was_lost_is_unknown_and_not_drawn_again(
    still: Trial, google: GoogleServer
) -> None:
    google.mischief.append(_LOST)
    assert isinstance(still.run(), Unknown)
    assert isinstance(still.resume(), Unknown)
    assert google.n_made == 1


def test_google_without_time_is_busy(still: Trial, google: GoogleServer) -> None:
    google.refuse_next(answers.quota("34s"))
    ending = still.run()
    assert isinstance(ending, Busy)
    assert ending.retry_after_s == 34.0
    assert google.n_made == 0


def test_a_still_outlives_the_worker_that_asked_for_it(still: Trial, google: GoogleServer) -> None:
    with still.other_worker() as worker:
        until(lambda: google.seen, "Google was asked")
        worker.kill()
        worker.wait()
    assert isinstance(still.resume(), Made)
    assert google.n_made == 1


def test_google_films_a_clip_once(omni: Trial, google: GoogleServer) -> None:
    with omni.running() as running:
        until(lambda: omni.heard.remote_ids, "the job is known")
        google.finish(omni.heard.remote_ids[0])
        ending = running.ending()
    assert isinstance(ending, Made)
    assert omni.heard.phases[0] == "sending to Google"
    assert google.n_made == 1


def test_a_clip_whose_answer_was_lost_is_unknown_and_not_filmed_again(
    omni: Trial, google: GoogleServer
) -> None:
    google.mischief.append(_LOST)
    assert isinstance(omni.run(), Unknown)
    assert isinstance(omni.resume(), Unknown)
    assert google.n_made == 1


def test_a_stop_reaches_google(omni: Trial, google: GoogleServer) -> None:
    with omni.running() as running:
        until(lambda: omni.heard.remote_ids, "the job is known")
        omni.live.stop()
        assert isinstance(running.ending(), Stopped)
    assert [job["status"] for job in google.jobs.values()] == ["cancelled"]


def test_a_clip_of_a_killed_worker_is_brought_home_by_the_next(omni: Trial, google: GoogleServer) -> None:
    with omni.other_worker() as worker:
        until(lambda: google.jobs, "Google has the job")
        worker.kill()
        worker.wait()
    [job_id] = google.jobs
    google.finish(job_id)
    assert isinstance(omni.resume(), Made)
    assert google.n_made == 1


def test_replicate_films_a_clip_once_and_tells_how_far_it_is(film: Trial, replicate: FakeReplicate) -> None:
    ending = film.run()
    assert isinstance(ending, Made)
    assert ("rendering", 40.0) in film.heard.progressed
    assert "Using seed: 7" in film.heard.lines
    assert film.heard.remote_ids == list(replicate.predictions)


@pytest.mark.parametrize("fault", ["hang", "500_after", "garbage", "half", "reset_after"])
def test_an_order_whose_answer_was_lost_is_found(film: Trial, replicate: FakeReplicate, fault: str) -> None:
    replicate.faults["create"] = [fault]
    assert isinstance(film.run(), Made)
    assert replicate.n_created == 1


def test_an_order_that_a_killed_worker_was_sending_is_found(film: Trial, replicate: FakeReplicate) -> None:
    replicate.faults["create"] = ["hang"]
    with film.other_worker() as worker:
        until(lambda: replicate.n_created, "Replicate has the order")
        worker.kill()
        worker.wait()
    assert isinstance(film.resume(), Made)
    assert replicate.n_created == 1


def test_answers_that_are_of_no_use_cost_only_patience(film: Trial, replicate: FakeReplicate) -> None:
    replicate.faults["poll"] = ["429:0", "500", "garbage", "html", "reset_before", "half", "hang"]
    replicate.faults["download"] = ["half", "500", "reset_after"]
    assert isinstance(film.run(), Made)
    assert replicate.n_created == 1


def test_a_file_that_has_expired_is_refused_with_what_it_cost(film: Trial, replicate: FakeReplicate) -> None:
    replicate.faults["download"] = ["404"]
    ending = film.run()
    assert isinstance(ending, Refused)
    assert replicate.n_created == 1


def test_a_file_that_is_no_clip_is_refused(film: Trial, replicate: FakeReplicate) -> None:
    replicate.output = b"<html>Please sign in</html>"
    assert isinstance(film.run(), Refused)
    assert replicate.n_created == 1


def test_a_stop_reaches_replicate(film: Trial, replicate: FakeReplicate) -> None:
    replicate.faults["cancel"] = ["500", "429:0"]
    with film.running() as running:
        until(lambda: replicate.predictions, "Replicate has the order")
        replicate.last["held"] = True
        film.live.stop()
        assert isinstance(running.ending(), Stopped)
    assert replicate.last["status"] == "canceled"
