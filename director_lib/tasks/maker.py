"""One task from its start to its end: the two durable steps that a workflow repeats after a crash."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypedDict

from director_lib.domain.finding import Finding, Severity
from director_lib.domain.task import Task, TaskState
from director_lib.errors import BackendError, DirectorError, EngineError, StorageError
from director_lib.intake.produced import Produced, fail_task, take_in
from director_lib.store.tasks import Outcome, close_attempt, find_task, finish, open_attempt, report_progress
from director_lib.store.versions import find_version_of_task
from director_lib.tasks.child import Made, Progress, Refused
from director_lib.tasks.live import LiveTask, LiveTasks
from director_lib.tasks.opening import attempt_number, begin, is_paid, make_job
from director_lib.tasks.runner import Runner
from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")
_SECONDS_BETWEEN_TRIES = 1.0


class MadeFile(TypedDict):
    """What the first step hands to the second, in JSON values."""

    path: str
    model: str
    cost_usd: float
    params: dict[str, object]
    findings: list[dict[str, Any]]


_TAKEN_IN_ALREADY = MadeFile(path="", model="", cost_usd=0.0, params={}, findings=[])


class Maker:
    """Makes what a task asks for. Both steps may be repeated after a crash at any point."""

    def __init__(self, workshop: Workshop, live: LiveTasks, runner: Runner) -> None:
        self._workshop = workshop
        self._live = live
        self._runner = runner

    def make(self, task_id: str) -> MadeFile | None:
        """Let the engine make the file, in a process of its own.

        Returns:
            The file in the task's scratch folder; None when the task is closed instead and says why.
        """
        try:
            with self._live.opened(task_id) as live:
                return self._make(task_id, live)
        except Exception as error:  # noqa: BLE001 - the worker's outer edge: it never dies from a task
            self._give_up(task_id, error)
            return None

    def publish(self, task_id: str, made: MadeFile) -> None:
        """Take the file in and close the task."""
        found = tuple(_finding(values) for values in made.get("findings", []))
        produced = Produced(
            task_id, Path(made["path"]), made["model"], made["cost_usd"], made["params"], found
        )
        shop = self._workshop
        try:
            take_in(shop.database, shop.files, shop.root, produced, now=shop.clock())
        except Exception as error:  # noqa: BLE001 - the worker's outer edge: it never dies from a task
            self._give_up(task_id, error)
        shop.drop_scratch(task_id)

    def cancel_idle(self, task_id: str) -> None:
        """Cancel a running task that has no process, unless its file is being taken in already."""
        with self._workshop.database.write() as connection:
            task = find_task(connection, task_id)
            if task is None or not task.is_open or find_version_of_task(connection, task_id) is not None:
                return
            finish(connection, task_id, _cancelled(self._workshop))

    def _make(self, task_id: str, live: LiveTask) -> MadeFile | None:
        with self._workshop.database.write() as connection:
            if find_version_of_task(connection, task_id) is not None:
                return _TAKEN_IN_ALREADY
            task = begin(self._workshop, connection, task_id)
            if task is None:
                return None
            unbilled_usd = None if is_paid(self._workshop, task) else 0.0
            tag = open_attempt(connection, task, self._workshop.clock())
        try:
            job = make_job(self._workshop, task, attempt_number(tag))
            ended = self._runner.run(job, live, lambda news: self._report(task_id, news))
        except DirectorError as error:
            ended = Refused(error.code, error.user_message)
        if ended is None and self._live.is_closing:
            _wait_for_the_end()
        receipt = {"ended_at": self._workshop.clock(), "billed_usd": unbilled_usd}
        return self._end(task, tag, ended, receipt)

    def _end(
        self, task: Task, tag: str, ended: Made | Refused | None, receipt: dict[str, Any]
    ) -> MadeFile | None:
        """Complete the receipt, and close the task unless a file was made."""
        with self._workshop.database.write() as connection:
            if isinstance(ended, Made):
                made = ended.result
                receipt |= {"state": "succeeded", "model": made.model, "billed_usd": made.cost_usd}
                close_attempt(connection, tag, **receipt)
                report_progress(connection, task.id, "putting it in place", 100.0)
                return MadeFile(
                    path=str(made.path),
                    model=made.model,
                    cost_usd=made.cost_usd,
                    params=made.params,
                    findings=[asdict(finding) for finding in ended.findings],
                )
            if ended is None:
                close_attempt(connection, tag, **receipt, state="cancelled")
                finish(connection, task.id, _cancelled(self._workshop))
            else:
                close_attempt(connection, tag, **receipt, state="failed", error_message=ended.message)
                fail_task(connection, task.id, _error(ended), self._workshop.clock())
        self._workshop.drop_scratch(task.id)
        return None

    def _report(self, task_id: str, news: Progress) -> None:
        with self._workshop.database.write() as connection:
            report_progress(connection, task_id, news.phase, news.percent)

    def _give_up(self, task_id: str, error: Exception) -> None:
        """Close a task after an error, however long the database needs to take it."""
        _log.error("task %s stopped", task_id, exc_info=error, extra={"task_id": task_id})
        reason = error if isinstance(error, DirectorError) else _unexpected(error)
        while True:
            try:
                with self._workshop.database.write() as connection:
                    if find_task(connection, task_id) is not None:
                        fail_task(connection, task_id, reason, self._workshop.clock())
                return
            except StorageError:
                _log.exception("task %s cannot be closed yet", task_id, extra={"task_id": task_id})
                time.sleep(_SECONDS_BETWEEN_TRIES)


def _finding(values: dict[str, Any]) -> Finding:
    return Finding(**{**values, "severity": Severity(values["severity"])})


def _cancelled(workshop: Workshop) -> Outcome:
    return Outcome(TaskState.CANCELLED, workshop.clock(), phase="cancelled")


def _error(refused: Refused) -> DirectorError:
    error = EngineError(refused.message)
    error.code = refused.code
    return error


def _unexpected(error: Exception) -> BackendError:
    return BackendError(
        f"Something unexpected stopped this task ({type(error).__name__}: {error}). Nothing was replaced. "
        "Try again; the worker's log has the details."
    )


def _wait_for_the_end() -> None:
    """Keep a task unfinished, so that the next worker resumes it, until this process exits."""
    threading.Event().wait()
