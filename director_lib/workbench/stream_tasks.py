"""Tasks of whole streams, in a person's hands: building, deploying, archiving and bringing back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from director_lib.domain.people import Action, require
from director_lib.domain.stream_task import ARCHIVE, BRING_BACK, BUILD, DEPLOY, SPEC, StreamTask
from director_lib.domain.task import OPEN_STATES, TaskState
from director_lib.errors import RuleError
from director_lib.store.events import record_event
from director_lib.store.stream_tasks import (
    NewStreamTask,
    enqueue_stream_task,
    get_stream_task,
    list_stream_tasks,
    request_stream_cancel,
)
from director_lib.store.task_lines import TaskLine, list_stream_lines
from director_lib.tasks.following import follow
from director_lib.tasks.stream_jobs import find_job
from director_lib.workbench.studio import Studio
from director_lib.workbench.unknown_jobs import UnknownJob, list_unknown_jobs, settle_job

Guard = Callable[[sa.Connection, str | None, Mapping[str, Any]], None]
"""Raises a DirectorError when a job on a stream with these parameters may not be queued."""
Follower = Callable[[sa.Connection, StreamTask], None]
"""Does what goes with a new task, in the same transaction; an error of it undoes the task."""

_Tasks = list[StreamTask]
_Lines = list[TaskLine]
_UnknownJobs = list[UnknownJob]
_STANDS = {
    TaskState.QUEUED: "still waits",
    TaskState.RUNNING: "still runs",
    TaskState.SUCCEEDED: "succeeded",
}
NEEDED: Mapping[str, Action] = {
    BUILD: Action.GENERATE,
    DEPLOY: Action.DEPLOY,
    ARCHIVE: Action.RUN_BATCH,
    BRING_BACK: Action.GENERATE,
    SPEC: Action.GENERATE,
}
"""What one has to be allowed to, to queue or to cancel a kind of task."""


class StreamTasks:
    """Everything that is done with tasks of whole streams.

    Attributes:
        guards: By kind, what refuses a job that breaks its use case's rules, whoever queues or repeats it.
        followers: By kind, what else is recorded with a new job, such as its price.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self.guards: dict[str, Guard] = {}
        self.followers: dict[str, Follower] = {}

    def queue(
        self, kind: str, stream_id: str | None = None, parameters: Mapping[str, Any] | None = None
    ) -> StreamTask:
        """Queue a job, or return the open task that asks for the same.

        What a kind's rules demand beyond the right to queue it is for its own use case to check.

        Args:
            stream_id: None for a job on the whole studio.
            parameters: JSON values that the job is told; they tell tasks apart.

        Raises:
            PermissionDeniedError: The actor may not.
            InputError: There is no such kind.
            NotFoundError: There is no such stream.
        """
        with self._studio.database.write() as connection:
            return self.queue_in(connection, kind, stream_id, parameters)

    def queue_in(
        self,
        connection: sa.Connection,
        kind: str,
        stream_id: str | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> StreamTask:
        """Queue a job in the caller's transaction; see ``queue``."""
        find_job(kind)
        self._require(kind)
        if stream_id is not None:
            self._studio.root.path(stream_id)
        if kind in self.guards:
            self.guards[kind](connection, stream_id, parameters or {})
        now, who = self._studio.clock(), self._studio.actor.username
        new = NewStreamTask(uuid.uuid4().hex, kind, stream_id, parameters or {}, who, now)
        task, is_new = enqueue_stream_task(connection, new)
        if is_new:
            if kind in self.followers:
                self.followers[kind](connection, task)
            self._tell(connection, "queued_job", task)
        return task

    def list(
        self,
        *,
        stream_id: str | None = None,
        kinds: Collection[str] | None = None,
        states: Collection[TaskState] | None = None,
        limit: int = 200,
    ) -> _Tasks:
        """Return tasks, newest first, at most ``limit``; of one stream, kinds and states when asked for."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            found = {"stream_id": stream_id, "kinds": kinds, "states": states}
            return list_stream_tasks(connection, **found, limit=limit)  # type: ignore[arg-type]

    def get(self, task_id: str) -> StreamTask:
        """Return one task.

        Raises:
            NotFoundError: There is no such task.
        """
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return get_stream_task(connection, task_id)

    def cancel(self, task_id: str) -> StreamTask:
        """Ask a task to stop.

        Returns:
            The task: cancelled when it was queued; marked when it runs, and cancelled within a second; as it
            was when it is closed.

        Raises:
            PermissionDeniedError: The actor may not.
            NotFoundError: There is no such task.
        """
        with self._studio.database.write() as connection:
            was = get_stream_task(connection, task_id)
            self._require(was.kind)
            task = request_stream_cancel(connection, task_id, self._studio.clock())
            if was.is_open and was.cancel_requested_at is None:
                self._tell(connection, "cancelled_job", task)
        return task

    def retry(self, task_id: str) -> StreamTask:
        """Queue what a failed or cancelled task asked for once more, as a new task.

        Raises:
            PermissionDeniedError: The actor may not.
            NotFoundError: There is no such task, or its stream is gone.
            RuleError: It is still open, or it succeeded.
        """
        with self._studio.database.write() as connection:
            task = get_stream_task(connection, task_id)
            if task.is_open or task.state is TaskState.SUCCEEDED:
                raise RuleError(f"Task {task_id} {_STANDS[task.state]}, so there is nothing to try again.")
            return self.queue_in(connection, task.kind, task.stream_id, task.parameters)

    def unknown(self, stream_id: str | None = None) -> _UnknownJobs:
        """Return the tasks whose outcome nobody knows and nobody has settled, oldest first."""
        return list_unknown_jobs(self._studio, stream_id)

    def settle(
        self, task_id: str, was_made: bool, note: str = "", *, billed_usd: float | None = None
    ) -> StreamTask:
        """Write down what a person found out about an unknown outcome; see ``settle_job``."""
        return settle_job(self._studio, task_id, was_made, note, billed_usd=billed_usd)

    def wait(
        self,
        task_ids: Sequence[str],
        timeout_s: float = 3600.0,
        on_progress: Callable[[StreamTask], None] | None = None,
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
        self._studio.require(Action.VIEW)
        database = self._studio.database
        return follow(database, get_stream_task, task_ids, timeout_s=timeout_s, on_progress=on_progress)

    def lines(self, task_id: str, after_id: int = 0) -> _Lines:
        """Return what a task said, oldest first: the newest 500 lines.

        Args:
            after_id: Only what came after this line; 0 for all that is kept.

        Raises:
            NotFoundError: There is no such task.
        """
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            get_stream_task(connection, task_id)
            return list_stream_lines(connection, task_id, after_id)

    def stop_all(self, stream_id: str, patience_s: float) -> _Tasks:
        """Cancel the open tasks of a stream and wait a while for them; returns those that still go on."""
        with self._studio.database.read() as connection:
            waiting = list_stream_tasks(connection, stream_id=stream_id, states=OPEN_STATES)
        stopping = [self.cancel(task.id).id for task in waiting]
        return [task for task in self.wait(stopping, patience_s) if task.is_open] if stopping else []

    def _require(self, kind: str) -> None:
        require(self._studio.actor, NEEDED.get(kind, Action.ADMINISTER))

    def _tell(self, connection: sa.Connection, verb: str, task: StreamTask) -> None:
        place = None if task.stream_id is None else (task.stream_id, None, None)
        details = {"task_id": task.id, "job": task.kind}
        who, now = self._studio.actor.username, self._studio.clock()
        record_event(connection, verb, who, now, place=place, details=details)
