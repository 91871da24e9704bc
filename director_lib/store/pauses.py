"""What is held back: the whole queue, or what one engine would make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.store.tables import pauses


@dataclass(frozen=True, slots=True)
class Pause:
    """Something is held back: its tasks stay queued, running ones go on.

    Attributes:
        engine: Its name; empty for the whole queue.
    """

    engine: str
    paused_at: datetime
    paused_by: str


def add_pause(connection: sa.Connection, new: Pause) -> bool:
    """Hold something back; an earlier pause stays as it was recorded.

    Returns:
        Whether it was not held back before.
    """
    known = connection.scalar(sa.select(pauses.c.engine).where(pauses.c.engine == new.engine))
    if known is None:
        row = {"engine": new.engine, "paused_at": new.paused_at, "paused_by": new.paused_by}
        connection.execute(pauses.insert().values(row))
    return known is None


def remove_pause(connection: sa.Connection, engine: str) -> bool:
    """Let something go on.

    Returns:
        Whether it was held back.
    """
    return connection.execute(pauses.delete().where(pauses.c.engine == engine)).rowcount > 0


def list_pauses(connection: sa.Connection) -> list[Pause]:
    """Read what is held back, the whole queue first, then engines by name."""
    query = sa.select(pauses.c.engine, pauses.c.paused_at, pauses.c.paused_by)
    # texts are sorted here because a server's order depends on how it was set up
    return sorted((Pause(*row) for row in connection.execute(query)), key=lambda pause: pause.engine)
