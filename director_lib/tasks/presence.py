"""Who works on a database: its one worker on SQLite, several by name on PostgreSQL, and how others see them.

Each lives as long as a lock that the operating system or the database server frees when it dies, in whatever
way: a clock is never asked.
"""

from __future__ import annotations

import json
import os
import platform
import re
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout

from director_lib.config import Settings
from director_lib.errors import WorkerError
from director_lib.store.database import Database
from director_lib.store.workers import WorkerInfo, list_cards, save_worker

if TYPE_CHECKING:
    from director_lib.store.holding import HeldName

__all__ = ["ONLY_WORKER", "Presence", "WorkerInfo", "claim_presence", "find_worker", "list_workers"]

ONLY_WORKER = "worker"
"""What the worker of a SQLite file is called."""

_PATIENCE_S = 2.0
_MOST_ON_ONE_HOST = 64


class Presence(Protocol):
    """A living worker's hold on its name."""

    @property
    def name(self) -> str:
        """Its name among the workers of this database."""
        ...

    def is_held(self) -> bool:
        """Tell whether it still has its name.

        Raises:
            StorageError: The database cannot be asked now.
        """
        ...

    def release(self) -> None:
        """Let go of it."""
        ...


@dataclass(frozen=True)
class _OnlyWorker:
    lock: FileLock
    name: str = ONLY_WORKER

    def is_held(self) -> bool:
        return self.lock.is_locked

    def release(self) -> None:
        self.lock.release()


def list_workers(settings: Settings, database: Database) -> list[WorkerInfo]:
    """List the workers that are alive, by name.

    Raises:
        WorkerError: A worker runs and does not say which it is.
    """
    if settings.database_url is None:
        only = _find_only_worker(settings)
        return [] if only is None else [only]
    from director_lib.store.holding import held_names

    with database.read() as connection:
        cards = list_cards(connection)
        alive = held_names(connection, [card.name for card in cards])
    return [card for card in cards if card.name in alive]


def find_worker(settings: Settings, database: Database) -> WorkerInfo | None:
    """Find one worker that serves this database; None when none runs.

    Raises:
        WorkerError: A worker runs and does not say which it is.
    """
    return next(iter(list_workers(settings, database)), None)


def claim_presence(settings: Settings, database: Database, started_at: datetime) -> Presence:
    """Become a worker of this database for as long as the returned hold lasts.

    On PostgreSQL the name is the configured one, else that of the machine with a number for a second one.

    Raises:
        WorkerError: The SQLite file has its worker already, or the configured name is taken.
        StorageError: The database cannot be reached.
    """
    if settings.database_url is None:
        lock = _claim_file(settings)
        _write_info(_info_file(settings), started_at)
        return _OnlyWorker(lock)
    held = _claim_name(settings, database)
    info = WorkerInfo(os.getpid(), started_at, held.name, platform.node())
    with database.write() as connection:
        save_worker(connection, info)
    return held


def _claim_name(settings: Settings, database: Database) -> HeldName:
    names = _names(settings)
    for name in names:
        held = database.hold_name(name)
        if held is not None:
            return held
    raise WorkerError(
        f"A worker called “{names[0]}” already serves {settings.database_name}. Stop it, or give this one "
        "another name with DIRECTOR_WORKER_NAME."
    )


def _names(settings: Settings) -> list[str]:
    if settings.worker_name:
        return [settings.worker_name]
    host = re.sub(r"[^A-Za-z0-9._-]", "-", platform.node())[:48].strip("-.") or "worker"
    return [host, *(f"{host}-{number}" for number in range(2, _MOST_ON_ONE_HOST + 1))]


def _claim_file(settings: Settings) -> FileLock:
    lock = _lock(settings)
    Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
    try:
        # somebody asking who works holds the lock for a moment, too
        lock.acquire(timeout=_PATIENCE_S, poll_interval=0.05)
    except Timeout as error:
        info = _read_info(_info_file(settings))
        raise WorkerError(
            f"A worker (process {info.pid}) already serves {settings.database_name}. One is enough: raise "
            "DIRECTOR_WORKER_CONCURRENCY to make more at a time, or stop that one first. Several "
            "workers need PostgreSQL."
        ) from error
    return lock


def _find_only_worker(settings: Settings) -> WorkerInfo | None:
    lock = _lock(settings)
    if not Path(lock.lock_file).exists():
        return None
    try:
        with lock.acquire(timeout=0):
            return None
    except Timeout:
        return _read_info(_info_file(settings))


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
            started_at = datetime.fromisoformat(card["started_at"])
            return WorkerInfo(card["pid"], started_at, ONLY_WORKER, platform.node())
        except FileNotFoundError:
            time.sleep(0.05)
    raise WorkerError(f"A worker runs, but {path} does not say which. Restart the worker.")
