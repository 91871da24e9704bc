"""One claimed task from its start to its end: the two durable steps that a workflow repeats after a crash."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypedDict, TypeVar

import sqlalchemy as sa

from director_lib.domain.finding import Finding, Severity
from director_lib.domain.version import Kind
from director_lib.engines.protocol import Engine
from director_lib.errors import BackendError, DirectorError, StorageError, SupersededError
from director_lib.intake.produced import Produced, fail_task, take_in
from director_lib.store.claims import Claim, check_claim, holds
from director_lib.store.tasks import find_task
from director_lib.store.versions import find_version_of_task
from director_lib.tasks.attempt import Attempt, Ending, Made, Refused, Unknown
from director_lib.tasks.closing import close
from director_lib.tasks.live import LiveTask, LiveTasks, WorkerStops
from director_lib.tasks.opening import Opened, open_next, prepare
from director_lib.tasks.patience import Patience
from director_lib.tasks.telling import Telling
from director_lib.tasks.ways import Way
from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")
_ELSEWHERE = (
    "Another machine was making this, for money, when its worker died, and nobody can tell from here whether "
    "it was made. It is not repeated by itself: look into the provider's account, then decide."
)

_T = TypeVar("_T")
ChooseWay = Callable[[Engine, Kind], Way]


class MadeFile(TypedDict):
    """What the first step hands to the second, in JSON values."""

    path: str
    model: str
    cost_usd: float
    params: dict[str, object]
    findings: list[dict[str, Any]]


_TAKEN_IN_ALREADY = MadeFile(path="", model="", cost_usd=0.0, params={}, findings=[])


class Maker:
    """Makes what a task asks for. Both steps may be repeated after a crash at any point.

    Whatever it writes is refused once another worker has taken the task over.
    """

    def __init__(self, workshop: Workshop, live: LiveTasks, choose_way: ChooseWay) -> None:
        self._workshop = workshop
        self._live = live
        self._choose_way = choose_way

    def make(self, claim: Claim) -> MadeFile | None:
        """Let the engine make the file.

        Returns:
            The file in the task's scratch folder; None when the task is closed, waits again, or is another
            worker's now.
        """
        try:
            with self._live.opened(claim.task_id) as live:
                return self._make(claim, live)
        except WorkerStops:
            if self._live.is_closing:
                _wait_for_the_end()
        except SupersededError as error:
            _log.warning("%s", error, extra={"task_id": claim.task_id})
        except Exception as error:  # noqa: BLE001 - the worker's outer edge: it never dies from a task
            self._give_up(claim, error)
        return None

    def publish(self, claim: Claim, made: MadeFile) -> None:
        """Take the file in and close the task, however long database and disk need to take it."""
        found = tuple(_finding(values) for values in made.get("findings", []))
        produced = Produced(
            claim.task_id, Path(made["path"]), made["model"], made["cost_usd"], made["params"], found, claim
        )
        try:
            self._take_in(produced, claim)
        except SupersededError as error:
            _log.warning("%s", error, extra={"task_id": claim.task_id})
            return
        except Exception as error:  # noqa: BLE001 - the worker's outer edge: it never dies from a task
            self._give_up(claim, error)
        self._workshop.drop_scratch(claim.task_id)

    def _take_in(self, produced: Produced, claim: Claim) -> None:
        shop, patience = self._workshop, Patience("what was made is kept and cannot be put in place yet")
        while True:
            try:
                take_in(shop.database, shop.files, shop.root, produced, now=shop.clock())
                return
            except StorageError as error:
                patience.wait(claim.task_id, error)
                if self._is_cancelled_before_it_counts(claim, error):
                    return

    def _is_cancelled_before_it_counts(self, claim: Claim, error: StorageError) -> bool:
        """Tell people why it takes so long, and let them end it."""
        telling = Telling(self._workshop, claim, "")
        telling.progress(f"waiting for the disk: {error.user_message}", 100.0)
        try:
            with self._workshop.database.write() as connection:
                task = find_task(connection, claim.task_id)
                if task is None or task.cancel_requested_at is None or not holds(connection, claim):
                    return False
                if find_version_of_task(connection, claim.task_id) is not None:
                    return False
                close(self._workshop, connection, claim, None, None)
                return True
        except StorageError:
            return False

    def _make(self, claim: Claim, live: LiveTask) -> MadeFile | None:
        opened = self._write(claim, lambda connection: self._open(connection, claim))
        if not isinstance(opened, Opened):
            return opened
        if opened.task.cancel_requested_at is not None:
            live.stop()
        tag = opened.receipt.tag
        telling = Telling(self._workshop, claim, tag)
        telling.begin(opened)
        ending = self._carry_out(opened, live, telling)
        telling.end(ending)
        self._write(claim, lambda connection: close(self._workshop, connection, claim, tag, ending))
        if not isinstance(ending, Made):
            self._workshop.drop_scratch(claim.task_id)
            return None
        made = ending.result
        return MadeFile(
            path=str(made.path),
            model=made.model,
            cost_usd=made.cost_usd,
            params=made.params,
            findings=[asdict(finding) for finding in ending.findings],
        )

    def _open(self, connection: sa.Connection, claim: Claim) -> Opened | MadeFile | None:
        if not holds(connection, claim):
            return None
        if find_version_of_task(connection, claim.task_id) is not None:
            return _TAKEN_IN_ALREADY
        return open_next(self._workshop, connection, claim)

    def _carry_out(self, opened: Opened, live: LiveTask, telling: Telling) -> Ending:
        request = opened.task.request
        engine = self._workshop.get_engine(request.engine)
        is_remote = request.kind in engine.capabilities().remote_kinds
        if opened.is_resumed and not opened.was_here and not is_remote:
            return Unknown(_ELSEWHERE)
        try:
            attempt: Attempt = prepare(self._workshop, opened)
        except DirectorError as error:
            return Refused(error.code, error.user_message)
        return self._choose_way(engine, request.kind).run(attempt, live, telling)

    def _write(self, claim: Claim, act: Callable[[sa.Connection], _T]) -> _T:
        """Run a transaction, however long the database needs to take it."""
        patience = Patience("the database cannot be written yet")
        while True:
            try:
                with self._workshop.database.write() as connection:
                    return act(connection)
            except StorageError as error:
                patience.wait(claim.task_id, error)

    def _give_up(self, claim: Claim, error: Exception) -> None:
        """Close a task after an error that no way of making it knows."""
        _log.error("task %s stopped", claim.task_id, exc_info=error, extra={"task_id": claim.task_id})
        reason = error if isinstance(error, DirectorError) else _unexpected(error)

        def fail(connection: sa.Connection) -> None:
            if find_task(connection, claim.task_id) is not None:
                check_claim(connection, claim)
                fail_task(connection, claim.task_id, reason, self._workshop.clock())

        try:
            self._write(claim, fail)
        except SupersededError as superseded:
            _log.warning("%s", superseded, extra={"task_id": claim.task_id})


def _finding(values: dict[str, Any]) -> Finding:
    return Finding(**{**values, "severity": Severity(values["severity"])})


def _unexpected(error: Exception) -> BackendError:
    return BackendError(
        f"Something unexpected stopped this task ({type(error).__name__}: {error}). Nothing was replaced. "
        "Try again; the worker's log has the details."
    )


def _wait_for_the_end() -> None:
    """Keep a task unfinished, so that the next worker resumes it, until this process exits."""
    threading.Event().wait()
