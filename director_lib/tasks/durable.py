"""The durable engine under the outbox: DBOS, in a database file of its own.

It remembers which step of a task is done, repeats what a crash interrupted, and keeps to the number of tasks
at a time. What people see and decide is in the tasks table; nothing outside this module knows DBOS.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from director_lib.config import Settings
from director_lib.domain.task import Task
from director_lib.tasks.maker import MadeFile, Maker

_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_UNENDED = ["ENQUEUED", "PENDING"]
_POLL_S = 0.1
_MOST_RECOVERIES = 1_000
_FORGET_AT_ONCE = 500


class DurableQueue:
    """Runs one workflow for each task. One for each process: DBOS is a singleton."""

    def __init__(self, settings: Settings, maker: Maker) -> None:
        self._settings = settings

        @DBOS.step(name="make")
        def make(task_id: str) -> MadeFile | None:
            return maker.make(task_id)

        @DBOS.step(name="publish")
        def publish(task_id: str, made: MadeFile) -> None:
            maker.publish(task_id, made)

        @DBOS.workflow(name="make_version", max_recovery_attempts=_MOST_RECOVERIES)
        def make_version(task_id: str) -> None:
            made = make(task_id)
            if made is not None:
                publish(task_id, made)

        self._workflow = make_version
        self._queues: set[str] = set()

    def launch(self, engines: Iterable[str]) -> None:
        """Begin to work: take up what an earlier worker left unfinished and wait for more.

        Args:
            engines: Names of the engines that tasks are likely to need.
        """
        self._settings.queue_file.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(self._settings.queue_file) as connection:
            connection.execute("PRAGMA journal_mode=WAL")  # DBOS does not ask for it, and needs it
        connection.close()
        DBOS(
            config={
                "name": "director",
                "system_database_url": f"sqlite:///{self._settings.queue_file}",
                # fixed names: only the same executor of the same version takes up what it left
                "executor_id": "worker",
                "application_version": "1",
                "log_level": "WARNING",
                "scheduler_polling_interval_sec": 3600.0,
            }
        )
        DBOS.launch()
        left = DBOS.list_workflows(status=_UNENDED, load_input=False, load_output=False)
        # a workflow that waits in a queue nobody registers would wait for ever
        for engine in {*engines, *(workflow.queue_name for workflow in left)} - {None}:
            self._ensure_queue(str(engine))

    def hand_over(self, task: Task) -> None:
        """Queue a task's workflow; one that waits or runs already is not queued again."""
        self._ensure_queue(task.request.engine)
        with SetWorkflowID(task.id), SetEnqueueOptions(priority=max(1, task.priority)):
            DBOS.enqueue_workflow(task.request.engine, self._workflow, task.id)

    def forget_finished(self) -> list[str]:
        """Remove the workflows that ended, so that their tasks could be handed over again.

        Returns:
            The ids of their tasks, at most 500 at a time; empty when none ended.
        """
        ended = DBOS.list_workflows(status=_ENDED, limit=_FORGET_AT_ONCE, load_input=False, load_output=False)
        forgotten = [workflow.workflow_id for workflow in ended]
        if forgotten:
            DBOS.delete_workflows(forgotten)
        return forgotten

    def _ensure_queue(self, engine: str) -> None:
        if engine in self._queues:
            return
        DBOS.register_queue(
            engine,
            worker_concurrency=self._settings.worker_concurrency,
            polling_interval_sec=_POLL_S,
            on_conflict="always_update",
        )
        self._queues.add(engine)
