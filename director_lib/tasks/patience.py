"""Waiting for a disk or a database that is away, without giving up what was made."""

from __future__ import annotations

import logging
import time

from director_lib.errors import StorageError

_log = logging.getLogger("director.worker")
_FIRST_S, _LONGEST_S = 0.5, 15.0


class Patience:
    """Waits longer each time, and says so in the worker's log."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._wait_s = _FIRST_S

    def wait(self, task_id: str, error: StorageError) -> None:
        """Wait for a moment after an error."""
        _log.warning("task %s: %s: %s", task_id, self._what, error, extra={"task_id": task_id})
        time.sleep(self._wait_s)
        self._wait_s = min(_LONGEST_S, 2 * self._wait_s)
