"""Files that cost money, made while one call lasts: paid once, and never lost with a worker."""

from __future__ import annotations

import json
import os
import signal
import time

import psutil
import pytest

from director_lib.config import Settings
from director_lib.tasks.attempt import Busy, Made, Refused, Stopped, Unknown
from director_lib.tasks.kept_child import prepare_picture
from director_lib.tasks.runner import Runner
from director_lib.tasks.spool import Spool
from tests.tasks.remote_doubles import PRICE_USD
from tests.tasks.scene import is_alive, until
from tests.tasks.trying import Trial


@pytest.fixture
def trial(settings: Settings) -> Trial:
    return Trial(settings, "paid")


def pids(trial: Trial) -> list[int]:
    path = trial.provider.folder / "pids.json"
    until(path.exists, "the engine works")
    found: list[int] = json.loads(path.read_text())
    return found


def keeper(trial: Trial) -> psutil.Process:
    return psutil.Process(json.loads((trial.attempt.folder / "pid.json").read_text())["pid"])


def spool(trial: Trial) -> Spool:
    return Spool(trial.attempt.folder)


def wait_until_over(trial: Trial) -> None:
    until(lambda: not spool(trial).is_held(), "the call is over")


def test_a_file_is_made_and_looked_at(trial: Trial) -> None:
    ending = trial.run()
    assert isinstance(ending, Made)
    assert ending.result.path.is_file()
    assert ending.result.cost_usd == PRICE_USD
    assert ending.result.params == {"job": 1}
    assert trial.heard.phases == ["drawing", "checking"]
    assert trial.heard.lines == ["sharpening the pencil", "half a li"]
    wait_until_over(trial)


@pytest.mark.parametrize(
    ("behaviour", "ending"),
    [
        ("busy", Busy("Too many requests.", 0.01)),
        ("refused", Refused("engine", "The provider said no.", None)),
        ("lost", Unknown("The answer did not arrive.")),
    ],
)
def test_what_the_engine_says_is_how_it_ends_also_for_the_next_worker(
    trial: Trial, behaviour: str, ending: object
) -> None:
    trial.provider.will("generate", behaviour)
    assert trial.run() == ending
    assert trial.resume() == ending
    assert trial.provider.n_asked("generate") == 1


def test_an_engine_that_is_not_set_up_costs_nothing(settings: Settings) -> None:
    trial = Trial(settings, "keyless")
    ending = trial.run()
    assert ending == Refused("config", "No key is set. Set GOOGLE_AI_API_KEY for the worker.", 0.0)
    assert not spool(trial).has_started()


def test_a_process_that_dies_before_anything_is_sent_is_begun_again_but_not_for_ever(
    settings: Settings,
) -> None:
    trial = Trial(settings, "stillborn")
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert ending.billed_usd == 0.0
    assert "before anything was sent" in ending.message


@pytest.mark.parametrize("behaviour", ["die", "stumble"])
def test_a_call_that_leaves_no_outcome_is_unknown_and_never_repeated(trial: Trial, behaviour: str) -> None:
    trial.provider.will("generate", behaviour)
    assert isinstance(trial.run(), Unknown)
    assert isinstance(trial.resume(), Unknown)
    assert trial.provider.n_asked("generate") == 1


def test_a_file_that_is_none_is_refused_with_what_it_cost(trial: Trial) -> None:
    trial.provider.will("generate", "text")
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert (ending.code, ending.billed_usd) == ("invalid_media", PRICE_USD)


@pytest.mark.parametrize(
    "number",
    [signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2],
    ids=["killed", "terminated", "leaves at once", "ends in order"],
)
def test_a_dead_workers_call_goes_on_and_the_next_worker_adopts_its_file(
    trial: Trial, number: signal.Signals
) -> None:
    trial.provider.will("generate", "slow")
    with trial.other_worker() as worker:
        [working] = pids(trial)
        worker.send_signal(number)
        worker.wait()
    assert is_alive(working)
    trial.provider.let_go()
    wait_until_over(trial)
    assert isinstance(trial.resume(), Made)
    assert len(trial.provider.created) == 1


def test_the_next_worker_waits_for_a_call_that_still_goes_on(trial: Trial) -> None:
    trial.provider.will("generate", "slow")
    with trial.other_worker() as worker:
        pids(trial)
        worker.kill()
    trial.change(is_resumed=True)
    with trial.running() as running:
        with (trial.attempt.folder / "log.txt").open("a") as log:
            log.write("ne\n")
        until(lambda: "half a line" in trial.heard.lines, "the next worker follows it")
        trial.provider.let_go()
        assert isinstance(running.ending(), Made)
    assert trial.heard.phases == ["going on since before the worker started", "checking"]
    assert trial.provider.n_asked("generate") == 1


def test_nothing_of_a_dead_worker_stays_once_the_call_is_over(trial: Trial) -> None:
    trial.provider.will("generate", "slow")
    with trial.other_worker() as worker:
        pids(trial)
        family = psutil.Process(worker.pid).children(recursive=True)
        kept = keeper(trial)
        assert kept not in family
        worker.kill()
        until(lambda: not any(is_alive(process.pid) for process in family), "its fork server is gone")
        assert kept.is_running()
    trial.provider.let_go()
    until(lambda: not is_alive(kept.pid), "the keeper is gone")


