"""How the studio runs: what waits, fails, costs and fills up. For admins, their monitoring and the doctor."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from director_lib.config import Settings
from director_lib.domain.people import Action, Actor, require
from director_lib.domain.task import TaskState
from director_lib.errors import StorageError, WorkerError
from director_lib.store.database import Database
from director_lib.store.overview import spend_since
from director_lib.store.tasks import committed_usd
from director_lib.store.work import (
    RunningTask,
    count_by_engine_and_state,
    count_failures_since,
    find_oldest_waiting,
    list_running,
)
from director_lib.streams.folder import StreamsRoot
from director_lib.tasks.budget import read_ceilings, start_of_day
from director_lib.tasks.presence import find_worker
from director_lib.workbench.disk_forecast import read_forecast
from director_lib.workbench.studio import Clock, utc_now

_log = logging.getLogger("director.operations")

STUCK_AFTER = timedelta(hours=1)
IDLE_AFTER = timedelta(minutes=10)
_FAILURES_OF = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the studio stands at one instant.

    Attributes:
        tasks: Number of tasks by engine and state.
        oldest_waiting_s: Seconds that the task which waits longest has waited; 0.0 when none waits.
        recent_failures: Tasks of the last hour that failed or whose outcome is unknown, by engine.
        committed_today_usd: Spent today, and what open tasks may still cost: what the budget is held against.
        budget_day_usd: None for no limit.
        free_bytes: Free room by what is kept there: ``data`` and ``streams``.
        n_streams: None when the streams folder cannot be read.
        days_until_full: In how many days the versions' disk is full; None when it does not grow.
    """

    at: datetime
    tasks: Mapping[tuple[str, TaskState], int]
    running: tuple[RunningTask, ...]
    oldest_waiting_s: float
    recent_failures: Mapping[str, int]
    spent_today_usd: float
    committed_today_usd: float
    budget_day_usd: float | None
    worker_is_alive: bool
    database_kind: str
    database_bytes: int
    free_bytes: Mapping[str, int]
    n_streams: int | None
    days_until_full: float | None = None

    def count(self, state: TaskState) -> int:
        """Count the tasks of all engines in a state."""
        return sum(count for (_, found), count in self.tasks.items() if found is state)

    @property
    def stuck(self) -> list[RunningTask]:
        """Tasks that run for so long that something is wrong with them, the oldest first."""
        return [task for task in self.running if self.at - task.since > STUCK_AFTER]

    @property
    def is_idle_too_long(self) -> bool:
        """Whether a worker lives and tasks have waited long, yet none runs."""
        waits_long = self.oldest_waiting_s > IDLE_AFTER.total_seconds()
        return self.worker_is_alive and waits_long and not self.running


class Operations:
    """What an admin asks of the studio as a whole."""

    def __init__(self, database: Database, settings: Settings, clock: Clock = utc_now) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    def standing(self, actor: Actor) -> Standing:
        """Look at everything once; takes some milliseconds and may read disks.

        Raises:
            PermissionDeniedError: The actor is no admin.
            StorageError: The database cannot be read.
            ConfigError: The configured time zone does not exist.
        """
        require(actor, Action.ADMINISTER)
        settings, now = self._settings, self._clock()
        today = start_of_day(settings, now)
        with self._database.read() as connection:
            oldest = find_oldest_waiting(connection)
            tasks, running = count_by_engine_and_state(connection), list_running(connection)
            failures = count_failures_since(connection, now - _FAILURES_OF)
            spent_usd = spend_since(connection, today)
            committed_today_usd = committed_usd(connection, since=today)
            ceilings = read_ceilings(connection, settings)
        return Standing(
            at=now,
            tasks=tasks,
            running=tuple(running),
            # the clock may have been set back since
            oldest_waiting_s=0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()),
            recent_failures=failures,
            spent_today_usd=spent_usd,
            committed_today_usd=committed_today_usd,
            budget_day_usd=ceilings.day.amount_usd,
            worker_is_alive=_is_worker_alive(settings, self._database),
            database_kind="sqlite" if settings.database_url is None else "postgresql",
            database_bytes=self._database.size_bytes(),
            free_bytes={place: free_bytes(folder) for place, folder in kept_in(settings).items()},
            n_streams=_count_streams(settings),
            days_until_full=read_forecast(self._database, settings, now).days_until_full,
        )


def kept_in(settings: Settings) -> dict[str, Path]:
    """Return the folders that fill up: of data, and of streams."""
    return {"data": settings.data_dir, "streams": settings.streams_root}


def free_bytes(folder: Path) -> int:
    """Return the free room of the disk that a folder is on, or would be on.

    Raises:
        StorageError: The disk cannot be asked.
    """
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    try:
        return shutil.disk_usage(there).free
    except OSError as error:
        raise StorageError(
            f"The disk of {there} cannot be asked for its free room ({error.strerror}). Nothing was changed. "
            "Check that it is mounted and readable."
        ) from error


def _is_worker_alive(settings: Settings, database: Database) -> bool:
    try:
        return find_worker(settings, database) is not None
    except WorkerError:
        # somebody holds the worker's lock without saying who
        return True


def _count_streams(settings: Settings) -> int | None:
    try:
        return len(StreamsRoot(settings.streams_root).list_ids())
    except StorageError as error:
        _log.warning("streams cannot be counted: %s", error)
        return None
