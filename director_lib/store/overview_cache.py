"""What the list of streams shows of each, kept with what it was made of; may be emptied at any time."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Column, Table

from director_lib.store.column_types import Text
from director_lib.store.schema import metadata

overview_cache = Table(
    "overview_cache",
    metadata,
    # a stream's id when it was kept; the key tells whether the stream of that id is still the same
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("overview", Text, nullable=False),
)

_AT_ONCE = 400


def read_kept(connection: sa.Connection) -> dict[str, tuple[str, str]]:
    """Read the key and the overview that were kept of every stream, by id."""
    rows = connection.execute(sa.select(overview_cache))
    return {stream_id: (key, overview) for stream_id, key, overview in rows}


def keep(connection: sa.Connection, kept: Iterable[tuple[str, str, str]], gone: Iterable[str] = ()) -> None:
    """Keep id, key and overview of streams in place of what was kept of them, and forget others."""
    rows = [{"id": stream_id, "key": key, "overview": text} for stream_id, key, text in kept]
    ids = [*(row["id"] for row in rows), *gone]
    for first in range(0, len(ids), _AT_ONCE):
        connection.execute(
            overview_cache.delete().where(overview_cache.c.id.in_(ids[first : first + _AT_ONCE]))
        )
    if rows:
        connection.execute(overview_cache.insert(), rows)
