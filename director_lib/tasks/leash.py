"""Making sure that a task's processes end: on request, and when the worker itself is gone."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.connection import wait

import psutil

from director_lib.errors import WorkerError

_PATIENCE_S = 5.0
_LOOK_S = 0.005


def tie_to_worker() -> None:
    """Put this process into a session of its own that dies with the worker, even when that is killed.

    The operating system closes the worker's end of a pipe when the worker ends, in whatever way.
    """
    os.setsid()
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_die_with, args=(parent.sentinel,), daemon=True, name="leash").start()


def kill_tree(pid: int) -> None:
    """End a process, its descendants and its session's group, and return when they are gone.

    A process that is gone already is no error.

    Raises:
        WorkerError: One of them does not die.
    """
    family = _family(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.kill()
    stubborn = [process.pid for process in _wait_until_gone(family)]
    if stubborn:
        raise WorkerError(
            f"Processes {stubborn} of a stopped task do not end. End them by hand; no file will be replaced."
        )


def _die_with(sentinel: int) -> None:
    wait([sentinel])
    kill_tree_below(os.getpid())
    os.killpg(0, signal.SIGKILL)


def kill_tree_below(pid: int) -> None:
    """Kill every descendant of a process, not the process itself, without waiting."""
    for process in _family(pid):
        if process.pid != pid:
            with contextlib.suppress(psutil.Error):
                process.kill()


def _family(pid: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return []


def _wait_until_gone(family: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still live when patience ends; a zombie is dead, whoever has yet to collect it."""
    until_s = time.monotonic() + _PATIENCE_S
    while (alive := [process for process in family if _is_alive(process)]) and time.monotonic() < until_s:
        time.sleep(_LOOK_S)
    return alive


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
