"""Comments on a segment or one of its versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.errors import NotFoundError
from director_lib.store.tables import assets, comments, versions


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark; it never changes a decision.

    Attributes:
        version_number: The version it was made on, or None for the segment as a whole.
        resolved_at: When it was resolved; None while open.
    """

    id: int
    stream_id: str
    segment_id: int
    kind: Kind
    version_number: int | None
    text: str
    author: str
    created_at: datetime
    resolved_at: datetime | None = None
    resolved_by: str | None = None


def add_comment(
    connection: sa.Connection,
    asset_id: int,
    text: str,
    *,
    author: str,
    created_at: datetime,
    version_id: int | None = None,
) -> Comment:
    """Append an open comment to an asset, on one of its versions when given."""
    result = connection.execute(
        comments.insert().values(
            asset_id=asset_id, version_id=version_id, text=text, author=author, created_at=created_at
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    return get_comment(connection, int(key[0]))


def get_comment(connection: sa.Connection, comment_id: int) -> Comment:
    """Return one comment.

    Raises:
        NotFoundError: There is no such comment.
    """
    row = connection.execute(_select().where(comments.c.id == comment_id)).one_or_none()
    if row is None:
        raise NotFoundError("comment", comment_id)
    return _comment(row)


def set_comment_resolved(
    connection: sa.Connection, comment_id: int, *, actor: str, resolved_at: datetime | None
) -> Comment:
    """Resolve a comment, or reopen it when ``resolved_at`` is None."""
    connection.execute(
        comments.update()
        .where(comments.c.id == comment_id)
        .values(resolved_at=resolved_at, resolved_by=actor if resolved_at else None)
    )
    return get_comment(connection, comment_id)


def list_comments(connection: sa.Connection, stream_id: str, segment_id: int, kind: Kind) -> list[Comment]:
    """Read the comments of one asset, oldest first."""
    query = (
        _select()
        .where(assets.c.stream_id == stream_id, assets.c.segment_id == segment_id, assets.c.kind == kind)
        .order_by(comments.c.id)
    )
    return [_comment(row) for row in connection.execute(query)]


def count_open_comments(connection: sa.Connection, stream_id: str) -> dict[tuple[int, Kind], int]:
    """Count the open comments of each asset; assets without any are absent."""
    query = (
        sa.select(assets.c.segment_id, assets.c.kind, sa.func.count())
        .join_from(comments, assets)
        .where(assets.c.stream_id == stream_id, comments.c.resolved_at.is_(None))
        .group_by(assets.c.segment_id, assets.c.kind)
    )
    return {(segment_id, Kind(kind)): count for segment_id, kind, count in connection.execute(query)}


def _select() -> sa.Select[tuple[object, ...]]:
    return sa.select(
        comments,
        assets.c.stream_id,
        assets.c.segment_id,
        assets.c.kind,
        versions.c.number.label("version_number"),
    ).select_from(
        comments.join(assets, assets.c.id == comments.c.asset_id).outerjoin(
            versions, versions.c.id == comments.c.version_id
        )
    )


def _comment(row: sa.Row[tuple[object, ...]]) -> Comment:
    values = row._mapping
    return Comment(
        id=values["id"],
        stream_id=values["stream_id"],
        segment_id=values["segment_id"],
        kind=Kind(values["kind"]),
        version_number=values["version_number"],
        text=values["text"],
        author=values["author"],
        created_at=values["created_at"],
        resolved_at=values["resolved_at"],
        resolved_by=values["resolved_by"],
    )
