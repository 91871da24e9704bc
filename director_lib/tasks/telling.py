"""Passing on what an attempt tells: to the task's row, its kept lines and its receipt."""

from __future__ import annotations

import logging

from director_lib.errors import StorageError
from director_lib.store.attempts import record_remote_id
from director_lib.store.claims import Claim, holds
from director_lib.store.task_lines import add_line
from director_lib.store.tasks import report_progress
from director_lib.tasks.attempt import Busy, Ending, Refused, Stopped, Unknown
from director_lib.tasks.opening import Opened
from director_lib.tasks.patience import Patience
from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")


class Telling:
    """Writes the news of one attempt. Only how far it is may be lost when the database is away."""

    def __init__(self, workshop: Workshop, claim: Claim, tag: str) -> None:
        self._workshop = workshop
        self._claim = claim
        self._tag = tag
        self._lines: list[str] = []

    def begin(self, opened: Opened) -> None:
        """Say who makes it."""
        how = "goes on with attempt" if opened.is_resumed else "begins attempt"
        self.line(f"{self._workshop.worker} {how} {opened.receipt.number}")

    def end(self, ending: Ending) -> None:
        """Say why there is no file."""
        match ending:
            case Refused() | Busy() | Unknown():
                self.line(ending.message)
            case Stopped():
                self.line("stopped")

    def progress(self, phase: str, percent: float) -> None:
        """Record how far it is."""
        try:
            with self._workshop.database.write() as connection:
                if holds(connection, self._claim):
                    report_progress(connection, self._claim.task_id, phase, percent)
        except StorageError as error:
            _log.debug("task %s: progress is not recorded: %s", self._claim.task_id, error)

    def line(self, text: str) -> None:
        """Keep a line; what cannot be written now is written with the next one."""
        self._lines.append(text)
        try:
            with self._workshop.database.write() as connection:
                for waiting in self._lines:
                    add_line(connection, self._claim.task_id, waiting, self._workshop.clock())
        except StorageError as error:
            _log.debug("task %s: its lines are not recorded yet: %s", self._claim.task_id, error)
        else:
            self._lines.clear()

    def remote_id(self, remote_id: str) -> None:
        """Put the provider's job on the receipt; returns when that is committed."""
        patience = Patience(f"the provider's job {remote_id} cannot be recorded yet")
        while True:
            try:
                # whoever holds the task now has to find the job: this is recorded by a late holder, too
                with self._workshop.database.write() as connection:
                    record_remote_id(connection, self._tag, remote_id)
                    add_line(
                        connection,
                        self._claim.task_id,
                        f"the provider's job is {remote_id}",
                        self._workshop.clock(),
                    )
                return
            except StorageError as error:
                patience.wait(self._claim.task_id, error)
