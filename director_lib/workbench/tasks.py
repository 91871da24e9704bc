"""Tasks from the wish to the file: generate, order the queue, cancel, retry, and follow to the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import sqlalchemy as sa

from director_lib.domain.people import Action, require
from director_lib.domain.task import Task, TaskState
from director_lib.errors import RuleError
from director_lib.store.events import record_event
from director_lib.store.tasks import get_task, list_tasks, request_cancel
from director_lib.tasks.clearance import recorded_overrides
from director_lib.tasks.following import follow
from director_lib.tasks.presence import WorkerInfo, find_worker, list_workers
from director_lib.workbench.budgets import Budgets
from director_lib.workbench.generating import GenerateResult, Generating
from director_lib.workbench.queue_clearing import QueueClearing
from director_lib.workbench.spending import Spending
from director_lib.workbench.task_queue import TaskQueue
from director_lib.workbench.unknown_outcomes import UnknownOutcomes
from director_lib.workbench.withholding import told_tasks

__all__ = ["GenerateResult", "Tasks"]

_Tasks = list[Task]
_Workers = list[WorkerInfo]
_STANDS = {
    TaskState.QUEUED: "still waits",
    TaskState.RUNNING: "still runs",
    TaskState.SUCCEEDED: "succeeded",
}


class Tasks(Generating, TaskQueue, QueueClearing, UnknownOutcomes, Spending, Budgets):
    """Everything that is done with tasks."""

    def cancel(self, task_id: str) -> Task:
        """Ask a task to stop.

        Returns:
            The task: cancelled when it was queued; marked when it runs, and cancelled within a second; as it
            was when it is closed.

        Raises:
            PermissionDeniedError: The actor may not cancel.
            NotFoundError: There is no such task.
        """
        require(self._actor, Action.GENERATE)
        now = self._clock()
        with self._database.write() as connection:
            was_open = get_task(connection, task_id).is_open
            task = request_cancel(connection, task_id, now)
            if was_open:
                place = (task.request.stream_id, task.request.segment_id, task.request.kind)
                details = {"task_id": task_id}
                record_event(connection, "cancelled", self._actor.username, now, place=place, details=details)
        return task

    def retry(self, task_id: str) -> Task:
        """Queue what a failed, cancelled or unknown task asked for once more, as a new task.

        Raises:
            PermissionDeniedError: The actor may not generate.
            NotFoundError: There is no such task.
            RuleError: It is still open, it succeeded, the price is over the budget, or a clip's keyframe is
                not approved any more.
        """
        require(self._actor, Action.GENERATE)
        with self._database.write() as connection:
            task = get_task(connection, task_id)
            if task.is_open or task.state is TaskState.SUCCEEDED:
                raise RuleError(f"Task {task_id} {_STANDS[task.state]}, so there is nothing to try again.")
            return self.enqueue_again_in(connection, task)

    def get(self, task_id: str) -> Task:
        """Return one task.

        Raises:
            NotFoundError: There is no such task.
        """
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return told_tasks(connection, [get_task(connection, task_id)])[0]

    def overrides(self, task_id: str) -> Sequence[str]:
        """Return what a task was allowed to pass over when it was queued, such as an unapproved keyframe.

        Raises:
            NotFoundError: There is no such task.
        """
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return recorded_overrides(connection, get_task(connection, task_id))

    def list(
        self, *, stream_id: str | None = None, states: Collection[TaskState] | None = None, limit: int = 200
    ) -> _Tasks:
        """Return tasks, newest first, at most ``limit``; of one stream and in given states when asked for."""
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            found = list_tasks(connection, stream_id=stream_id, states=states, limit=limit)
            return told_tasks(connection, found)

    def wait(
        self,
        task_ids: Sequence[str],
        timeout_s: float = 3600.0,
        on_progress: Callable[[Task], None] | None = None,
    ) -> _Tasks:
        """Wait until tasks are closed.

        Args:
            timeout_s: Longest wait in seconds.
            on_progress: Called with each task at first and whenever it changed.

        Returns:
            The tasks in the given order; after the timeout some may still be open.

        Raises:
            NotFoundError: There is no such task.
        """
        require(self._actor, Action.VIEW)

        def get(connection: sa.Connection, task_id: str) -> Task:
            return told_tasks(connection, [get_task(connection, task_id)])[0]

        return follow(self._database, get, task_ids, timeout_s=timeout_s, on_progress=on_progress)

    def find_worker(self) -> WorkerInfo | None:
        """Find the worker that carries tasks out; None when none runs and tasks only wait."""
        require(self._actor, Action.VIEW)
        return find_worker(self._settings, self._database)

    def workers(self) -> _Workers:
        """List the workers that are alive, by name; empty when none runs and tasks only wait."""
        require(self._actor, Action.VIEW)
        return list_workers(self._settings, self._database)
