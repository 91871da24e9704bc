"""Comments on a segment or one of its versions, and who is mentioned in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.region import Region, find_region
from director_lib.domain.version import Kind
from director_lib.errors import NotFoundError
from director_lib.store.tables import assets, comment_mentions, comments, versions


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark; it never changes a decision.

    Attributes:
        version_number: The version it was made on, or None for the segment as a whole.
        resolved_at: When it was resolved; None while open, and for an answer.
        parent_id: The comment that it answers; None for the first one of a thread.
        frame: Frame of the clip that it is about, counted from 0; None for all of it.
        region: What was drawn over the picture.
        mentions: User names of the people mentioned in it, sorted.
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
    parent_id: int | None = None
    frame: int | None = None
    region: Region | None = None
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """What a new comment says, and about what.

    Attributes:
        version_id: The version it is about; None for the segment as a whole.
        parent_id, frame, region: As for a comment.
        mentions: User names of the people mentioned in the text.
    """

    text: str
    version_id: int | None = None
    parent_id: int | None = None
    frame: int | None = None
    region: Region | None = None
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """How much is said about one still or clip.

    Attributes:
        n_open: Threads that are not resolved.
        n_for_me: Those of them in which the reader is mentioned.
        n_comments: Comments of all threads, answers included.
    """

    n_open: int = 0
    n_for_me: int = 0
    n_comments: int = 0


def add_comment(
    connection: sa.Connection,
    asset_id: int,
    said: Remark | str,
    *,
    author: str,
    created_at: datetime,
    version_id: int | None = None,
) -> Comment:
    """Append an open comment to an asset.

    Args:
        said: The remark, or only its text.
        version_id: The version that a text is about; a remark names its own.
    """
    remark = said if isinstance(said, Remark) else Remark(said, version_id)
    result = connection.execute(
        comments.insert().values(
            asset_id=asset_id,
            version_id=remark.version_id,
            parent_id=remark.parent_id,
            text=remark.text,
            frame=remark.frame,
            region=remark.region.as_json() if remark.region else sa.null(),
            author=author,
            created_at=created_at,
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    if remark.mentions:
        rows = [{"comment_id": int(key[0]), "username": name} for name in remark.mentions]
        connection.execute(comment_mentions.insert(), rows)
    return get_comment(connection, int(key[0]))


def get_comment(connection: sa.Connection, comment_id: int) -> Comment:
    """Return one comment.

    Raises:
        NotFoundError: There is no such comment.
    """
    row = connection.execute(_select().where(comments.c.id == comment_id)).one_or_none()
    if row is None:
        raise NotFoundError("comment", comment_id)
    return _comment(row, _read_mentions(connection, [comment_id]))


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
    rows = connection.execute(query).all()
    mentions = _read_mentions(connection, [row.id for row in rows])
    return [_comment(row, mentions) for row in rows]


def list_stream_comments(connection: sa.Connection, stream_id: str) -> list[Comment]:
    """Read the comments of every still and clip of a stream, oldest first."""
    rows = connection.execute(_select().where(assets.c.stream_id == stream_id).order_by(comments.c.id)).all()
    of_stream = comments.c.id.in_(
        sa.select(comments.c.id).join_from(comments, assets).where(assets.c.stream_id == stream_id)
    )
    found: dict[int, list[str]] = {}
    mentioned = sa.select(comment_mentions.c.comment_id, comment_mentions.c.username)
    for comment_id, username in connection.execute(
        mentioned.join_from(comment_mentions, comments).where(of_stream)
    ):
        found.setdefault(comment_id, []).append(username)
    mentions = {comment_id: tuple(sorted(names)) for comment_id, names in found.items()}
    return [_comment(row, mentions) for row in rows]


def count_talk(connection: sa.Connection, stream_id: str, reader: str = "") -> dict[tuple[int, Kind], Talk]:
    """Count what is said about each asset of a stream; assets without comments are absent."""
    thread = sa.func.coalesce(comments.c.parent_id, comments.c.id)
    meant = sa.exists().where(
        comment_mentions.c.comment_id == comments.c.id, comment_mentions.c.username == reader
    )
    query = (
        sa.select(
            assets.c.segment_id, assets.c.kind, thread, comments.c.parent_id, comments.c.resolved_at, meant
        )
        .join_from(comments, assets)
        .where(assets.c.stream_id == stream_id)
    )
    threads: dict[tuple[int, Kind], dict[int, _Thread]] = {}
    for segment_id, kind, root, parent_id, resolved_at, is_meant in connection.execute(query):
        here = threads.setdefault((segment_id, Kind(kind)), {}).setdefault(root, _Thread())
        here.n_comments += 1
        here.is_for_me = here.is_for_me or bool(is_meant)
        here.is_open = resolved_at is None if parent_id is None else here.is_open
    return {place: _talk(found.values()) for place, found in threads.items()}


@dataclass(slots=True)
class _Thread:
    n_comments: int = 0
    is_open: bool = False
    is_for_me: bool = False


def _talk(threads: Iterable[_Thread]) -> Talk:
    listed = list(threads)
    opened = [thread for thread in listed if thread.is_open]
    n_comments = sum(thread.n_comments for thread in listed)
    return Talk(len(opened), sum(thread.is_for_me for thread in opened), n_comments)


def _read_mentions(connection: sa.Connection, comment_ids: list[int]) -> dict[int, tuple[str, ...]]:
    query = sa.select(comment_mentions).where(comment_mentions.c.comment_id.in_(comment_ids))
    found: dict[int, list[str]] = {}
    for comment_id, username in connection.execute(query) if comment_ids else ():
        found.setdefault(comment_id, []).append(username)
    return {comment_id: tuple(sorted(names)) for comment_id, names in found.items()}


def _select() -> sa.Select[Any]:
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


def _comment(row: sa.Row[Any], mentions: Mapping[int, tuple[str, ...]]) -> Comment:
    values = row._mapping
    same = ("id", "stream_id", "segment_id", "version_number", "text", "author", "created_at")
    more = ("resolved_at", "resolved_by", "parent_id", "frame")
    return Comment(
        **{name: values[name] for name in (*same, *more)},
        kind=Kind(values["kind"]),
        region=find_region(values["region"]),
        mentions=mentions.get(values["id"], ()),
    )
