"""The prompts of a stream as they were last seen in its file, or saved into it by the workbench."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.prompt_edits import PromptPlace
from director_lib.store.tables import known_prompts

_UPDATE = (
    known_prompts.update()
    .where(
        known_prompts.c.stream_id == sa.bindparam("of_stream"),
        known_prompts.c.segment_id == sa.bindparam("of_segment"),
        known_prompts.c.field == sa.bindparam("of_field"),
    )
    .values(text=sa.bindparam("new_text"), seen_at=sa.bindparam("new_seen_at"))
)


def read_known_prompts(connection: sa.Connection, stream_id: str) -> dict[PromptPlace, str]:
    """Read every prompt that is known of a stream; places that were never seen are absent."""
    columns = (known_prompts.c.segment_id, known_prompts.c.field, known_prompts.c.text)
    rows = connection.execute(sa.select(*columns).where(known_prompts.c.stream_id == stream_id))
    return {(segment_id, field): text for segment_id, field, text in rows}


def put_known_prompts(
    connection: sa.Connection, stream_id: str, texts: Mapping[PromptPlace, str], seen_at: datetime
) -> None:
    """Remember prompts, in place of what was known of the same ones, in the caller's writing transaction."""
    segment_ids = {segment_id for segment_id, _ in texts}
    known = _known_places(connection, stream_id, segment_ids)
    rows = [
        {
            "of_stream": stream_id,
            "of_segment": segment_id,
            "of_field": field,
            "new_text": text,
            "new_seen_at": seen_at,
        }
        for (segment_id, field), text in texts.items()
    ]
    changed = [row for row in rows if (row["of_segment"], row["of_field"]) in known]
    added = [row for row in rows if (row["of_segment"], row["of_field"]) not in known]
    if changed:
        connection.execute(_UPDATE, changed)
    if added:
        connection.execute(known_prompts.insert(), [_named(row) for row in added])


def _known_places(
    connection: sa.Connection, stream_id: str, segment_ids: set[int]
) -> set[tuple[object, object]]:
    query = sa.select(known_prompts.c.segment_id, known_prompts.c.field)
    query = query.where(known_prompts.c.stream_id == stream_id)
    if len(segment_ids) == 1:
        query = query.where(known_prompts.c.segment_id.in_(segment_ids))
    return {(segment_id, field) for segment_id, field in connection.execute(query)}


def _named(row: Mapping[str, object]) -> dict[str, object]:
    return {
        "stream_id": row["of_stream"],
        "segment_id": row["of_segment"],
        "field": row["of_field"],
        "text": row["new_text"],
        "seen_at": row["new_seen_at"],
    }