def test_asking_every_process_to_end_does_not_end_a_paid_call(trial: Trial) -> None:
    trial.provider.will("generate", "slow")
    with trial.running() as running:
        [caller] = pids(trial)
        for pid in (caller, keeper(trial).pid):
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                os.kill(pid, number)
        trial.provider.let_go()
        assert isinstance(running.ending(), Made)


def test_a_stopping_worker_leaves_the_call_alone(trial: Trial) -> None:
    trial.provider.will("generate", "slow")
    with trial.running() as running:
        [caller] = pids(trial)
        trial.live.close()
        assert running.left_for_the_next_worker()
    assert is_alive(caller)
    trial.provider.let_go()
    assert isinstance(trial.resume(), Made)
    assert trial.provider.n_asked("generate") == 1


def test_two_interruptions_still_pay_once(trial: Trial) -> None:
    trial.provider.will("generate", "slow")
    with trial.other_worker() as worker:
        pids(trial)
        worker.kill()
    (trial.attempt.folder / "log.told").unlink(missing_ok=True)
    trial.change(is_resumed=True)
    with trial.other_worker() as worker:
        until(lambda: (trial.attempt.folder / "log.told").exists(), "the second worker follows it")
        worker.kill()
    trial.provider.let_go()
    assert isinstance(trial.resume(), Made)
    assert trial.provider.n_asked("generate") == 1


def test_an_attempt_that_sent_nothing_yet_is_carried_out_by_the_next_worker(trial: Trial) -> None:
    assert isinstance(trial.resume(), Made)
    assert trial.provider.n_asked("generate") == 1


def test_a_stop_ends_the_call_and_its_program_and_says_that_nobody_knows_what_it_cost(trial: Trial) -> None:
    trial.provider.will("generate", "program")
    with trial.running() as running:
        working = [*pids(trial), keeper(trial).pid]
        trial.live.stop()
        assert running.ending() == Stopped(None)
    assert not any(map(is_alive, working))


def test_a_stop_ends_an_adopted_call_too(trial: Trial) -> None:
    trial.provider.will("generate", "program")
    with trial.other_worker() as worker:
        working = [*pids(trial), keeper(trial).pid]
        worker.kill()
    trial.live.stop()
    trial.change(is_resumed=True)
    assert trial.run() == Stopped(None)
    assert not any(map(is_alive, working))


def test_a_stop_before_anything_is_sent_costs_nothing_and_nothing_is_ever_sent(trial: Trial) -> None:
    trial.live.stop()
    assert trial.run() == Stopped(0.0)
    assert trial.provider.n_asked("generate") == 0
    late = Runner().start_kept(prepare_picture, trial.job, spool(trial))
    with late, pytest.raises(EOFError):
        late.recv()
    assert trial.provider.n_asked("generate") == 0


def test_a_stop_that_comes_when_the_file_is_made_says_what_it_cost(trial: Trial) -> None:
    trial.run()
    trial.live.stop()
    assert trial.run() == Stopped(PRICE_USD)


def test_one_that_takes_too_long_is_ended_and_unknown(trial: Trial) -> None:
    trial.provider.will("generate", "program")
    trial.change(timeout_s=8.0)
    ending = trial.run()
    assert isinstance(ending, Unknown)
    assert "took more than 8 s" in ending.message
    assert not any(map(is_alive, pids(trial)))


def test_one_whose_time_is_over_before_anything_is_sent_is_a_failure_that_costs_nothing(trial: Trial) -> None:
    trial.change(timeout_s=0.0)
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert (ending.code, ending.billed_usd) == ("timeout", 0.0)


def test_one_that_takes_too_long_ends_although_no_worker_is_there(
    trial: Trial,
) -> None:
    trial.provider.will("generate", "program")
    trial.change(timeout_s=8.0)
    with trial.other_worker() as worker:
        working = pids(trial)
        os.kill(worker.pid, signal.SIGSTOP)
        until(lambda: not any(map(is_alive, working)), "the keeper ended it")
        wait_until_over(trial)


@pytest.mark.parametrize("who", ["caller", "keeper"])
def test_a_program_never_outlives_the_call_that_somebody_killed(trial: Trial, who: str) -> None:
    trial.provider.will("generate", "program")
    with trial.running() as running:
        caller, program = pids(trial)
        psutil.Process(caller).kill() if who == "caller" else keeper(trial).kill()
        if who == "keeper":
            psutil.Process(caller).kill()
        assert isinstance(running.ending(), Unknown)
    until(lambda: not is_alive(program), "the program is gone")


def test_a_clock_that_is_set_changes_nothing(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time
    trial.provider.will("generate", "slow")
    trial.change(timeout_s=30.0)
    with trial.running() as running:
        pids(trial)
        monkeypatch.setattr(time, "time", lambda: now() + 86_400)
        until(lambda: trial.heard.lines, "it goes on")
        monkeypatch.setattr(time, "time", lambda: now() - 86_400)
        trial.provider.let_go()
        assert isinstance(running.ending(), Made)


def test_another_process_with_the_same_number_is_left_alone(trial: Trial) -> None:
    folder = spool(trial)
    card = {"pid": os.getpid(), "born": "another-boot 1"}
    (trial.attempt.folder / "pid.json").write_text(json.dumps(card))
    folder.kill()
    (trial.attempt.folder / "pid.json").write_text(json.dumps({"pid": 2**22 - 1, "born": "another-boot 1"}))
    folder.kill()
