"""Keeping a page true: watch the database from the kernel's own loop and push what changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from director_lib.errors import DirectorError
from director_lib.store.database import Database

POLL_S = 0.1
FILES_EVERY = 4

Json = dict[str, Any]
_log = logging.getLogger(__name__)


class LiveLoop:
    """Calls back within a tenth of a second of a commit by anybody, and looks at files every 0.4 s.

    Args:
        on_change: Called after a commit; pushes what differs.
        on_tick: Called every 0.4 s; looks for changed files.
    """

    def __init__(
        self, database: Database, on_change: Callable[[], None], on_tick: Callable[[], None] | None = None
    ) -> None:
        self._database = database
        self._on_change = on_change
        self._on_tick = on_tick
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start on the running loop; does nothing outside one (papermill, tests) or when started already."""
        if self._task is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._run())

    def stop(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        with self._database.watch() as watch:
            n_polls = 0
            while True:
                await asyncio.sleep(POLL_S)
                n_polls += 1
                if watch.has_changed():
                    self._call(self._on_change)
                if self._on_tick is not None and n_polls % FILES_EVERY == 0:
                    self._call(self._on_tick)

    def _call(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except DirectorError as error:
            _log.warning("a page was not refreshed (%s): %s", error.code, error)


def changed_fields(before: Json, after: Json) -> Json:
    """Return the fields of ``after`` that differ from ``before``."""
    return {key: value for key, value in after.items() if key not in before or before[key] != value}


def changed_rows(before: dict[str, Json], after: dict[str, Json]) -> dict[str, Json]:
    """Return, for each row that differs, the fields that do; equal rows are absent."""
    changes = {key: changed_fields(before.get(key, {}), row) for key, row in after.items()}
    return {key: fields for key, fields in changes.items() if fields}
