"""Deciding how a claimed task goes on, and what its engine is told."""

from __future__ import annotations

import contextlib
import platform
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.engines.protocol import Engine
from director_lib.errors import EngineError, NotFoundError
from director_lib.intake.produced import fail_task
from director_lib.store.assets import find_asset_id
from director_lib.store.attempts import (
    STARTED,
    SUCCEEDED,
    Receipt,
    close_attempt,
    find_last_attempt,
    open_attempt,
)
from director_lib.store.claims import Claim
from director_lib.store.tasks import Outcome, finish, get_task
from director_lib.store.versions import find_extension, get_version, list_versions
from director_lib.store.workers import list_cards
from director_lib.tasks.attempt import Attempt
from director_lib.tasks.workshop import Workshop

MOST_ATTEMPTS = 20
_COMPARED_STILLS = 10


@dataclass(frozen=True, slots=True)
class Opened:
    """An attempt that may be made, or made further.

    Attributes:
        is_resumed: Whether an earlier holder of the task placed it.
        was_here: Whether its folder is here, if there ever was one.
    """

    task: Task
    receipt: Receipt
    is_resumed: bool
    was_here: bool = True


def is_resumable(engine: Engine, kind: Kind) -> bool:
    """Tell whether an interrupted attempt goes on elsewhere, so that it must be taken up and not repeated."""
    can = engine.capabilities()
    return can.is_paid or kind in can.remote_kinds


def open_next(workshop: Workshop, connection: sa.Connection, claim: Claim) -> Opened | None:
    """Write the receipt of a claimed task's next attempt, or take up the one that was interrupted.

    A free attempt that was interrupted is repeated. One that goes on elsewhere is taken up: it is never
    placed twice. A cancel that came before closes the task, unless something has to be stopped first.

    Returns:
        The attempt; None when the task is closed now.

    Raises:
        InputError: There is no such engine.
        NotFoundError: There is no such task.
        StorageError: The attempt's folder cannot be made; nothing is to be committed.
    """
    task, now = get_task(connection, claim.task_id), workshop.clock()
    engine = workshop.get_engine(task.request.engine)
    last = find_last_attempt(connection, task.id)
    is_unfinished = last is not None and last.state in (STARTED, SUCCEEDED)
    if last is not None and is_unfinished and is_resumable(engine, task.request.kind):
        return Opened(task, last, is_resumed=True, was_here=_was_here(workshop, connection, task.id, last))
    if task.cancel_requested_at is not None:
        _close_interrupted(workshop, connection, last, "cancelled")
        finish(connection, task.id, Outcome(TaskState.CANCELLED, now, phase="cancelled"))
        workshop.drop_scratch(task.id)
        return None
    _close_interrupted(workshop, connection, last, "interrupted")
    if last is not None and last.number >= MOST_ATTEMPTS:
        why = f"This task was interrupted {MOST_ATTEMPTS} times and is given up. Nothing was replaced."
        fail_task(connection, task.id, EngineError(why), now)
        workshop.drop_scratch(task.id)
        return None
    open_attempt(connection, task, now, workshop.worker)
    opened = find_last_attempt(connection, task.id)
    assert opened is not None
    # before the receipt counts: a receipt whose folder is missing means that another machine placed it
    workshop.fresh_scratch(task.id, str(opened.number))
    return Opened(task, opened, is_resumed=False)


def prepare(workshop: Workshop, opened: Opened) -> Attempt:
    """Gather what the attempt's engine is told, with its scratch folder.

    Raises:
        EngineError: A clip has no keyframe, or the file of a picture to send is not at hand.
    """
    task, receipt = opened.task, opened.receipt
    return Attempt(
        tag=receipt.tag,
        task=task,
        placed_at=receipt.started_at,
        folder=workshop.scratch(task.id, str(receipt.number)),
        keyframe=_find_keyframe(workshop, task),
        references=_find_references(workshop, task),
        earlier=_earlier_stills(workshop, task),
        remote_id=receipt.remote_id,
        is_resumed=opened.is_resumed,
        timeout_s=workshop.settings.task_timeout_s,
    )


def _close_interrupted(
    workshop: Workshop, connection: sa.Connection, last: Receipt | None, state: str
) -> None:
    if last is not None and last.ended_at is None and last.state == STARTED:
        close_attempt(connection, last.tag, state=state, ended_at=workshop.clock(), billed_usd=0.0)


def _was_here(workshop: Workshop, connection: sa.Connection, task_id: str, receipt: Receipt) -> bool:
    if receipt.worker in (None, workshop.worker) or workshop.scratch(task_id, str(receipt.number)).is_dir():
        return True
    hosts = {card.name: card.host for card in list_cards(connection)}
    return hosts.get(receipt.worker or "") == platform.node()


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


def _find_references(workshop: Workshop, task: Task) -> tuple[Path, ...]:
    digests = task.request.reference_sha256s
    with workshop.database.read() as connection:
        endings = {sha256: find_extension(connection, sha256) for sha256 in digests}
    try:
        return tuple(workshop.files.get(sha256, endings[sha256] or ".png") for sha256 in digests)
    except NotFoundError as error:
        raise EngineError(
            f"A picture that segment {task.request.segment_id} is to go by is not in the version store. "
            "Bring it back from the archive or choose another one, then try again."
        ) from error
