"""Files that a provider makes as jobs: ordered once, followed by any worker, and ended when told to."""

from __future__ import annotations

import json
import time

import pytest

from director_lib.config import Settings
from director_lib.domain.version import Kind
from director_lib.tasks.attempt import Busy, Made, Refused, Unknown
from tests.tasks.remote_doubles import CANCELLED_USD, PRICE_USD
from tests.tasks.scene import until
from tests.tasks.trying import Trial


@pytest.fixture
def trial(settings: Settings) -> Trial:
    return Trial(settings, "provider")


@pytest.fixture
def unlisted(settings: Settings) -> Trial:
    """A trial at a provider that lists no jobs."""
    return Trial(settings, "unlisted")


def test_a_file_is_ordered_followed_fetched_and_looked_at(trial: Trial) -> None:
    trial.provider.will("poll", "waiting", "running:45:one:two", "running:80:one:two:three", "")
    ending = trial.run()
    assert isinstance(ending, Made)
    assert ending.result.path.is_file()
    assert ending.result.cost_usd == PRICE_USD
    assert trial.heard.remote_ids == trial.provider.created
    assert trial.heard.phases == [
        "sending to Provider",
        "waiting at the provider",
        "rendering",
        "downloading",
        "checking",
    ]
    assert ("rendering", 45.0) in trial.heard.progressed
    assert trial.heard.lines == ["one", "two", "three"]


def test_references_go_along(trial: Trial) -> None:
    picture = trial.attempt.folder.parent / "reference.png"
    trial.change(references=(picture,))
    trial.run()
    assert json.loads((trial.provider.folder / "references").read_text()) == [str(picture)]


def test_lines_that_were_told_are_not_told_again_by_the_next_worker(trial: Trial) -> None:
    trial.provider.will("poll", "running:45:one:two")
    with trial.running() as running:
        until(lambda: len(trial.heard.lines) == 2, "both lines are told")
        trial.live.close()
        assert running.left_for_the_next_worker()
    trial.provider.will("poll", "running:50:one:two:three", "")
    assert isinstance(trial.resume(), Made)
    assert trial.heard.lines == ["three"]
    assert len(trial.provider.created) == 1


@pytest.mark.parametrize(
    ("behaviour", "ending"),
    [
        ("busy", Busy("Too many requests.", 0.01)),
        ("refused", Refused("engine", "The provider said no.", 0.0)),
    ],
)
def test_an_order_that_is_not_taken_costs_nothing(trial: Trial, behaviour: str, ending: object) -> None:
    trial.provider.will("submit", behaviour)
    assert trial.run() == ending
    assert trial.resume() == ending
    assert trial.provider.n_asked("submit") == 1
    assert trial.provider.created == []


def test_an_order_whose_answer_was_lost_is_found_however_late_it_is_listed(trial: Trial) -> None:
    trial.provider.will("submit", "lost")
    trial.provider.will("find", "nothing", "busy", "garbage", "nothing", "")
    assert isinstance(trial.run(), Made)
    assert len(trial.provider.created) == 1
    assert trial.heard.remote_ids == trial.provider.created


def test_an_order_whose_answer_was_lost_and_that_is_not_listed_is_unknown(trial: Trial) -> None:
    trial.provider.will("submit", "lost")
    trial.provider.will("find", "nothing")
    assert trial.run() == Unknown("The answer did not arrive.")
    assert trial.provider.n_asked("submit") == 1


def test_several_orders_that_could_be_it_are_unknown(trial: Trial) -> None:
    trial.provider.will("submit", "lost")
    trial.provider.will("find", "unknown")
    assert trial.run() == Unknown("Several jobs could be it.")


def test_where_no_jobs_are_listed_a_lost_answer_is_unknown_at_once(unlisted: Trial) -> None:
    unlisted.provider.will("submit", "lost")
    assert unlisted.run() == Unknown("The answer did not arrive.")
    assert unlisted.provider.n_asked("find") == 0


def test_a_sending_that_died_after_the_order_was_taken_is_found(trial: Trial) -> None:
    trial.provider.will("submit", "die")
    trial.provider.will("find", "nothing", "")
    assert isinstance(trial.run(), Made)
    assert len(trial.provider.created) == 1


def test_a_sending_that_died_before_is_sent_again_once_the_list_settled(trial: Trial) -> None:
    trial.provider.will("submit", "die early", "")
    assert isinstance(trial.run(), Made)
    assert trial.provider.n_asked("submit") == 2
    assert len(trial.provider.created) == 1


def test_it_is_not_sent_again_while_the_list_cannot_be_asked(trial: Trial) -> None:
    trial.provider.will("submit", "die early", "")
    trial.provider.will("find", "nothing", "busy")
    trial.change(timeout_s=1.0)
    ending = trial.run()
    assert isinstance(ending, Unknown)
    assert "Too many requests." in ending.message
    assert trial.provider.n_asked("submit") == 1


def test_where_no_jobs_are_listed_a_sending_that_died_is_never_repeated(unlisted: Trial) -> None:
    unlisted.provider.will("submit", "die early", "")
    assert isinstance(unlisted.run(), Unknown)
    assert isinstance(unlisted.resume(), Unknown)
    assert unlisted.provider.n_asked("submit") == 1


