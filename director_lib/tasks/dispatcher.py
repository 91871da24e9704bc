"""Noticing queued tasks and cancel requests in the database, and acting on them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from director_lib.domain.task import Task
from director_lib.store.database import Database
from director_lib.store.tasks import find_task, list_cancel_requests, list_open_after
from director_lib.tasks.live import LiveTasks
from director_lib.tasks.maker import Maker

_HANDED_OVER_AT_ONCE = 25
_SECONDS_BETWEEN_SWEEPS = 2.0


class TaskQueue(Protocol):
    """Where tasks are handed to."""

    def hand_over(self, task: Task) -> None:
        """Take a task; taking it twice is the same as once."""
        ...

    def forget_finished(self) -> list[str]:
        """Forget what is done, and return the ids of the tasks that it was done for."""
        ...


class Dispatcher:
    """The outbox reader: each ``tick`` does what has become necessary since the last one."""

    def __init__(
        self,
        database: Database,
        queue: TaskQueue,
        live: LiveTasks,
        maker: Maker,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._queue = queue
        self._live = live
        self._maker = maker
        self._watch = database.watch()
        self._last_seq = 0
        self._waiting: list[tuple[int, int, Task]] = []
        self._must_read = True
        self._clock = clock
        self._swept_at_s = clock()

    def tick(self) -> None:
        """Look once; quick when nothing changed. After an error the next tick does what was left undone.

        Many new tasks are handed over in portions, most urgent first, so that a cancel never waits for them.
        """
        self._must_read = self._watch.has_changed() or self._must_read
        if self._must_read:
            for task_id in self._read():
                if not self._live.stop(task_id):
                    self._maker.cancel_idle(task_id)
            self._must_read = False
        for _, _, task in self._waiting[:_HANDED_OVER_AT_ONCE]:
            self._queue.hand_over(task)
            self._waiting.pop(0)
        if self._clock() - self._swept_at_s >= _SECONDS_BETWEEN_SWEEPS:
            self._sweep()
            self._swept_at_s = self._clock()

    def close(self) -> None:
        """Close its connection."""
        self._watch.close()

    def _sweep(self) -> None:
        """Hand over again what is open although the queue is done with it.

        That happens when the review database came back from a backup and the queue's memory did not.
        """
        forgotten = self._queue.forget_finished()
        with self._database.read() as connection:
            found = [find_task(connection, task_id) for task_id in forgotten]
        for task in found:
            if task is not None and task.is_open:
                self._queue.hand_over(task)

    def _read(self) -> list[str]:
        with self._database.read() as connection:
            fresh = list_open_after(connection, self._last_seq)
            cancelled = list_cancel_requests(connection)
        if fresh:
            self._last_seq = fresh[-1][0]
            self._waiting += [(task.priority, seq, task) for seq, task in fresh]
            self._waiting.sort(key=lambda item: item[:2])
        return cancelled
