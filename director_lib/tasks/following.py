"""Following tasks to their end, from any process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import sqlalchemy as sa

from director_lib.store.changes import ChangeWatch
from director_lib.store.database import Database

_LOOK_S = 0.1


class _Followed(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def is_open(self) -> bool: ...


T = TypeVar("T", bound=_Followed)


def follow(
    database: Database,
    read: Callable[[sa.Connection, str], T],
    task_ids: Sequence[str],
    *,
    timeout_s: float,
    on_progress: Callable[[T], None] | None = None,
) -> list[T]:
    """Wait until tasks are closed.

    Args:
        read: Returns a task by its id; raises NotFoundError when there is none.
        timeout_s: Longest wait in seconds.
        on_progress: Called with each task at first and whenever it changed.

    Returns:
        The tasks in the given order; after the timeout some may still be open.

    Raises:
        NotFoundError: There is no such task.
    """
    until_s = time.monotonic() + timeout_s
    told: dict[str, T] = {}
    known: dict[str, T] = {}
    with database.watch() as watch:
        while True:
            with database.read() as connection:
                # what is closed stays as it is
                for task_id in task_ids:
                    if task_id not in known or known[task_id].is_open:
                        known[task_id] = read(connection, task_id)
            tasks = [known[task_id] for task_id in task_ids]
            if on_progress is not None:
                _tell(tasks, told, on_progress)
            if not any(task.is_open for task in tasks) or not _wait_for_change(watch, until_s):
                return tasks


def _tell(tasks: list[T], told: dict[str, T], on_progress: Callable[[T], None]) -> None:
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
