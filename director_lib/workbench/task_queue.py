"""The queue in a person's hands: its order, what is held back, and what a task's program says."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.people import Action, require
from director_lib.domain.task import Task
from director_lib.store.claims import WHOLE_QUEUE
from director_lib.store.events import record_event
from director_lib.store.pauses import Pause, add_pause, list_pauses, remove_pause
from director_lib.store.queue_order import list_queue, move_task
from director_lib.store.task_lines import TaskLine, list_lines
from director_lib.store.tasks import get_task
from director_lib.workbench.task_desk import TaskDesk
from director_lib.workbench.withholding import told_tasks


class TaskQueue(TaskDesk):
    """What waits: in which order, and whether it may start."""

    def queue(self, stream_id: str | None = None, limit: int = 200) -> list[Task]:
        """Return the queued tasks in the order in which they start, at most ``limit``.

        Tasks of several engines, those that wait for another one and those put off may start out of order.
        """
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return told_tasks(connection, list_queue(connection, stream_id=stream_id, limit=limit))

    def move(self, task_id: str, before: str | None) -> Task:
        """Put a queued task right before another one; behind all others when that is None.

        Raises:
            PermissionDeniedError: The actor may not order the queue.
            NotFoundError: There is no such task.
            RuleError: One of the two is not queued (any more); nothing was moved.
        """
        require(self._actor, Action.GENERATE)
        with self._database.write() as connection:
            was = get_task(connection, task_id)
            task = move_task(connection, task_id, before)
            if (task.priority, task.position) != (was.priority, was.position):
                request = task.request
                place = (request.stream_id, request.segment_id, request.kind)
                details = {"task_id": task_id, "before_task_id": before}
                now, who = self._clock(), self._actor.username
                record_event(connection, "moved_task", who, now, place=place, details=details)
        return task

    def pause(self, engine: str | None = None) -> None:
        """Let no queued task start, of one engine or at all; what runs goes on, what waits stays queued.

        What is paused already stays so, in the name of whoever paused it first.

        Raises:
            PermissionDeniedError: The actor may not pause the queue.
            InputError: There is no such engine.
        """
        require(self._actor, Action.GENERATE)
        if engine is not None:
            self._get_engine(engine)
        now = self._clock()
        with self._database.write() as connection:
            if add_pause(connection, Pause(engine or WHOLE_QUEUE, now, self._actor.username)):
                self._tell(connection, "paused_queue", engine, now)

    def resume(self, engine: str | None = None) -> None:
        """Let queued tasks start again: those of one engine, or all; nothing changes when none is held back.

        The queue as a whole and each engine are held back apart: resuming one leaves the others as they are.

        Raises:
            PermissionDeniedError: The actor may not resume the queue.
        """
        require(self._actor, Action.GENERATE)
        now = self._clock()
        with self._database.write() as connection:
            if remove_pause(connection, engine or WHOLE_QUEUE):
                self._tell(connection, "resumed_queue", engine, now)

    def pauses(self) -> list[Pause]:
        """Return what is held back, by whom and since when: the whole queue first, then engines by name."""
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return list_pauses(connection)

    def lines(self, task_id: str, after_id: int = 0) -> list[TaskLine]:
        """Return what a task's program said, oldest first: the newest 500 lines.

        Args:
            after_id: Only what came after this line; 0 for all that is kept.

        Raises:
            NotFoundError: There is no such task.
        """
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            task = get_task(connection, task_id)
            # what a program says names itself
            if told_tasks(connection, [task]) != [task]:
                return []
            return list_lines(connection, task_id, after_id)

    def _tell(self, connection: sa.Connection, verb: str, engine: str | None, now: datetime) -> None:
        details = {"engine": engine or WHOLE_QUEUE}
        record_event(connection, verb, self._actor.username, now, details=details)
