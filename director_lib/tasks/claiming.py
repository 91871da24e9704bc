"""Claiming as many tasks as this worker and the engines can take."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from director_lib.limits import EngineLimit
from director_lib.store.claims import (
    Claim,
    claim,
    count_running,
    count_starts,
    find_claimable,
    list_new_engines,
    list_open_engines,
)
from director_lib.tasks.workshop import Workshop


class Claiming:
    """One worker's claims: within its own concurrency and the limits that an engine has over all workers."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._engines: set[str] | None = None
        self._last_seq = 0

    def claim(self) -> list[Claim]:
        """Claim what may start now, each engine's most urgent first; often nothing.

        Raises:
            StorageError: The database cannot be asked or written.
        """
        shop, now = self._workshop, self._workshop.clock()
        with shop.database.read() as connection:
            self._know_engines(connection)
            wanted = [engine for engine in sorted(self._engines or ()) if self._find(connection, engine, now)]
        if not wanted:
            return []
        with shop.database.write() as connection:
            return [
                claim(connection, shop.worker, found, now)[1]
                for engine in wanted
                for found in self._find(connection, engine, now)
            ]

    def _know_engines(self, connection: sa.Connection) -> None:
        self._last_seq, fresh = list_new_engines(connection, self._last_seq)
        if self._engines is None:
            fresh = list_open_engines(connection)
        self._engines = (self._engines or set()) | fresh

    def _find(self, connection: sa.Connection, engine: str, now: datetime) -> list[tuple[str, int]]:
        free = self._free_places(connection, engine, now)
        return find_claimable(connection, engine, now, at_most=free) if free > 0 else []

    def _free_places(self, connection: sa.Connection, engine: str, now: datetime) -> int:
        settings = self._workshop.settings
        limit = settings.engine_limits.get(engine, EngineLimit())
        running = count_running(connection)
        if limit.at_once is None:
            free = settings.worker_concurrency - running.get((engine, self._workshop.worker), 0)
        else:
            free = limit.at_once - sum(count for (name, _), count in running.items() if name == engine)
        if free > 0 and limit.starts_per_minute is not None:
            free = min(free, limit.starts_per_minute - count_starts(connection, engine, now))
        return free
