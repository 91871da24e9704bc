"""The engines and models that people chose for streams and segments."""

from __future__ import annotations

import sqlalchemy as sa

from director_lib.domain.engine_choice import EngineChoice
from director_lib.domain.version import Kind
from director_lib.store.queue_tables import engine_choices

_WHOLE_STREAM = 0
"""Stands for no segment in the primary key; segments are numbered from 1."""


def list_choices(connection: sa.Connection, stream_id: str) -> list[EngineChoice]:
    """Read a stream's choices: for each kind the whole stream's, then its segments', by number."""
    query = sa.select(engine_choices).where(engine_choices.c.stream_id == stream_id)
    rows = connection.execute(query.order_by(engine_choices.c.kind, engine_choices.c.segment_id))
    return [
        EngineChoice(
            row.stream_id,
            row.segment_id if row.segment_id != _WHOLE_STREAM else None,
            Kind(row.kind),
            row.engine,
            row.model,
            row.chosen_by,
            row.chosen_at,
        )
        for row in rows
    ]


def list_chosen_engines(connection: sa.Connection) -> set[str]:
    """Read the names of all engines that are chosen for some stream or segment."""
    return set(connection.scalars(sa.select(engine_choices.c.engine).distinct()))


def save_choice(connection: sa.Connection, choice: EngineChoice) -> None:
    """Write a choice over what was chosen for the same place and kind before."""
    remove_choice(connection, choice.stream_id, choice.segment_id, choice.kind)
    connection.execute(
        engine_choices.insert().values(
            stream_id=choice.stream_id,
            segment_id=choice.segment_id or _WHOLE_STREAM,
            kind=choice.kind.value,
            engine=choice.engine,
            model=choice.model,
            chosen_by=choice.chosen_by,
            chosen_at=choice.chosen_at,
        )
    )


def remove_choice(connection: sa.Connection, stream_id: str, segment_id: int | None, kind: Kind) -> bool:
    """Remove a choice; tell whether there was one."""
    done = connection.execute(
        engine_choices.delete().where(
            engine_choices.c.stream_id == stream_id,
            engine_choices.c.segment_id == (segment_id or _WHOLE_STREAM),
            engine_choices.c.kind == kind.value,
        )
    )
    return done.rowcount > 0
