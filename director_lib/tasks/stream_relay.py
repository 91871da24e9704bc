"""Passing on what a stream's job tells, and ending it when somebody wants that."""

from __future__ import annotations

import logging
import time
from multiprocessing.connection import Connection, wait

from director_lib.errors import StorageError, SupersededError
from director_lib.store.claims import Claim
from director_lib.store.stream_claims import holds_stream_task
from director_lib.store.stream_tasks import get_stream_task, report_stream_progress
from director_lib.store.task_lines import add_stream_line
from director_lib.tasks.live import LiveTask
from director_lib.tasks.stream_child import Done, Failed, Progressed, Said, Told
from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")
_LOOK_S = 0.2


class StreamRelay:
    """Follows one job to its end. Only how far it is and its lines may be lost while the database is away."""

    def __init__(self, workshop: Workshop, claim: Claim, live: LiveTask) -> None:
        self._workshop = workshop
        self._claim = claim
        self._live = live
        self._lines: list[str] = []
        self._progress: Progressed | None = None

    def follow(self, receiver: Connection, sentinel: int) -> Done | Failed | None:
        """Return how the job ended; None when its process ended without a word.

        Raises:
            SupersededError: Another worker has taken the task over; the process is gone.
        """
        looked_s = time.monotonic()
        while True:
            ready = wait([receiver, sentinel], _LOOK_S)
            told = self._take(receiver) if receiver in ready else None
            if isinstance(told, Done | Failed):
                self._write()
                return told
            if ready and told is None:
                self._write()
                return None
            self._note(told)
            if time.monotonic() - looked_s >= _LOOK_S:
                self._write()
                self._end_if_wanted()
                looked_s = time.monotonic()

    def _note(self, told: Told | None) -> None:
        match told:
            case Progressed():
                self._progress = told
            case Said(text):
                self._lines.append(text)

    def _take(self, receiver: Connection) -> Told | None:
        try:
            told: Told = receiver.recv()
        except (EOFError, OSError):
            return None
        return told

    def _write(self) -> None:
        if not self._lines and self._progress is None:
            return
        try:
            with self._workshop.database.write() as connection:
                if not holds_stream_task(connection, self._claim):
                    return
                if self._progress is not None:
                    phase, percent = self._progress.phase, self._progress.percent
                    report_stream_progress(connection, self._claim.task_id, phase, percent)
                for text in self._lines:
                    add_stream_line(connection, self._claim.task_id, text, self._workshop.clock())
        except StorageError as error:
            _log.debug("task %s: its news are not recorded yet: %s", self._claim.task_id, error)
            return
        self._lines.clear()
        self._progress = None

    def _end_if_wanted(self) -> None:
        try:
            with self._workshop.database.read() as connection:
                is_mine = holds_stream_task(connection, self._claim)
                task = get_stream_task(connection, self._claim.task_id)
        except StorageError as error:
            _log.debug("task %s: nobody can say whether it is to end: %s", self._claim.task_id, error)
            return
        if not is_mine:
            self._live.close()
            raise SupersededError(self._claim.task_id)
        if task.cancel_requested_at is not None:
            self._live.stop()
