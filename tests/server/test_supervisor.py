"""The studio's processes: kept running, stopped together, never left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from director_lib.server import supervisor as supervisor_module
from director_lib.server.supervisor import Child, Supervisor
from tests.server.live_server import wait_for

SLEEPER = "import time; print('here', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('here', flush=True); time.sleep(600)"
)
ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def run(said: list[str]) -> Iterator[Callable[..., tuple[Supervisor, list[Child]]]]:
    """Run programs under a supervisor in a thread; stopped after the test."""
    running: list[tuple[Supervisor, threading.Thread]] = []

    def start(*programs: str) -> tuple[Supervisor, list[Child]]:
        children = [
            Child(f"child{number}", [sys.executable, "-S", "-c", program], ENVIRONMENT, said.append)
            for number, program in enumerate(programs)
        ]
        supervisor = Supervisor(children)
        supervisor.start()
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        running.append((supervisor, thread))
        return supervisor, children

    yield start
    for supervisor, thread in running:
        supervisor.request_stop()
        thread.join()
        supervisor.stop()


def pid_of(child: Child) -> int:
    assert child._process is not None
    return child._process.pid


def test_lines_of_children_are_told_with_their_name(
    run: Callable[..., tuple[Supervisor, list[Child]]], said: list[str]
) -> None:
    run(SLEEPER, SLEEPER)
    wait_for(lambda: {"[child0] here", "[child1] here"} <= set(said), "both children's lines")


def test_a_killed_child_starts_again_and_the_other_stays(
    run: Callable[..., tuple[Supervisor, list[Child]]], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "_FIRST_PAUSE_S", 0.01)
    _, (first, second) = run(SLEEPER, SLEEPER)
    wait_for(lambda: said.count("[child0] here") == 1, "the start")
    other, killed = pid_of(second), pid_of(first)
    psutil.Process(killed).kill()
    wait_for(lambda: said.count("[child0] here") == 2, "the second start")
    assert pid_of(first) != killed
    assert pid_of(second) == other
    assert any(line.startswith("child0 ended with code -9") for line in said)


def test_a_child_that_keeps_ending_is_started_ever_more_slowly(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "_FIRST_PAUSE_S", 0.01)
    child = Child("child", [sys.executable, "-S", "-c", "raise SystemExit(3)"], ENVIRONMENT, said.append)
    child.start()

    def look() -> bool:
        child.look_after()
        return len(said) >= 3

    wait_for(look, "three ends")
    assert [line.rpartition("in ")[2] for line in said[:3]] == ["0.01 s", "0.02 s", "0.04 s"]
    wait_for(lambda: not child.is_running, "the last end")
    child.end(0.0)


def test_a_child_that_ignores_the_polite_signal_is_killed(
    run: Callable[..., tuple[Supervisor, list[Child]]], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "_POLITE_S", 0.2)
    supervisor, (child,) = run(STUBBORN)
    wait_for(lambda: "[child0] here" in said, "the start")
    pid = pid_of(child)
    supervisor.request_stop()
    supervisor.stop()
    assert not psutil.pid_exists(pid)


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys\n"
        "from director_lib.server.supervisor import Child, Supervisor\n"
        f"child = Child('child', [sys.executable, '-S', '-c', {SLEEPER!r}], {ENVIRONMENT!r}, print)\n"
        "s = Supervisor([child]); s.start(); print(child._process.pid, flush=True); s.run()\n"
    )
    checkout = str(Path(__file__).resolve().parents[2])
    parent = subprocess.Popen(
        [sys.executable, "-u", str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env={**ENVIRONMENT, "PYTHONPATH": checkout},
    )
    assert parent.stdout is not None
    with parent.stdout:
        child = psutil.Process(int(parent.stdout.readline()))
        assert "here" in parent.stdout.readline()
        assert child.is_running()
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "the child's end")


def test_a_command_whose_parent_is_gone_already_does_not_start(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    leashed = Path(supervisor_module.__file__).with_name("leashed.py")
    result = subprocess.run([sys.executable, str(leashed), "1", "/bin/touch", str(marker)], check=False)
    assert result.returncode == 1
    assert not marker.exists()