def test_it_is_not_sent_for_ever(trial: Trial) -> None:
    trial.provider.will("submit", "die early")
    assert isinstance(trial.run(), Unknown)
    assert trial.provider.n_asked("submit") == 3


def test_what_another_machine_may_have_sent_is_looked_for_before_anything_is_sent(trial: Trial) -> None:
    trial.provider.create(trial.attempt.tag)
    trial.attempt.folder.rmdir()
    assert isinstance(trial.resume(), Made)
    assert trial.provider.n_asked("submit") == 0


def test_what_another_machine_may_have_sent_where_none_are_listed_is_unknown(unlisted: Trial) -> None:
    unlisted.attempt.folder.rmdir()
    assert isinstance(unlisted.resume(), Unknown)
    assert unlisted.provider.n_asked("submit") == 0


def test_a_worker_killed_while_sending_loses_no_job(unlisted: Trial) -> None:
    unlisted.provider.will("submit", "slow")
    with unlisted.other_worker() as worker:
        until(lambda: unlisted.provider.n_asked("submit"), "the order is on its way")
        worker.kill()
        worker.wait()
    unlisted.provider.let_go()
    assert isinstance(unlisted.resume(), Made)
    assert unlisted.heard.remote_ids == unlisted.provider.created
    assert len(unlisted.provider.created) == 1


def test_two_workers_killed_while_following_still_make_one_job(trial: Trial) -> None:
    trial.provider.will("poll", "running:45")
    for _ in range(2):
        n_asked = trial.provider.n_asked("poll")
        with trial.other_worker() as worker:
            until(lambda n=n_asked: trial.provider.n_asked("poll") > n + 1, "the job is followed")
            worker.kill()
            worker.wait()
        trial.change(is_resumed=True)
    trial.provider.will("poll", "")
    assert isinstance(trial.resume(), Made)
    assert len(trial.provider.created) == 1


def test_a_worker_killed_while_downloading_downloads_again(trial: Trial) -> None:
    trial.provider.will("fetch", "slow", "")
    with trial.other_worker() as worker:
        until(lambda: trial.provider.n_asked("fetch"), "it is downloaded")
        worker.kill()
        worker.wait()
    assert isinstance(trial.resume(), Made)
    assert len(trial.provider.created) == 1


def test_what_is_home_is_not_downloaded_again(trial: Trial) -> None:
    trial.run()
    trial.provider.will("poll", "refused")
    assert isinstance(trial.resume(), Made)
    assert trial.provider.n_asked("fetch") == 1


@pytest.mark.parametrize("trouble", ["busy", "garbage"])
def test_a_provider_that_cannot_be_asked_for_a_while_costs_nothing(trial: Trial, trouble: str) -> None:
    trial.provider.will("poll", trouble, "running:10", trouble, trouble, "")
    assert isinstance(trial.run(), Made)
    assert len(trial.heard.lines) == 1
    assert len(trial.provider.created) == 1


def test_a_job_that_the_provider_does_not_know_any_more_is_unknown(trial: Trial) -> None:
    trial.provider.will("poll", "running:10", "refused")
    assert trial.run() == Unknown("The provider said no.")


def test_a_failed_job_says_why_and_what_it_cost(trial: Trial) -> None:
    trial.provider.will("poll", "failed")
    assert trial.run() == Refused("engine", "The prompt was refused.", 0.1)


def test_a_job_that_was_stopped_over_there_says_so(trial: Trial) -> None:
    trial.provider.will("poll", "cancelled")
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert "nobody here asked" in ending.message
    assert ending.billed_usd == CANCELLED_USD


def test_a_download_that_breaks_off_is_tried_again(trial: Trial) -> None:
    trial.provider.will("fetch", "busy", "die early", "busy", "")
    assert isinstance(trial.run(), Made)
    assert len(trial.provider.created) == 1


def test_a_download_that_is_gone_is_refused_with_what_it_cost(trial: Trial) -> None:
    trial.provider.will("fetch", "refused")
    assert trial.run() == Refused("engine", "The provider said no.", PRICE_USD)


def test_a_download_that_always_crashes_is_given_up(trial: Trial) -> None:
    trial.provider.will("fetch", "die early")
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert ending.billed_usd == PRICE_USD
    assert trial.provider.n_asked("fetch") == 3


@pytest.mark.parametrize("bad", ["half", "text"])
def test_a_file_that_cannot_be_opened_is_refused_with_what_it_cost(trial: Trial, bad: str) -> None:
    trial.provider.will("fetch", bad)
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert (ending.code, ending.billed_usd) == ("invalid_media", PRICE_USD)


def test_a_clock_that_is_set_changes_nothing(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time
    trial.provider.will("poll", "running:45")
    with trial.running() as running:
        until(lambda: trial.heard.remote_ids, "the job is known")
        for jump_s in (86_400, -86_400):
            monkeypatch.setattr(time, "time", lambda jump_s=jump_s: now() + jump_s)
            n_asked = trial.provider.n_asked("poll")
            until(lambda n=n_asked: trial.provider.n_asked("poll") > n + 1, "it is still followed")
        trial.provider.will("poll", "")
        assert isinstance(running.ending(), Made)


def test_clips_are_made_the_same_way(settings: Settings) -> None:
    trial = Trial(settings, "provider", kind=Kind.VIDEO)
    ending = trial.run()
    assert isinstance(ending, Made | Refused)
    assert len(trial.provider.created) == 1
