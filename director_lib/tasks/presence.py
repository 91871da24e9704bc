"""The one worker of a database: its lock, and how others see that it is there."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from director_lib.config import Settings
from director_lib.errors import WorkerError

_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A worker that is alive.

    Attributes:
        pid: Its process id on this machine.
        started_at: Aware UTC instant.
    """

    pid: int
    started_at: datetime


def find_worker(settings: Settings) -> WorkerInfo | None:
    """Find the worker that serves this database; None when none runs.

    The operating system frees the lock when a worker dies, so the answer holds after a crash, too.
    """
    lock = _lock(settings)
    if not Path(lock.lock_file).exists():
        return None
    try:
        with lock.acquire(timeout=0):
            return None
    except Timeout:
        return _read_info(_info_file(settings))


def claim_presence(settings: Settings, started_at: datetime) -> FileLock:
    """Become the worker of this database for as long as the returned lock lives.

    Raises:
        WorkerError: Another worker serves it already.
    """
    lock = _lock(settings)
    Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
    try:
        # somebody asking who works holds the lock for a moment, too
        lock.acquire(timeout=_PATIENCE_S, poll_interval=0.05)
    except Timeout as error:
        info = _read_info(_info_file(settings))
        raise WorkerError(
            f"A worker (process {info.pid}) already serves {settings.database_name}. One is enough: raise "
            "DIRECTOR_WORKER_CONCURRENCY to make more at a time, or stop that one first."
        ) from error
    _write_info(_info_file(settings), started_at)
    return lock


def _lock(settings: Settings) -> FileLock:
    return FileLock(settings.beside(".worker.lock"), thread_local=False)


def _info_file(settings: Settings) -> Path:
    return settings.beside(".worker.json")


def _write_info(path: Path, started_at: datetime) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps({"pid": os.getpid(), "started_at": started_at.isoformat()}))
    temporary.replace(path)


def _read_info(path: Path) -> WorkerInfo:
    """Read who holds the lock; a worker that has just taken it writes its card within a moment."""
    for _ in range(40):
        try:
            card = json.loads(path.read_text())
            return WorkerInfo(card["pid"], datetime.fromisoformat(card["started_at"]))
        except FileNotFoundError:
            time.sleep(0.05)
    raise WorkerError(f"A worker runs, but {path} does not say which. Restart the worker.")
