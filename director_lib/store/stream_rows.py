"""Everything that is recorded of a stream, moved as one to another id."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.errors import RuleError
from director_lib.store.count_keeping import touch_stream
from director_lib.store.events import Event
from director_lib.store.tables import (
    assets,
    checkpoints,
    drafts,
    engine_choices,
    events,
    known_briefs,
    known_prompts,
    spec_states,
    stream_tasks,
    streams,
    tasks,
    undo_steps,
)

_NAMING = (
    assets,
    checkpoints,
    drafts,
    engine_choices,
    events,
    known_briefs,
    known_prompts,
    spec_states,
    stream_tasks,
    undo_steps,
)
"""Tables with a ``stream_id``; everything else belongs to a stream through its assets."""


def has_stream_rows(connection: sa.Connection, stream_id: str) -> bool:
    """Tell whether anything at all is recorded under that id."""
    found = [sa.exists().where(table.c.stream_id == stream_id) for table in _NAMING]
    return bool(connection.scalar(sa.select(sa.or_(sa.exists().where(streams.c.id == stream_id), *found))))


def move_stream_rows(connection: sa.Connection, old_id: str, new_id: str) -> None:
    """Let everything that is recorded of one stream belong to another id, in the caller's transaction.

    The rows keep their own ids and order, so decisions still name their versions. What an event or a batch
    run said when it was recorded stays as it was said. An id without rows changes nothing.

    Raises:
        RuleError: Something is recorded under the new id already; two histories are never mixed.
    """
    if has_stream_rows(connection, new_id):
        raise RuleError(
            f"Something is recorded under the id “{new_id}” already. Nothing was moved; choose another id."
        )
    touch_stream(connection, old_id)
    old = connection.execute(sa.select(streams).where(streams.c.id == old_id)).mappings().one_or_none()
    if old is not None:
        # rows that refer to the stream need the new one before, and the old one until they have moved
        connection.execute(streams.insert().values({**old, "id": new_id}))
    _move_requests(connection, old_id, new_id)
    for table in _NAMING:
        connection.execute(table.update().where(table.c.stream_id == old_id).values(stream_id=new_id))
    connection.execute(streams.delete().where(streams.c.id == old_id))


def find_last_event(connection: sa.Connection, stream_id: str, verbs: Collection[str]) -> Event | None:
    """Find the newest of a stream's events with one of these verbs; None when there is none."""
    query = sa.select(events).where(events.c.stream_id == stream_id, events.c.verb.in_(verbs))
    row = connection.execute(query.order_by(events.c.seq.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    kind = Kind(row.kind) if row.kind else None
    return Event(
        row.seq, row.verb, row.actor, row.stream_id, row.segment_id, kind, row.details, row.happened_at
    )


def list_asset_ids(connection: sa.Connection, stream_id: str) -> list[int]:
    """List the ids of a stream's assets, sorted; empty when nothing was ever recorded for it."""
    query = sa.select(assets.c.id).where(assets.c.stream_id == stream_id).order_by(assets.c.id)
    return [int(asset_id) for asset_id in connection.scalars(query)]


def _move_requests(connection: sa.Connection, old_id: str, new_id: str) -> None:
    """Let the stream's tasks ask for the new id: a retry has to find its stream."""
    of_stream = tasks.c.asset_id.in_(sa.select(assets.c.id).where(assets.c.stream_id == old_id))
    moved = [
        {"task": task_id, "asked": {**request, "stream_id": new_id}}
        for task_id, request in connection.execute(sa.select(tasks.c.id, tasks.c.request).where(of_stream))
    ]
    if moved:
        change = tasks.update().where(tasks.c.id == sa.bindparam("task"))
        connection.execute(change.values(request=sa.bindparam("asked", type_=sa.JSON)), moved)
