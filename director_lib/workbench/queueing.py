"""Queueing requests with their price, their budget check and their lines in the timeline."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.people import Actor
from director_lib.domain.task import Task
from director_lib.engines.protocol import Engine
from director_lib.store.assets import Place
from director_lib.store.events import NewEvent, record_events
from director_lib.store.outbox import NewTask, enqueue_all
from director_lib.store.variant_sets import NewVariantSet, add_missing_sets
from director_lib.tasks.budget import check_budget
from director_lib.tasks.clearance import find_overrides
from director_lib.tasks.ordering import Order
from director_lib.tasks.requests import check_makeable

Queued = list[tuple[Task, bool]]
"""Tasks, each with whether it is new."""


@dataclass(frozen=True, slots=True)
class _Leave:
    """What was wanted of all orders of a batch."""

    priority: int
    seed_is_chosen: bool
    unapproved_keyframe: bool


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
        orders: Sequence[Order],
        priority: int,
        *,
        seed_is_chosen: bool = False,
        allow_unapproved_keyframe: bool = False,
    ) -> Queued:
        """Queue orders in the caller's transaction, in their order, after the keyframes that they wait for.

        Args:
            seed_is_chosen: Whether a person asked for exactly these seeds.
            allow_unapproved_keyframe: Whether a clip may start from a keyframe that is not approved; the
                timeline says where that was needed. One that waits for its keyframe always may.

        Returns:
            The keyframes' tasks, then one for each order.

        Raises:
            InputError: There is no such engine, or it does not make that kind.
            RuleError: There is no prompt, a clip has no approved keyframe, or the price is over the budget.
                The caller's transaction is to be undone, with every task of the batch.
        """
        now = self.clock()
        leave = _Leave(priority, seed_is_chosen, allow_unapproved_keyframe)
        first = {_place(order): Order(order.keyframe) for order in orders if order.keyframe is not None}
        keyframes = self._put(connection, list(first.values()), replace(leave, seed_is_chosen=False), now)
        task_ids = dict(zip(first, (task.id for task, _, _ in keyframes), strict=True))
        placed = [
            replace(order, after_task_id=task_ids[_place(order)]) if order.keyframe else order
            for order in orders
        ]
        put = [*keyframes, *self._put(connection, placed, leave, now)]
        self._check_budget(connection, [task for task, is_new, _ in put if is_new], now)
        events = [self._queued_event(task, now, passed) for task, is_new, passed in put if is_new]
        record_events(connection, events)
        return [(task, is_new) for task, is_new, _ in put]

    def _put(
        self, connection: sa.Connection, orders: Sequence[Order], leave: _Leave, now: datetime
    ) -> list[tuple[Task, bool, list[str]]]:
        """Queue orders without asking for money; say of each whether it is new and what it passes over."""
        new = [self._new_task(order, leave, now) for order in orders]
        allowed = [leave.unapproved_keyframe or order.follows_keyframe for order in orders]
        overrides = find_overrides(connection, [order.request for order in orders], allowed=allowed)
        queued = enqueue_all(connection, new)
        fresh = [order for order, (_, is_new) in zip(orders, queued, strict=True) if is_new]
        add_missing_sets(connection, _new_sets(fresh, self.actor.username, now))
        return [(*each, passed) for each, passed in zip(queued, overrides, strict=True)]

    def _check_budget(self, connection: sa.Connection, fresh: Sequence[Task], now: datetime) -> None:
        for stream_id in {task.request.stream_id for task in fresh}:
            price_usd = sum(task.price_usd for task in fresh if task.request.stream_id == stream_id)
            check_budget(connection, self.settings, stream_id, price_usd, now=now)

    def _new_task(self, order: Order, leave: _Leave, now: datetime) -> NewTask:
        request = order.request
        engine = self.get_engine(request.engine)
        check_makeable(engine, request, follows_keyframe=order.follows_keyframe)
        return NewTask(
            task_id=f"t_{secrets.token_urlsafe(15)}",
            request=request,
            author=self.actor.username,
            price_usd=engine.price_usd(request),
            priority=leave.priority,
            queued_at=now,
            seed_is_chosen=leave.seed_is_chosen,
            after_task_id=order.after_task_id,
            variant_set_id=order.variant_set_id,
        )

    def _queued_event(self, task: Task, now: datetime, overrides: list[str]) -> NewEvent:
        details: dict[str, object] = {"task_id": task.id, "engine": task.request.engine}
        details |= {"price_usd": task.price_usd, "overrides": overrides}
        if task.variant_set_id is not None:
            details["variant_set_id"] = task.variant_set_id
        if task.after_task_id is not None:
            details["after_task_id"] = task.after_task_id
        return NewEvent("queued", self.actor.username, now, _place(Order(task.request)), details)


def _place(order: Order) -> Place:
    return order.request.stream_id, order.request.segment_id, order.request.kind


def _new_sets(orders: Sequence[Order], author: str, now: datetime) -> list[NewVariantSet]:
    sets: dict[str, NewVariantSet] = {}
    for order in orders:
        if order.variant_set_id is None:
            continue
        started = NewVariantSet(order.variant_set_id, _place(order), author, now, order.is_blind)
        known = sets.setdefault(order.variant_set_id, started)
        if order.place is not None:
            sets[order.variant_set_id] = replace(known, places=(*known.places, order.place))
    return list(sets.values())
