"""How many people have to approve on a stream before something is approved."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from director_lib.store.assets import ensure_stream
from director_lib.store.count_keeping import touch_stream
from director_lib.store.tables import streams


def approvals_needed(connection: sa.Connection, stream_id: str) -> int:
    """Return how many approvals the stream asks for: 1 unless somebody said otherwise."""
    needed = connection.scalar(sa.select(streams.c.approvals_needed).where(streams.c.id == stream_id))
    return 1 if needed is None else int(needed)


def set_approvals_needed(connection: sa.Connection, stream_id: str, needed: int, *, now: datetime) -> None:
    """Say how many approvals the stream asks for; it counts for what was decided before, too."""
    ensure_stream(connection, stream_id, now=now)
    touch_stream(connection, stream_id)
    connection.execute(streams.update().where(streams.c.id == stream_id).values(approvals_needed=needed))
