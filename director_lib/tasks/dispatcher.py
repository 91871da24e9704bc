"""Deciding what starts now: a worker's regular look at the database, and what follows from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from director_lib.domain.task import Task
from director_lib.errors import EngineError, WorkerError
from director_lib.intake.produced import fail_task
from director_lib.store.changes import ChangeWatch
from director_lib.store.claims import Claim, list_claims, list_orphaned_dependents
from director_lib.store.tasks import list_cancel_requests
from director_lib.tasks.claiming import Claiming
from director_lib.tasks.live import LiveTasks
from director_lib.tasks.presence import Presence
from director_lib.tasks.takeover import take_over
from director_lib.tasks.workshop import Workshop

_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_BETWEEN_SWEEPS = 2.0


class TaskQueue(Protocol):
    """What carries claimed tasks out, durably."""

    def hand_over(self, claim: Claim) -> None:
        """Take a claim; taking it twice is the same as once."""
        ...

    def list_unended(self) -> set[Claim]:
        """List what it was handed and is not done with."""
        ...

    def forget_finished(self) -> list[Claim]:
        """Forget what is done, and return it."""
        ...


class Dispatcher:
    """Claims what may start, stops what is to stop; each ``tick`` does what has become necessary.

    After an error the next tick does what was left undone.
    """

    def __init__(
        self,
        workshop: Workshop,
        queue: TaskQueue,
        live: LiveTasks,
        presence: Presence,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._workshop = workshop
        self._queue = queue
        self._live = live
        self._presence = presence
        self._clock = clock
        self._claiming = Claiming(workshop)
        self._watch: ChangeWatch = workshop.database.watch()
        self._unhanded: list[Claim] = []
        self._must_read = True
        self._looked_at_s = self._swept_at_s = float("-inf")

    def tick(self) -> None:
        """Look once; quick when nothing changed.

        Raises:
            WorkerError: Another worker has this one's name, so that this one must end.
            StorageError: The database cannot be asked now.
        """
        now_s = self._clock()
        self._must_read = self._watch.has_changed() or self._must_read
        if now_s - self._swept_at_s >= _SECONDS_BETWEEN_SWEEPS:
            self._sweep()
            self._swept_at_s = now_s
        is_due = now_s - self._looked_at_s >= _SECONDS_BETWEEN_LOOKS
        if is_due:
            take_over(self._workshop, self._presence)
        if self._must_read:
            self._stop_cancelled()
        if self._must_read or is_due:
            self._unhanded += self._claiming.claim()
            self._looked_at_s = now_s
            self._must_read = False
        while self._unhanded:
            self._queue.hand_over(self._unhanded[0])
            self._unhanded.pop(0)

    def close(self) -> None:
        """Close its connection."""
        self._watch.close()

    def _stop_cancelled(self) -> None:
        with self._workshop.database.read() as connection:
            cancelled = list_cancel_requests(connection)
        for task_id in cancelled:
            self._live.stop(task_id)

    def _sweep(self) -> None:
        """Put right what a crash, a lost connection or a restored backup left behind."""
        if not self._presence.is_held():
            raise WorkerError(
                f"Another worker has the name “{self._presence.name}” now, since this one lost its "
                "connection for a while. It ends; nothing is lost. Start it again."
            )
        self._queue.forget_finished()
        database = self._workshop.database
        under_way = self._queue.list_unended()
        with database.read() as connection:
            mine = list_claims(connection, self._workshop.worker)
            orphans = list_orphaned_dependents(connection)
        self._unhanded += [claim for claim in mine if claim not in under_way and claim not in self._unhanded]
        for task_id in self._live.ids() - {claim.task_id for claim in mine}:
            self._live.leave(task_id)
        if orphans:
            self._fail_orphans()

    def _fail_orphans(self) -> None:
        with self._workshop.database.write() as connection:
            for waiting, ended in list_orphaned_dependents(connection):
                fail_task(connection, waiting.id, EngineError(_why_never(ended)), self._workshop.clock())


def _why_never(ended: Task) -> str:
    request = ended.request
    return (
        f"It waited for the {request.kind.value} of segment {request.segment_id}, which was not made "
        f"({ended.state.value}). Nothing was charged. Make that first, then try again."
    )
