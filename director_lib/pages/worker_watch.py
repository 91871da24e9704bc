"""Noticing that a worker came or went: nobody writes into the database when one dies."""

from __future__ import annotations

from collections.abc import Callable

from director_lib.tasks.presence import list_workers
from director_lib.workbench.studio import Studio

_EVERY = 4


class WorkerWatch:
    """Looks at the living workers now and then, and calls back when they are others than before.

    Args:
        on_change: Called after a worker came or went.
    """

    def __init__(self, studio: Studio, on_change: Callable[[], None]) -> None:
        self._studio = studio
        self._on_change = on_change
        self._n_looks = 0
        self._seen = self._alive()

    def look(self) -> None:
        """Look, on every fourth call: to be called on each tick of a ``LiveLoop``."""
        self._n_looks += 1
        if self._n_looks % _EVERY:
            return
        before, self._seen = self._seen, self._alive()
        if self._seen != before:
            self._on_change()

    def _alive(self) -> set[str]:
        return {worker.name for worker in list_workers(self._studio.settings, self._studio.database)}
