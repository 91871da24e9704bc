"""Keeping a page true: watch the database from the kernel's own loop and push what changed."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Collection
from typing import Any

from director_lib.errors import DirectorError
from director_lib.store.database import Database

POLL_S = 0.1
FILES_EVERY_S = 0.4
QUIET_S = 0.2
MOST_QUIET_S = 0.5
MOST_UNSEEN_S = 2.0

Json = dict[str, Any]
_running: set[LiveLoop] = set()
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
        self._answered_at_s = -math.inf

    @property
    def is_running(self) -> bool:
        """Whether it watches."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Start on the running loop; does nothing outside one (papermill, tests) or when started already."""
        if self._task is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._run())
        _running.add(self)

    def note_answer(self) -> None:
        """Note that somebody's action was just answered: another may follow at once and must not wait.

        What changed is pushed when nothing was answered for a fifth of a second, and after half a second
        at the latest; files are looked at then too, and after two seconds at the latest.
        """
        self._answered_at_s = time.monotonic()

    def stop(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            _running.discard(self)

    async def _run(self) -> None:
        with self._database.watch() as watch:
            changed_at_s, looked_at_s = math.inf, time.monotonic()
            while True:
                await asyncio.sleep(POLL_S)
                now_s = time.monotonic()
                if watch.has_changed():
                    changed_at_s = min(changed_at_s, now_s)
                is_quiet = now_s - self._answered_at_s >= QUIET_S
                if changed_at_s < math.inf and (is_quiet or now_s - changed_at_s >= MOST_QUIET_S):
                    changed_at_s = math.inf
                    self._call(self._on_change)
                wait_s = FILES_EVERY_S if is_quiet else MOST_UNSEEN_S
                if self._on_tick is not None and now_s - looked_at_s >= wait_s:
                    looked_at_s = now_s
                    self._call(self._on_tick)

    def _call(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except DirectorError as error:
            _log.warning("a page was not refreshed (%s): %s", error.code, error)


def running_loops() -> frozenset[LiveLoop]:
    """Return the loops of this kernel that were started and not stopped."""
    return frozenset(_running)


def call_soon(callback: Callable[[], None]) -> None:
    """Call back when the page's loop is free again; at once outside one (papermill, tests)."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        callback()
        return
    loop.call_soon(callback)


def changed_fields(before: Json, after: Json) -> Json:
    """Return the fields of ``after`` that differ from ``before``."""
    return {key: value for key, value in after.items() if key not in before or before[key] != value}


def changed_rows(before: dict[str, Json], after: dict[str, Json]) -> dict[str, Json]:
    """Return, for each row that differs, the fields that do; equal rows are absent."""
    changes = {
        key: changed_fields(before.get(key, {}), row)
        for key, row in after.items()
        if row is not before.get(key)
    }
    return {key: fields for key, fields in changes.items() if fields}


def without(rows: dict[str, Json], keys: Collection[str], names: Collection[str]) -> dict[str, Json]:
    """Return the rows; those of the keys without the named fields, so that these count as changed."""
    bare = {
        key: {name: value for name, value in rows[key].items() if name not in names}
        for key in keys
        if key in rows
    }
    return {**rows, **bare}
