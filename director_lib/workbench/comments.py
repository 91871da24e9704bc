"""Remarks on segments and versions; they never change a decision."""

from __future__ import annotations

from director_lib.domain.people import Action
from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.store.assets import ensure_asset
from director_lib.store.comments import Comment, add_comment, list_comments, set_comment_resolved
from director_lib.store.events import record_event
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

COMMENT_LIMIT = 4_000


class Comments:
    """Comments of one studio, written as one actor."""

    def __init__(self, studio: Studio, streams: Streams) -> None:
        self._studio = studio
        self._streams = streams

    def list(self, stream_id: str, segment_id: int, kind: Kind) -> list[Comment]:
        """Return an asset's comments, oldest first."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_comments(connection, stream_id, segment_id, kind)

    def add(
        self, stream_id: str, segment_id: int, kind: Kind, text: str, *, version_id: int | None = None
    ) -> Comment:
        """Write a comment, on a version when given.

        Raises:
            InputError: The text is empty or too long.
            NotFoundError: The stream has no such segment.
        """
        self._studio.require(Action.COMMENT)
        if not text.strip() or len(text) > COMMENT_LIMIT:
            raise InputError(
                f"A comment has 1 to {COMMENT_LIMIT:,} characters; this one has {len(text.strip()):,}."
            )
        self._streams.get(stream_id).get_segment(segment_id)
        now, actor = self._studio.clock(), self._studio.actor.username
        with self._studio.database.write() as connection:
            asset_id = ensure_asset(connection, stream_id, segment_id, kind, now=now)
            comment = add_comment(
                connection, asset_id, text.strip(), author=actor, created_at=now, version_id=version_id
            )
            record_event(
                connection,
                "commented",
                actor,
                now,
                place=(stream_id, segment_id, kind),
                details={"comment_id": comment.id},
            )
        return comment

    def resolve(self, comment_id: int, *, resolved: bool = True) -> Comment:
        """Resolve a comment, or reopen it.

        Raises:
            NotFoundError: There is no such comment.
        """
        self._studio.require(Action.COMMENT)
        now, actor = self._studio.clock(), self._studio.actor.username
        with self._studio.database.write() as connection:
            comment = set_comment_resolved(
                connection, comment_id, actor=actor, resolved_at=now if resolved else None
            )
            verb = "resolved_comment" if resolved else "reopened_comment"
            place = (comment.stream_id, comment.segment_id, comment.kind)
            record_event(connection, verb, actor, now, place=place, details={"comment_id": comment_id})
        return comment
