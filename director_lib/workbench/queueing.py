"""Queueing requests with their price, their budget check and their lines in the timeline."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.people import Actor
from director_lib.domain.task import GenerationRequest, Task
from director_lib.engines.protocol import Engine
from director_lib.store.events import NewEvent, record_events
from director_lib.store.outbox import NewTask, enqueue_all
from director_lib.tasks.budget import check_budget
from director_lib.tasks.clearance import find_overrides
from director_lib.tasks.requests import check_makeable

Queued = list[tuple[Task, bool]]
"""For each request its task, and whether it is new."""


@dataclass(frozen=True, slots=True)
class Queueing:
    """One person's way into the queue."""

    settings: Settings
    actor: Actor
    clock: Callable[[], datetime]
    get_engine: Callable[[str], Engine]

    def enqueue(
        self,
        connection: sa.Connection,
        requests: Sequence[GenerationRequest],
        priority: int,
        *,
        seed_is_chosen: bool = False,
        allow_unapproved_keyframe: bool = False,
    ) -> Queued:
        """Queue requests in the caller's transaction, in their order.

        Args:
            seed_is_chosen: Whether a person asked for exactly these seeds.
            allow_unapproved_keyframe: Whether a clip may start from a keyframe that is not approved; the
                timeline says where that was needed.

        Raises:
            InputError: There is no such engine, or it does not make that kind.
            RuleError: There is no prompt, a clip has no approved keyframe, or the price is over the budget.
                The caller's transaction is to be undone, with every task of the batch.
        """
        now = self.clock()
        new = [self._new_task(request, priority, now, seed_is_chosen) for request in requests]
        overrides = find_overrides(connection, requests, allow_unapproved_keyframe=allow_unapproved_keyframe)
        queued = enqueue_all(connection, new)
        fresh = [task for task, is_new in queued if is_new]
        for stream_id in {task.request.stream_id for task in fresh}:
            price_usd = sum(task.price_usd for task in fresh if task.request.stream_id == stream_id)
            check_budget(connection, self.settings, stream_id, price_usd, now=now)
        told = zip(queued, overrides, strict=True)
        events = [self._queued_event(task, now, passed) for (task, is_new), passed in told if is_new]
        record_events(connection, events)
        return queued

    def _new_task(
        self, request: GenerationRequest, priority: int, now: datetime, seed_is_chosen: bool
    ) -> NewTask:
        engine = self.get_engine(request.engine)
        check_makeable(engine, request)
        return NewTask(
            task_id=f"t_{secrets.token_urlsafe(15)}",
            request=request,
            author=self.actor.username,
            price_usd=engine.price_usd(request),
            priority=priority,
            queued_at=now,
            seed_is_chosen=seed_is_chosen,
        )

    def _queued_event(self, task: Task, now: datetime, overrides: list[str]) -> NewEvent:
        request = task.request
        details: dict[str, object] = {"task_id": task.id, "engine": request.engine}
        details |= {"price_usd": task.price_usd, "overrides": overrides}
        place = (request.stream_id, request.segment_id, request.kind)
        return NewEvent("queued", self.actor.username, now, place, details)
