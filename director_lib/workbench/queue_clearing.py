"""Emptying a stream's part of the queue in one go."""

from __future__ import annotations

from director_lib.domain.people import Action, require
from director_lib.store.events import NewEvent, record_events
from director_lib.store.queue_clearing import cancel_queued_of
from director_lib.store.task_board import QueuedOfStream, queued_by_stream
from director_lib.workbench.task_desk import TaskDesk


class QueueClearing(TaskDesk):
    """What waits, stream by stream, and taking all of one stream out of the queue."""

    def queued_streams(self) -> list[QueuedOfStream]:
        """Return how much waits of each stream that something waits of, the most first."""
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return queued_by_stream(connection)

    def cancel_queued(self, stream_id: str) -> int:
        """Cancel everything that waits of a stream; what runs goes on.

        Returns:
            How many tasks were cancelled.

        Raises:
            PermissionDeniedError: The actor may not cancel.
        """
        require(self._actor, Action.GENERATE)
        now, who = self._clock(), self._actor.username
        with self._database.write() as connection:
            cancelled = cancel_queued_of(connection, stream_id, now, "cancelled before it began")
            record_events(
                connection,
                [
                    NewEvent(
                        "cancelled",
                        who,
                        now,
                        (task.request.stream_id, task.request.segment_id, task.request.kind),
                        {"task_id": task.id},
                    )
                    for task in cancelled
                ],
            )
        return len(cancelled)
