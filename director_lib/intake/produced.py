"""Publishing the file that an engine made for a task: exactly once, whatever crashes in between."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from director_lib.domain.task import GenerationRequest, Task, TaskState
from director_lib.domain.version import Kind, Origin, Provenance, Version
from director_lib.errors import DirectorError, InvalidMediaError
from director_lib.intake.absorb import probe_as
from director_lib.intake.labelling import Produced, mark_produced
from director_lib.intake.placing import close_task, settle
from director_lib.intake.shelf import Shelf
from director_lib.media.files import StoredFile, VersionFiles
from director_lib.media.probe import MediaFacts
from director_lib.media.thumbnails import prepare_thumbnails
from director_lib.store.assets import ensure_asset
from director_lib.store.claims import Claim, check_claim
from director_lib.store.database import Database
from director_lib.store.events import record_event
from director_lib.store.findings import add_findings
from director_lib.store.tasks import Outcome, finish, get_task
from director_lib.store.text import storable
from director_lib.store.variant_sets import is_hidden_set
from director_lib.store.versions import (
    NewVersion,
    add_version,
    clear_pending,
    find_current,
    find_pending,
    find_version_of_task,
    set_pending,
)
from director_lib.streams.folder import StreamsRoot

__all__ = ["Produced", "fail_task", "take_in"]

_LEAST_SIDE_PX = 16
_LEAST_CLIP_S = 0.1
_MOST_TIMES_LONGER = 4


def take_in(
    database: Database, files: VersionFiles, root: StreamsRoot, produced: Produced, *, now: datetime
) -> Task:
    """Make an engine's file the current version of its asset and let the task succeed.

    One of several to choose from is recorded as a version only, and what is current stays so until somebody
    picks; the first of an asset that had nothing becomes current, but not where it is to be chosen blind.

    May be repeated after a crash at any point: it ends with one version, one file and one closed task. A
    cancel that was asked for before the version was recorded wins, and no file changes; a later one comes too
    late and the task succeeds. A file that is damaged or not what was asked for fails the task; so does one
    that cannot be put in place, which is kept as a version that is not current. What was current stays so.

    Args:
        now: Aware UTC instant that the version and the timeline get.

    Returns:
        The closed task.

    Raises:
        NotFoundError: There is no such task.
        StorageError: The database or the version store refused; nothing is half-done that cannot be repeated.
        SupersededError: Another worker has taken the task over.
    """
    shelf = Shelf(database, files, root)
    with database.write() as connection:
        task = get_task(connection, produced.task_id)
        request = task.request
        asset_id = ensure_asset(connection, request.stream_id, request.segment_id, request.kind, now=now)
        known = find_version_of_task(connection, task.id)
    if not task.is_open:
        return task
    with shelf.lock(asset_id):
        if known is None:
            try:
                facts = _check(produced.path, request)
            except InvalidMediaError as error:
                return _fail(shelf, task, error, now, claim=produced.claim)
            settle(shelf, asset_id, now=now)
            marked = mark_produced(shelf, task, produced, facts)
            stored = files.add(marked.path, facts.extension)
            prepare_thumbnails(files, stored.sha256, facts.extension)
            new = _new_version(task, marked, facts, stored, now)
            with database.write() as connection:
                known = _record(connection, produced, asset_id, new)
        if known is not None:
            _publish(shelf, asset_id, known, task, now)
    with database.read() as connection:
        return get_task(connection, task.id)


def _check(path: Path, request: GenerationRequest) -> MediaFacts:
    if not path.is_file():
        raise InvalidMediaError(path, "the engine left no such file")
    facts = probe_as(path, request.kind)
    if min(facts.width, facts.height) < _LEAST_SIDE_PX:
        raise InvalidMediaError(path, f"it is only {facts.width} × {facts.height} pixels")
    if request.kind is Kind.VIDEO:
        length_s = facts.duration_s or 0.0
        if not _LEAST_CLIP_S <= length_s <= _MOST_TIMES_LONGER * request.duration_s + 1:
            raise InvalidMediaError(
                path, f"it lasts {length_s:.1f} s and {request.duration_s:.1f} s were asked for"
            )
    return facts


def _new_version(
    task: Task, produced: Produced, facts: MediaFacts, stored: StoredFile, now: datetime
) -> NewVersion:
    request = task.request
    made_of = Provenance(
        image_prompt=request.image_prompt,
        motion_prompt=request.motion_prompt if request.kind is Kind.VIDEO else None,
        negative_prompt=request.negative_prompt,
        engine=request.engine,
        model=produced.model,
        seed=request.seed,
        params=produced.params,
        source_version_id=request.source_version_id,
        cost_usd=produced.cost_usd,
        task_id=task.id,
        author=task.author,
        reference_sha256s=request.reference_sha256s,
        spec_sha256=request.spec_sha256,
    )
    return NewVersion(
        sha256=stored.sha256,
        extension=facts.extension,
        size_bytes=stored.size_bytes,
        origin=Origin.GENERATED,
        created_at=now,
        width=facts.width,
        height=facts.height,
        duration_s=facts.duration_s,
        provenance=made_of,
    )


def _record(connection: sa.Connection, produced: Produced, asset_id: int, new: NewVersion) -> Version | None:
    """Decide between the task and its cancellation: record the version, or cancel the task.

    The version is pending afterwards. A variant's task is closed instead when there is something current: the
    file of the stream stays what it is.
    """
    task_id = produced.task_id
    task = get_task(connection, task_id)
    if not task.is_open:
        return None
    check_claim(connection, produced.claim)
    if task.cancel_requested_at is not None:
        finish(connection, task_id, Outcome(TaskState.CANCELLED, new.created_at, phase="cancelled"))
        return None
    version = find_version_of_task(connection, task_id)
    if version is None:
        version = add_version(connection, asset_id, new)
        add_findings(connection, version.id, produced.findings)
    if task.variant_set_id is not None and _may_not_show(connection, asset_id, task.variant_set_id):
        close_task(connection, version, new.created_at)
    else:
        set_pending(connection, asset_id, version.id)
    return version


def _may_not_show(connection: sa.Connection, asset_id: int, set_id: str) -> bool:
    """Tell whether a variant stays out of the stream's folder: what is current would tell how it was made."""
    return find_current(connection, asset_id) is not None or is_hidden_set(connection, set_id)


