"""Making sure that a task's processes end: on request, and when the worker itself is gone."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.connection import wait
from pathlib import Path

import psutil

from director_lib.errors import WorkerError

_PATIENCE_S = 5.0
_LOOK_S = 0.005
_PROC = Path("/proc")
_START_FIELD = 19  # of /proc/<pid>/stat, counted from behind the program's name


def tie_to_worker() -> None:
    """Put this process into a session of its own that dies with the worker, even when that is killed.

    The operating system closes the worker's end of a pipe when the worker ends, in whatever way.
    """
    os.setsid()
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_die_with, args=(parent.sentinel,), daemon=True, name="leash").start()


def kill_tree(pid: int, born: str | None = None) -> None:
    """End a session's first process, its descendants and whatever else is left of the session.

    Returns when they are gone. A process that is gone already is no error; what it left behind in its session
    is found all the same.

    Args:
        born: Its ``birth_mark``, when it may have ended long ago and its number been given to another one.

    Raises:
        WorkerError: One of them does not die.
    """
    if born is not None and not _may_be(pid, born):
        return
    until_s = time.monotonic() + _PATIENCE_S
    known: set[psutil.Process] = set()
    while alive := _alive(known := known | _family(pid)):
        if time.monotonic() > until_s:
            stubborn = sorted(process.pid for process in alive)
            raise WorkerError(
                f"Processes {stubborn} of a stopped task do not end. End them by hand; no file will be "
                "replaced."
            )
        _kill(alive)
        time.sleep(_LOOK_S)


def kill_tree_below(pid: int) -> None:
    """Kill every descendant of a process and the rest of its session, not itself, without waiting."""
    _kill({process for process in _family(pid) if process.pid != pid})


def birth_mark(pid: int) -> str | None:
    """Return what no other process has had or will have, whatever becomes of the clock; None for none.

    A process's number alone is given to another one some time after it ended.
    """
    try:
        if _PROC.is_dir():
            told = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
            return f"{_boot()} {told[_START_FIELD]}"
        return f"{_boot()} {psutil.Process(pid).create_time()}"
    except (OSError, psutil.Error):
        return None


def _boot() -> str:
    with contextlib.suppress(OSError):
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return "boot"


def _may_be(pid: int, born: str) -> bool:
    """Tell whether a process, or at least its session, can still be the one that was born then."""
    now = birth_mark(pid)
    # as long as something of a session lives, its number is given to nobody else
    return now == born if now is not None else born.partition(" ")[0] == _boot()


def _die_with(sentinel: int) -> None:
    wait([sentinel])
    try:
        kill_tree_below(os.getpid())
    finally:
        os.killpg(0, signal.SIGKILL)


def _family(pid: int) -> set[psutil.Process]:
    """Find a process, its descendants, and what its session has left of those whose parents ended."""
    found: set[psutil.Process] = set()
    for one in [pid, *filter(lambda other: _session_of(other) == pid, psutil.pids())]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(one)
            found |= {process, *process.children(recursive=True)}
    return found


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _kill(family: set[psutil.Process]) -> None:
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _alive(family: set[psutil.Process]) -> set[psutil.Process]:
    return {process for process in family if _is_alive(process)}


def _is_alive(process: psutil.Process) -> bool:
    """Tell whether it runs; a zombie is dead, whoever has yet to collect it."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
