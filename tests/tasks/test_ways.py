"""Which way an attempt takes, and the small things that all ways rely on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.config import Settings
from director_lib.engines.protocol import EngineResult
from director_lib.errors import EngineError, StorageError
from director_lib.tasks import kept_child
from director_lib.tasks.attempt import Busy, Made, Refused, Unknown
from director_lib.tasks.kept_way import KeptWay
from director_lib.tasks.leash import birth_mark, kill_tree
from director_lib.tasks.live import LiveTask
from director_lib.tasks.log_lines import LOG, LogLines
from director_lib.tasks.looking import look_at_made
from director_lib.tasks.process_way import ProcessWay
from director_lib.tasks.remote_way import RemoteWay
from director_lib.tasks.runner import Runner
from director_lib.tasks.spool import Outcome, Placed, Spool
from tests.tasks.scene import is_alive
from tests.tasks.trying import Trial

_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=20)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    with subprocess.Popen(command, start_new_session=True) as process:
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("engine", "way"), [("free", ProcessWay), ("paid", KeptWay), ("provider", RemoteWay)]
)
def test_an_engine_decides_the_way(settings: Settings, engine: str, way: type) -> None:
    assert isinstance(Trial(settings, engine).way, way)


@hypothesis.settings(deadline=None)
@given(lines=st.lists(_WORDS, min_size=1, max_size=8), cut=st.data())
def test_each_line_is_told_once_however_it_is_written_and_whoever_reads_on(
    lines: list[str], cut: st.DataObject
) -> None:
    written, told = "\n".join(lines).encode(), list[str]()
    with tempfile.TemporaryDirectory() as name:
        folder, reader = Path(name), None
        while written:
            size = cut.draw(st.integers(1, len(written)))
            with (folder / LOG).open("ab") as log:
                log.write(written[:size])
            written = written[size:]
            if reader is None or cut.draw(st.booleans()):
                reader = LogLines(folder, told.append)
            reader.pass_on()
        assert reader is not None
        reader.pass_on_rest()
    assert told == lines


@pytest.mark.parametrize(
    "outcome",
    [
        Made(EngineResult(Path("/there/still.png"), "double/1", 0.5, {"seed": 7, "nested": {"a": [1, 2.5]}})),
        Placed("job-1"),
        Refused("engine", "No.", None),
        Busy("Later.", 3.5),
        Unknown("Who knows?"),
    ],
)
def test_what_came_of_a_call_is_read_as_it_was_written(tmp_path: Path, outcome: Outcome) -> None:
    spool = Spool(tmp_path)
    assert spool.find_outcome() is None
    spool.write_outcome(outcome)
    assert spool.find_outcome() == outcome


def test_a_lock_is_seen_and_not_given_twice(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert not spool.is_held()
    with spool.held() as first:
        assert first
        assert spool.is_held()
        with spool.held() as second:
            assert not second
    assert not spool.is_held()


def test_a_process_is_known_by_more_than_its_number(sleeper: subprocess.Popen[bytes]) -> None:
    assert birth_mark(sleeper.pid) == birth_mark(sleeper.pid) != birth_mark(os.getpid())
    kill_tree(sleeper.pid, born=birth_mark(os.getpid()))
    assert is_alive(sleeper.pid)
    kill_tree(sleeper.pid, born=birth_mark(sleeper.pid))
    assert not is_alive(sleeper.pid)
    sleeper.wait()
    assert birth_mark(sleeper.pid) is None


def test_what_is_left_of_a_session_is_found_although_its_first_process_is_gone() -> None:
    sleeper = "[sys.executable, '-c', 'import time; time.sleep(600)']"
    leave = f"import subprocess, sys; p = subprocess.Popen({sleeper}, "
    leave += "process_group=0, stdout=subprocess.DEVNULL); print(p.pid)"
    with subprocess.Popen(
        [sys.executable, "-c", leave], start_new_session=True, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        left = int(first.stdout.read())
    assert is_alive(left)
    kill_tree(first.pid)
    assert not is_alive(left)


class CrashingRunner(Runner):
    """Looks at nothing: its process always crashes."""

    def __init__(self) -> None:
        pass

    def run(self, *_: object, **__: object) -> None:  # type: ignore[override]
        raise EngineError("It crashed.")


def test_a_look_that_crashes_does_not_cost_the_paid_file(settings: Settings) -> None:
    trial = Trial(settings, "paid")
    result = EngineResult(trial.attempt.folder / "still.png", "double/1", 0.5)
    ending = look_at_made(CrashingRunner(), trial.job, result, LiveTask(), trial.heard)
    assert ending == Made(result)
    assert "could not be looked at" in trial.heard.lines[0]


class FullDisk:
    """A spool whose disk has room at the third try."""

    def __init__(self) -> None:
        self.tries: list[Outcome] = []

    def write_outcome(self, outcome: Outcome) -> None:
        self.tries.append(outcome)
        if len(self.tries) < 3:
            raise StorageError("The disk is full.")


def test_what_was_paid_for_waits_for_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_child, "_DISK_S", 0.0)
    disk = FullDisk()
    kept_child._leave_behind(cast(Spool, disk), Placed("job-1"))
    assert disk.tries == [Placed("job-1")] * 3


def test_closing_wakes_whoever_waits_and_is_no_stop() -> None:
    live = LiveTask()
    live.close()
    assert live.wait(60)
    assert live.is_closing
    assert not live.is_stopped
