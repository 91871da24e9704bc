"""What streams' order forms said when they were last seen, or saved by the workbench."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Column, Table

from director_lib.store.column_types import Instant, Text
from director_lib.store.schema import metadata

known_briefs = Table(
    "known_briefs",
    metadata,
    Column("stream_id", Text, primary_key=True),
    Column("texts", sa.JSON, nullable=False),
    Column("seen_at", Instant, nullable=False),
)


def find_known_brief(connection: sa.Connection, stream_id: str) -> dict[str, str] | None:
    """Find what is known of a stream's order form, by field; None when it was never seen."""
    query = sa.select(known_briefs.c.texts).where(known_briefs.c.stream_id == stream_id)
    texts = connection.scalar(query)
    return None if texts is None else dict(texts)


def put_known_brief(
    connection: sa.Connection, stream_id: str, texts: Mapping[str, str], seen_at: datetime
) -> None:
    """Remember what an order form says, in place of what was known, in the caller's writing transaction."""
    connection.execute(known_briefs.delete().where(known_briefs.c.stream_id == stream_id))
    row = {"stream_id": stream_id, "texts": dict(texts), "seen_at": seen_at}
    connection.execute(known_briefs.insert().values(row))
