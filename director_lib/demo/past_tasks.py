"""Tasks of the past: queued, run and closed, at the instants of a demo history."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from director_lib.demo.steps import Failed
from director_lib.domain.task import PRIORITY_SINGLE, GenerationRequest, Task, TaskState
from director_lib.domain.version import Kind, Version
from director_lib.errors import StorageError
from director_lib.intake.produced import fail_task
from director_lib.store.assets import ensure_asset
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.events import record_event
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tasks import Outcome, finish, report_progress, request_cancel, start
from director_lib.store.versions import NewVersion, add_version, set_current

_TYPICAL_S = {Kind.KEYFRAME: 2.6, Kind.VIDEO: 6.8}


@dataclass(frozen=True, slots=True)
class PastTask:
    """What somebody once asked for."""

    request: GenerationRequest
    author: str
    queued_at: datetime

    @property
    def id(self) -> str:
        """The task's id, the same in every demo."""
        request = self.request
        told = (
            f"{request.stream_id} {request.segment_id} {request.kind} {request.seed} {request.image_prompt}"
        )
        digest = hashlib.blake2b(f"{told} {request.motion_prompt}".encode(), digest_size=15).digest()
        return f"t_{base64.urlsafe_b64encode(digest).decode()}"

    @property
    def started_at(self) -> datetime:
        """When a worker took it."""
        return self.queued_at + timedelta(seconds=0.2 + self.request.seed % 11 / 10)

    @property
    def ended_at(self) -> datetime:
        """When it was done."""
        took_s = _TYPICAL_S[self.request.kind] * (1 + self.request.seed % 7 / 10)
        return self.started_at + timedelta(seconds=took_s)


def add_made(connection: sa.Connection, past: PastTask, facts: NewVersion) -> Version:
    """Add a task that succeeded, and its version, which becomes the current one.

    Args:
        facts: The version's file, with the model and parameters of its making.
    """
    task, tag = _run(connection, past)
    request = past.request
    asset_id = ensure_asset(
        connection, request.stream_id, request.segment_id, request.kind, now=past.queued_at
    )
    version = add_version(connection, asset_id, _with_making(facts, past))
    close_attempt(
        connection,
        tag,
        state=TaskState.SUCCEEDED.value,
        ended_at=past.ended_at,
        billed_usd=0.0,
        model=facts.provenance.model,
    )
    finish(
        connection, task.id, Outcome(TaskState.SUCCEEDED, past.ended_at, version_id=version.id, phase="done")
    )
    set_current(connection, asset_id, version.id)
    details: dict[str, object] = {
        "task_id": task.id,
        "version_id": version.id,
        "number": version.number,
        "engine": request.engine,
        "cost_usd": 0.0,
    }
    _tell(connection, past, "generated", past.ended_at, details)
    return version


def add_failed(connection: sa.Connection, past: PastTask, step: Failed) -> None:
    """Add a task that failed on its way."""
    task, tag = _run(connection, past)
    report_progress(connection, task.id, "painting", step.percent)
    close_attempt(
        connection,
        tag,
        state=TaskState.FAILED.value,
        ended_at=past.ended_at,
        billed_usd=0.0,
        error_message=step.message,
    )
    fail_task(connection, task.id, StorageError(step.message), past.ended_at)


def add_cancelled(connection: sa.Connection, past: PastTask) -> None:
    """Add a task that was stopped while it waited."""
    task = _queue(connection, past)
    request_cancel(connection, task.id, past.started_at)
    _tell(connection, past, "cancelled", past.started_at, {"task_id": task.id})


def _run(connection: sa.Connection, past: PastTask) -> tuple[Task, str]:
    task = _queue(connection, past)
    start(connection, task.id, past.started_at)
    return task, open_attempt(connection, task, past.started_at)


def _queue(connection: sa.Connection, past: PastTask) -> Task:
    new = NewTask(past.id, past.request, past.author, 0.0, PRIORITY_SINGLE, past.queued_at)
    task, _is_new = enqueue(connection, new)
    details: dict[str, object] = {"task_id": task.id, "engine": past.request.engine, "price_usd": 0.0}
    _tell(connection, past, "queued", past.queued_at, details)
    return task


def _with_making(facts: NewVersion, past: PastTask) -> NewVersion:
    request = past.request
    made_of = replace(
        facts.provenance,
        image_prompt=request.image_prompt,
        motion_prompt=request.motion_prompt if request.kind is Kind.VIDEO else None,
        negative_prompt=request.negative_prompt,
        engine=request.engine,
        seed=request.seed,
        source_version_id=request.source_version_id,
        spec_sha256=request.spec_sha256,
        task_id=past.id,
        author=past.author,
    )
    return replace(facts, created_at=past.ended_at, provenance=made_of)


def _tell(
    connection: sa.Connection, past: PastTask, verb: str, at: datetime, details: dict[str, object]
) -> None:
    request = past.request
    place = (request.stream_id, request.segment_id, request.kind)
    record_event(connection, verb, past.author, at, place=place, details=details)
