"""Files that cost nothing: made in a process that can be ended at any moment and begun anew."""

from __future__ import annotations

import json

import psutil
import pytest

from director_lib.config import Settings
from director_lib.tasks.attempt import Busy, Made, Refused, Stopped, Unknown
from tests.tasks.scene import is_alive, until
from tests.tasks.trying import Trial


@pytest.fixture
def trial(settings: Settings) -> Trial:
    return Trial(settings, "free")


def pids(trial: Trial) -> list[int]:
    path = trial.provider.folder / "pids.json"
    until(lambda: path.exists() and path.read_text(), "the engine works")
    found: list[int] = json.loads(path.read_text())
    return found


def test_a_file_is_made_and_looked_at(trial: Trial) -> None:
    ending = trial.run()
    assert isinstance(ending, Made)
    assert ending.result.path.is_file()
    assert ending.result.cost_usd == 0.0
    assert trial.heard.phases == ["drawing", "checking"]


def test_each_line_of_its_log_is_told_once_the_unended_one_too(trial: Trial) -> None:
    trial.provider.will("generate", "slow")
    with trial.running() as running:
        until(lambda: trial.heard.lines, "a line is told while it works")
        assert trial.heard.lines == ["sharpening the pencil"]
        trial.provider.let_go()
        running.ending()
    assert trial.heard.lines == ["sharpening the pencil", "half a li"]


def test_an_engine_that_takes_references_gets_them(trial: Trial) -> None:
    picture = trial.attempt.folder.parent / "reference.png"
    trial.change(references=(picture,))
    trial.run()
    assert json.loads((trial.provider.folder / "references").read_text()) == [str(picture)]


@pytest.mark.parametrize(
    ("behaviour", "ending"),
    [
        ("busy", Busy("Too many requests.", 0.01)),
        ("refused", Refused("engine", "The provider said no.", 0.0)),
        ("lost", Unknown("The answer did not arrive.")),
    ],
)
def test_what_the_engine_says_is_how_it_ends(trial: Trial, behaviour: str, ending: object) -> None:
    trial.provider.will("generate", behaviour)
    assert trial.run() == ending


@pytest.mark.parametrize("behaviour", ["die", "stumble"])
def test_a_process_that_ends_without_a_word_is_a_failure(trial: Trial, behaviour: str) -> None:
    trial.provider.will("generate", behaviour)
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert "ended unexpectedly" in ending.message


def test_a_stop_ends_the_program_in_its_own_group_too(trial: Trial) -> None:
    trial.provider.will("generate", "program")
    with trial.running() as running:
        working = pids(trial)
        trial.live.stop()
        assert not any(map(is_alive, working))
        assert running.ending() == Stopped(0.0)


def test_what_a_killed_engine_leaves_behind_ends_too(trial: Trial) -> None:
    trial.provider.will("generate", "program")
    with trial.running() as running:
        engine, program = pids(trial)
        psutil.Process(engine).kill()
        assert isinstance(running.ending(), Refused)
        assert not is_alive(program)


def test_one_that_takes_too_long_is_ended_and_says_so(trial: Trial) -> None:
    trial.provider.will("generate", "program")
    trial.change(timeout_s=6.0)
    ending = trial.run()
    assert isinstance(ending, Refused)
    assert ending.code == "timeout"
    assert not any(map(is_alive, pids(trial)))


def test_a_stop_before_it_begins_is_a_stop(trial: Trial) -> None:
    trial.provider.will("generate", "slow")
    trial.live.stop()
    assert trial.run() == Stopped(0.0)


def test_a_stopping_worker_leaves_the_task_to_the_next_one_which_begins_anew(trial: Trial) -> None:
    trial.provider.will("generate", "program", "")
    with trial.running() as running:
        working = pids(trial)
        trial.live.close()
        assert running.left_for_the_next_worker()
    assert not any(map(is_alive, working))
    (trial.attempt.folder / "newer.png").write_text("what an interrupted program left")
    ending = trial.resume()
    assert isinstance(ending, Made)
    assert not (trial.attempt.folder / "newer.png").exists()


def test_a_killed_worker_takes_the_process_with_it(trial: Trial) -> None:
    trial.provider.will("generate", "program")
    with trial.other_worker() as worker:
        working = pids(trial)
        worker.kill()
        until(lambda: not any(map(is_alive, working)), "the worker's processes are gone")
