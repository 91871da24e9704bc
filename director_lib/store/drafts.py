"""Drafts: one person's unsaved prompt text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.store.tables import drafts


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsaved text of one field of one segment.

    Attributes:
        base_text: The saved text that the draft was typed over.
    """

    segment_id: int
    field: str
    text: str
    base_text: str
    saved_at: datetime


def put_draft(connection: sa.Connection, actor: str, stream_id: str, draft: Draft) -> None:
    """Keep a draft, in place of the person's earlier one for the same field."""
    discard_draft(connection, actor, stream_id, draft.segment_id, draft.field)
    connection.execute(
        drafts.insert().values(
            actor=actor,
            stream_id=stream_id,
            segment_id=draft.segment_id,
            field=draft.field,
            text=draft.text,
            base_text=draft.base_text,
            saved_at=draft.saved_at,
        )
    )


def discard_draft(connection: sa.Connection, actor: str, stream_id: str, segment_id: int, field: str) -> None:
    """Forget a draft; does nothing when there is none."""
    connection.execute(
        drafts.delete().where(
            drafts.c.actor == actor,
            drafts.c.stream_id == stream_id,
            drafts.c.segment_id == segment_id,
            drafts.c.field == field,
        )
    )


def list_drafts(connection: sa.Connection, actor: str, stream_id: str) -> list[Draft]:
    """Read a person's drafts for one stream, by segment and field."""
    query = sa.select(drafts).where(drafts.c.actor == actor, drafts.c.stream_id == stream_id)
    found = [
        Draft(row.segment_id, row.field, row.text, row.base_text, row.saved_at)
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda draft: (draft.segment_id, draft.field))
