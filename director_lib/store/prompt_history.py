"""The edits of a segment's prompts, as the timeline's events tell them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from director_lib.domain.prompt_edits import PROMPT_FIELDS, PromptChange, PromptSource
from director_lib.store.tables import events

EDITED, EDITED_OUTSIDE, BROUGHT_BACK = "edited_prompt", "edited_prompt_outside", "brought_back_prompt"

_SOURCES = {
    EDITED: PromptSource.WORKBENCH,
    EDITED_OUTSIDE: PromptSource.OUTSIDE,
    BROUGHT_BACK: PromptSource.BROUGHT_BACK,
}


def list_prompt_changes(
    connection: sa.Connection,
    stream_id: str,
    segment_id: int,
    *,
    field: str | None = None,
    seq: int | None = None,
) -> list[PromptChange]:
    """Read the edits of a segment's prompts, newest first; empty when there was none.

    Args:
        field: Only edits of this prompt; all three when None.
        seq: Only edits that this event recorded.
    """
    query = (
        sa.select(events)
        .where(
            events.c.stream_id == stream_id,
            events.c.segment_id == segment_id,
            events.c.verb.in_(sorted(_SOURCES)),
        )
        .order_by(events.c.seq.desc())
    )
    if seq is not None:
        query = query.where(events.c.seq == seq)
    changes = [change for row in connection.execute(query) for change in _changes(row)]
    return [change for change in changes if field is None or change.field == field]


def _changes(row: sa.Row[Any]) -> list[PromptChange]:
    """Return one edit for each prompt that the event says was changed."""
    before, after = row.details["before"], row.details["after"]
    return [
        PromptChange(
            seq=row.seq,
            segment_id=row.segment_id,
            field=field,
            before=before[field],
            after=after[field],
            actor=row.actor,
            source=_SOURCES[row.verb],
            happened_at=row.happened_at,
        )
        for field in PROMPT_FIELDS
        if field in after and field in before and before[field] != after[field]
    ]
