"""Jobs at a provider that are to end: because somebody wants it, the worker stops, or it takes too long."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from director_lib.config import Settings
from director_lib.tasks.attempt import Made, Refused, Stopped, Unknown
from director_lib.tasks.spool import Spool
from tests.tasks.remote_doubles import CANCELLED_USD, PRICE_USD
from tests.tasks.scene import until
from tests.tasks.trying import PACE, Trial


@pytest.fixture
def trial(settings: Settings) -> Trial:
    return Trial(settings, "provider")


@pytest.fixture
def unlisted(settings: Settings) -> Trial:
    """A trial at a provider that lists no jobs."""
    return Trial(settings, "unlisted")


def test_a_job_that_takes_too_long_is_ended_at_the_provider(trial: Trial) -> None:
    trial.provider.will("poll", "running:45")
    trial.change(timeout_s=3.0)
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert (ending.code, ending.billed_usd) == ("timeout", CANCELLED_USD)
    assert trial.provider.is_cancelled(trial.provider.created[0])


def test_a_job_that_was_finished_when_its_time_was_over_is_brought_home(trial: Trial) -> None:
    trial.provider.will("poll", *["running:45"] * 4, "busy")
    trial.change(timeout_s=3.0)
    with trial.running() as running:
        until(lambda: trial.provider.n_asked("cancel"), "its time is over")
        trial.provider.will("poll", "succeeded")
        assert isinstance(running.ending(), Made)


def test_a_file_that_is_finished_in_the_last_moment_is_given_time_to_be_brought_home(trial: Trial) -> None:
    trial.provider.will("fetch", "slow")
    trial.change(timeout_s=3.0)
    with trial.running() as running:
        until(lambda: trial.provider.n_asked("fetch"), "it is being fetched")
        time.sleep(3.1)
        trial.provider.let_go()
        assert isinstance(running.ending(), Made)


def test_a_sending_that_hangs_is_ended_and_unknown(unlisted: Trial) -> None:
    unlisted.provider.will("submit", "hang")
    unlisted.change(timeout_s=5.0)
    assert isinstance(unlisted.run(), Unknown)
    assert not Spool(unlisted.attempt.folder / "order-1").is_held()


def test_an_order_whose_time_is_over_before_it_is_sent_is_a_failure_that_costs_nothing(trial: Trial) -> None:
    trial.change(timeout_s=0.0)
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert (ending.code, ending.billed_usd) == ("timeout", 0.0)
    assert trial.provider.n_asked("submit") == 0


def test_a_download_that_hangs_is_ended(trial: Trial) -> None:
    trial.provider.will("fetch", "hang")
    trial.pace = replace(PACE, fetch_s=1.5)
    trial.change(timeout_s=1.5)
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert (ending.code, ending.billed_usd) == ("timeout", PRICE_USD)


def test_a_stop_before_anything_is_sent_costs_nothing(trial: Trial) -> None:
    trial.live.stop()
    assert trial.run() == Stopped(0.0)
    assert trial.provider.n_asked("submit") == 0


def test_a_stop_while_the_order_is_on_its_way_ends_the_job_that_it_makes(trial: Trial) -> None:
    trial.provider.will("submit", "slow")
    trial.provider.will("poll", "running:1")
    with trial.running() as running:
        until(lambda: trial.provider.n_asked("submit"), "the order is on its way")
        trial.live.stop()
        trial.provider.let_go()
        assert running.ending() == Stopped(CANCELLED_USD)
    assert trial.heard.remote_ids == trial.provider.created
    assert trial.provider.is_cancelled(trial.provider.created[0])


@pytest.mark.parametrize("state", ["waiting", "running:45"])
def test_a_stop_ends_the_job_although_the_provider_is_busy_at_first(trial: Trial, state: str) -> None:
    trial.provider.will("poll", state)
    trial.provider.will("cancel", "busy", "garbage", "")
    with trial.running() as running:
        until(lambda: trial.provider.n_asked("poll") > 1, "the job is followed")
        trial.live.stop()
        assert running.ending() == Stopped(CANCELLED_USD)
    assert trial.provider.n_asked("cancel") == 3
    assert trial.provider.n_asked("fetch") == 0


def test_a_stop_that_the_provider_never_confirms_says_so(trial: Trial) -> None:
    trial.provider.will("poll", "running:45")
    trial.provider.will("cancel", "busy")
    with trial.running() as running:
        until(lambda: trial.provider.n_asked("poll") > 1, "the job is followed")
        trial.live.stop()
        assert running.ending() == Stopped(None)
    assert any("did not confirm" in line for line in trial.heard.lines)


def test_a_stop_while_the_file_is_downloaded_is_a_stop(trial: Trial) -> None:
    trial.provider.will("fetch", "slow")
    with trial.running() as running:
        until(lambda: trial.provider.n_asked("fetch"), "it is downloaded")
        trial.live.stop()
        assert running.ending() == Stopped(PRICE_USD)


def test_a_stop_while_a_lost_order_is_looked_for_ends_it_when_it_is_found(trial: Trial) -> None:
    trial.provider.will("submit", "die")
    trial.provider.will("find", "nothing", "nothing", "nothing", "")
    trial.provider.will("poll", "running:1")
    with trial.running() as running:
        until(lambda: trial.provider.n_asked("find"), "it is looked for")
        trial.live.stop()
        assert running.ending() == Stopped(CANCELLED_USD)


def test_a_stop_of_a_lost_order_that_cannot_be_found_says_that_nobody_knows(unlisted: Trial) -> None:
    unlisted.provider.will("submit", "slow")
    with unlisted.running() as running:
        until(lambda: unlisted.provider.n_asked("submit"), "the order is on its way")
        unlisted.live.stop()
        Spool(unlisted.attempt.folder / "order-1").kill()
        assert running.ending() == Stopped(None)


def test_a_job_of_a_dead_worker_is_ended_by_the_next(trial: Trial) -> None:
    trial.provider.will("poll", "running:45")
    with trial.other_worker() as worker:
        until(lambda: trial.provider.n_asked("poll"), "the job is followed")
        worker.kill()
        worker.wait()
    trial.change(is_resumed=True)
    trial.live.stop()
    assert trial.run() == Stopped(CANCELLED_USD)
    assert trial.provider.is_cancelled(trial.provider.created[0])


def test_a_stopping_worker_leaves_the_job_alone(trial: Trial) -> None:
    trial.provider.will("poll", "running:45")
    with trial.running() as running:
        until(lambda: trial.heard.remote_ids, "the job is known")
        known = trial.heard.remote_ids
        trial.live.close()
        assert running.left_for_the_next_worker()
    assert trial.provider.n_asked("cancel") == 0
    trial.provider.will("poll", "")
    assert isinstance(trial.resume(), Made)
    assert trial.provider.created == known


def test_a_worker_that_stops_while_it_stops_a_job_leaves_that_to_the_next(trial: Trial) -> None:
    trial.pace = replace(PACE, cancel_s=60.0)
    trial.provider.will("poll", "running:45")
    trial.provider.will("cancel", "busy")
    with trial.running() as running:
        until(lambda: trial.provider.n_asked("poll"), "the job is followed")
        trial.live.stop()
        until(lambda: trial.provider.n_asked("cancel"), "it is being stopped")
        trial.live.close()
        assert running.left_for_the_next_worker()
