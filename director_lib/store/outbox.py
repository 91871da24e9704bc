"""Queueing tasks: rows that the worker notices, written with the decision that caused them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.task import OPEN_STATES, GenerationRequest, Task, TaskState
from director_lib.store.assets import ensure_assets
from director_lib.store.count_keeping import add_tasks
from director_lib.store.tables import tasks
from director_lib.store.tasks import read_task

_OPEN = [state.value for state in OPEN_STATES]
_KEYS_AT_ONCE = 500
_INSERT = tasks.insert()
_REQUEST = tuple(GenerationRequest.__dataclass_fields__)
_WAITING = "waiting"
_WAITING_FOR_KEYFRAME = "waiting for its keyframe"


@dataclass(frozen=True, slots=True)
class NewTask:
    """A request about to be queued.

    Attributes:
        task_id: Made by the caller; unique for ever.
        priority: Lower starts earlier.
        seed_is_chosen: Whether somebody asked for exactly this seed. A seed drawn at random does not tell two
            clicks apart; a chosen one does.
        after_task_id: The task that has to succeed first.
        variant_set_id: The set of versions to choose from that it is made for; its seeds tell tasks apart.
    """

    task_id: str
    request: GenerationRequest
    author: str
    price_usd: float
    priority: int
    queued_at: datetime
    seed_is_chosen: bool = False
    after_task_id: str | None = None
    variant_set_id: str | None = None


def enqueue(connection: sa.Connection, new: NewTask) -> tuple[Task, bool]:
    """Queue one request, or return the open task that asks for the same; see ``enqueue_all``."""
    return enqueue_all(connection, [new])[0]


def enqueue_all(connection: sa.Connection, new: Sequence[NewTask]) -> list[tuple[Task, bool]]:
    """Queue requests, in their order, in the caller's transaction.

    A request that asks for the same as an open task is not queued again. The same means: stream, segment,
    kind, engine, prompts, source version, spec and, when chosen, the seed. A task that somebody is stopping
    does not count.

    Returns:
        For each request its task, and whether it is new.
    """
    keys = [_dedup_key(each) for each in new]
    known = {key: task for part in _batches(keys) for key, task in _find_open(connection, part)}
    fresh = {key: each for key, each in zip(keys, new, strict=True) if key not in known}
    made = _insert(connection, fresh)
    answers = []
    for key in keys:
        answers.append((made[key], True) if key in fresh else (known[key], False))
        if key in fresh:
            known[key] = made[key]
            del fresh[key]
    return answers


def _insert(connection: sa.Connection, fresh: dict[str, NewTask]) -> dict[str, Task]:
    places = [(each.request.stream_id, each.request.segment_id, each.request.kind) for each in fresh.values()]
    now = next(iter(fresh.values())).queued_at if fresh else None
    asset_ids = ensure_assets(connection, places, now=now) if now else {}
    seq = connection.scalar(sa.select(sa.func.max(tasks.c.seq))) or 0
    rows, made = [], {}
    for (key, each), place in zip(fresh.items(), places, strict=True):
        seq += 1
        task = _queued(each, float(seq))
        made[key] = task
        rows.append(
            {
                "id": task.id,
                "seq": seq,
                "asset_id": asset_ids[place],
                "engine": each.request.engine,
                "request": {name: getattr(each.request, name) for name in _REQUEST},
                "dedup_key": key,
                "state": task.state.value,
                "phase": task.phase,
                "percent": task.percent,
                "priority": task.priority,
                "price_usd": task.price_usd,
                "author": task.author,
                "queued_at": task.queued_at,
                "position": float(seq),
                "after_task_id": task.after_task_id,
                "variant_set_id": task.variant_set_id,
            }
        )
    if rows:
        add_tasks(connection, [task.id for task in made.values()])
        connection.execute(_INSERT, rows)
    return made


def _queued(new: NewTask, position: float) -> Task:
    return Task(
        id=new.task_id,
        request=new.request,
        state=TaskState.QUEUED,
        phase=_WAITING if new.after_task_id is None else _WAITING_FOR_KEYFRAME,
        percent=0.0,
        price_usd=new.price_usd,
        priority=new.priority,
        author=new.author,
        queued_at=new.queued_at,
        position=position,
        after_task_id=new.after_task_id,
        variant_set_id=new.variant_set_id,
    )


def _find_open(connection: sa.Connection, keys: Sequence[str]) -> Iterator[tuple[str, Task]]:
    wanted = sa.and_(tasks.c.state.in_(_OPEN), tasks.c.cancel_requested_at.is_(None))
    for row in connection.execute(sa.select(tasks).where(tasks.c.dedup_key.in_(keys), wanted)):
        yield row.dedup_key, read_task(row)


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[first : first + _KEYS_AT_ONCE] for first in range(0, len(keys), _KEYS_AT_ONCE))


def _dedup_key(new: NewTask) -> str:
    request: GenerationRequest = new.request
    same = [request.stream_id, request.segment_id, request.kind, request.engine, request.image_prompt]
    same += [request.motion_prompt, request.negative_prompt, request.source_version_id]
    same += request.reference_sha256s
    same.append(request.spec_sha256)
    same.append(request.seed if new.seed_is_chosen or new.variant_set_id else None)
    same += [request.model] if request.model else []
    same += [new.after_task_id] if new.after_task_id else []
    return hashlib.sha256(json.dumps(same).encode()).hexdigest()
