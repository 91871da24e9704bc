"""Deciding whether a task may begin, and what its engine is told."""

from __future__ import annotations

import contextlib
from pathlib import Path

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import EngineError, NotFoundError
from director_lib.intake.produced import fail_task
from director_lib.store.assets import find_asset_id
from director_lib.store.tasks import Outcome, close_attempt, find_task, finish, list_unclosed_attempts, start
from director_lib.store.versions import get_version, list_versions
from director_lib.tasks.child import Job
from director_lib.tasks.workshop import Workshop

MOST_ATTEMPTS = 20
_COMPARED_STILLS = 10
_UNKNOWN = (
    "The worker stopped while a paid call was under way, and nobody can tell whether it was made. It is not "
    "repeated by itself: look into the provider's account, then retry the task if it was not."
)


def is_paid(workshop: Workshop, task: Task) -> bool:
    """Tell whether the task's engine costs money.

    Raises:
        InputError: There is no such engine.
    """
    return workshop.get_engine(task.request.engine).capabilities().is_paid


def begin(workshop: Workshop, connection: sa.Connection, task_id: str) -> Task | None:
    """Start a task, or close it when it must not be started.

    A free attempt that was interrupted is repeated. A paid one is not: nobody can know if it was charged.

    Returns:
        The running task; None when it is closed or does not exist.

    Raises:
        InputError: There is no such engine.
    """
    task = find_task(connection, task_id)
    if task is None or not task.is_open:
        return None
    now = workshop.clock()
    if task.cancel_requested_at is not None:
        finish(connection, task_id, Outcome(TaskState.CANCELLED, now, phase="cancelled"))
        return None
    interrupted = list_unclosed_attempts(connection, task_id)
    if interrupted and is_paid(workshop, task):
        outcome = Outcome(TaskState.UNKNOWN, now, error_code="unknown", error_message=_UNKNOWN)
        finish(connection, task_id, outcome)
        return None
    for tag in interrupted:
        close_attempt(connection, tag, state="interrupted", ended_at=now, billed_usd=0.0)
    if any(int(attempt_number(tag)) >= MOST_ATTEMPTS for tag in interrupted):
        why = f"This task was interrupted {MOST_ATTEMPTS} times and is given up. Nothing was replaced."
        fail_task(connection, task_id, EngineError(why), now)
        return None
    return start(connection, task_id, now)


def attempt_number(tag: str) -> str:
    """Return the number of an attempt, 1 for a task's first, from its receipt's tag."""
    return tag.rpartition(":")[2]


def make_job(workshop: Workshop, task: Task, attempt: str) -> Job:
    """Prepare what the task's process is told, with an empty scratch folder.

    Args:
        attempt: The attempt's number, for the folder's name.

    Raises:
        EngineError: A clip has no keyframe, or its keyframe's file is not at hand.
    """
    return Job(
        engines=workshop.engines,
        request=task.request,
        folder=workshop.fresh_scratch(task.id, attempt),
        keyframe=_find_keyframe(workshop, task),
        settings=workshop.settings,
        earlier=_earlier_stills(workshop, task),
    )


def _earlier_stills(workshop: Workshop, task: Task) -> dict[int, Path]:
    """Find the newest stills of the same asset whose files are at hand, by version number."""
    request = task.request
    if request.kind is not Kind.KEYFRAME:
        return {}
    with workshop.database.read() as connection:
        asset_id = find_asset_id(connection, request.stream_id, request.segment_id, request.kind)
        versions = [] if asset_id is None else list_versions(connection, asset_id)
    found = {}
    for version in versions[-_COMPARED_STILLS:]:
        with contextlib.suppress(NotFoundError):
            found[version.number] = workshop.files.get(version.sha256, version.extension)
    return found


def _find_keyframe(workshop: Workshop, task: Task) -> Path | None:
    request = task.request
    if request.kind is Kind.KEYFRAME:
        return None
    if request.source_version_id is None:
        raise EngineError(
            f"A clip starts from a keyframe, and segment {request.segment_id} has none. Make and approve "
            "its keyframe, then ask for the clip again."
        )
    with workshop.database.read() as connection:
        version = get_version(connection, request.source_version_id)
    try:
        return workshop.files.get(version.sha256, version.extension)
    except NotFoundError as error:
        raise EngineError(
            f"The file of keyframe version {version.number} of segment {request.segment_id} is not in the "
            "version store. Bring it back from the archive or choose another version, then try again."
        ) from error