def _publish(shelf: Shelf, asset_id: int, version: Version, task: Task, now: datetime) -> None:
    try:
        settle(shelf, asset_id, now=now)
    except DirectorError as error:
        with shelf.database.write() as connection:
            pending = find_pending(connection, asset_id)
            if pending is not None and pending.id == version.id:
                clear_pending(connection, asset_id)
        _fail(shelf, task, error, now, version_id=version.id)


def _fail(
    shelf: Shelf,
    task: Task,
    error: DirectorError,
    now: datetime,
    *,
    version_id: int | None = None,
    claim: Claim | None = None,
) -> Task:
    with shelf.database.write() as connection:
        check_claim(connection, claim)
        return fail_task(connection, task.id, error, now, version_id=version_id)


def fail_task(
    connection: sa.Connection,
    task_id: str,
    error: DirectorError,
    at: datetime,
    *,
    version_id: int | None = None,
) -> Task:
    """Close a task as failed and tell the timeline; a task that is closed already stays as it is.

    Args:
        version_id: The version that was made although the task failed, if any.

    Returns:
        The closed task.

    Raises:
        NotFoundError: There is no such task.
    """
    task = get_task(connection, task_id)
    if not task.is_open:
        return task
    outcome = Outcome(
        TaskState.FAILED,
        at,
        version_id=version_id,
        error_code=error.code,
        error_message=error.user_message,
    )
    request = task.request
    place = (request.stream_id, request.segment_id, request.kind)
    details = {"task_id": task_id, "code": error.code, "message": storable(error.user_message)}
    record_event(connection, "generation_failed", task.author, at, place=place, details=details)
    return finish(connection, task_id, outcome)
