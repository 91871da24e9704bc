"""Following tasks to their end, from any process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from director_lib.domain.task import Task
from director_lib.store.changes import ChangeWatch
from director_lib.store.database import Database
from director_lib.store.tasks import get_task

_LOOK_S = 0.1


def follow(
    database: Database,
    task_ids: Sequence[str],
    *,
    timeout_s: float,
    on_progress: Callable[[Task], None] | None = None,
) -> list[Task]:
    """Wait until tasks are closed.

    Args:
        timeout_s: Longest wait in seconds.
        on_progress: Called with each task at first and whenever it changed.

    Returns:
        The tasks in the given order; after the timeout some may still be open.

    Raises:
        NotFoundError: There is no such task.
    """
    until_s = time.monotonic() + timeout_s
    told: dict[str, Task] = {}
    with database.watch() as watch:
        while True:
            with database.read() as connection:
                tasks = [get_task(connection, task_id) for task_id in task_ids]
            if on_progress is not None:
                _tell(tasks, told, on_progress)
            if not any(task.is_open for task in tasks) or not _wait_for_change(watch, until_s):
                return tasks


def _tell(tasks: list[Task], told: dict[str, Task], on_progress: Callable[[Task], None]) -> None:
    for task in tasks:
        if told.get(task.id) != task:
            on_progress(task)
        told[task.id] = task


def _wait_for_change(watch: ChangeWatch, until_s: float) -> bool:
    """Wait until the database changed; False when the time is up."""
    while not watch.has_changed():
        if time.monotonic() >= until_s:
            return False
        time.sleep(_LOOK_S)
    return True
