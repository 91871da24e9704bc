"""Remarks on segments and versions; they never change a decision."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from director_lib.domain.mention import find_mentions
from director_lib.domain.people import Action
from director_lib.domain.region import read_region
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError
from director_lib.store.assets import ensure_asset
from director_lib.store.comments import (
    Comment,
    Remark,
    add_comment,
    get_comment,
    list_comments,
    set_comment_resolved,
)
from director_lib.store.events import record_event
from director_lib.store.people import list_people
from director_lib.store.versions import get_version
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

COMMENT_LIMIT = 10_000
LAST_FRAME = 10_000_000


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a version a remark points to.

    Attributes:
        frame: Frame of the clip, counted from 0; None for all of it.
        region: What was drawn over the picture, as a JSON value; see ``domain.region``.
    """

    frame: int | None = None
    region: object = None


_ANYWHERE = Spot()


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
        self,
        stream_id: str,
        segment_id: int,
        kind: Kind,
        text: str,
        *,
        version_id: int | None = None,
        spot: Spot = _ANYWHERE,
    ) -> Comment:
        """Begin a thread about a segment, or about one of its versions.

        Args:
            version_id: The version that it is about.
            spot: Where in that version.

        Raises:
            InputError: The text is empty or too long, or the frame or drawing makes no sense there.
            NotFoundError: The stream has no such segment, or the segment no such version.
        """
        self._studio.require(Action.COMMENT)
        self._streams.get(stream_id).get_segment(segment_id)
        _check_spot(kind, version_id, spot)
        drawn = None if spot.region is None else read_region(spot.region)
        said = Remark(checked_words(text), version_id, frame=spot.frame, region=drawn)
        with self._studio.database.write() as connection:
            if version_id is not None:
                _check_version(connection, version_id, (stream_id, segment_id, kind))
            return self.add_in(connection, (stream_id, segment_id, kind), said)

    def add_in(self, connection: sa.Connection, place: tuple[str, int, Kind], said: Remark) -> Comment:
        """Begin a thread in the caller's transaction; the words and the version are checked already."""
        asset_id = ensure_asset(connection, *place, now=self._studio.clock())
        return self._add(connection, asset_id, said, "commented")

    def reply(self, comment_id: int, text: str) -> Comment:
        """Answer in the thread of a comment.

        Raises:
            InputError: The text is empty or too long.
            NotFoundError: There is no such comment.
        """
        self._studio.require(Action.COMMENT)
        text = checked_words(text)
        with self._studio.database.write() as connection:
            answered = get_comment(connection, comment_id)
            place = (answered.stream_id, answered.segment_id, answered.kind)
            asset_id = ensure_asset(connection, *place, now=self._studio.clock())
            thread_id = answered.parent_id or answered.id
            return self._add(connection, asset_id, Remark(text, parent_id=thread_id), "replied")

    def resolve(self, comment_id: int, *, resolved: bool = True) -> Comment:
        """Resolve the thread that a comment begins, or reopen it.

        Raises:
            InputError: The comment is an answer.
            NotFoundError: There is no such comment.
        """
        self._studio.require(Action.COMMENT)
        now, actor = self._studio.clock(), self._studio.actor.username
        with self._studio.database.write() as connection:
            if get_comment(connection, comment_id).parent_id is not None:
                raise InputError("An answer is resolved with its thread. Nothing was changed.")
            comment = set_comment_resolved(
                connection, comment_id, actor=actor, resolved_at=now if resolved else None
            )
            verb = "resolved_comment" if resolved else "reopened_comment"
            place = (comment.stream_id, comment.segment_id, comment.kind)
            record_event(connection, verb, actor, now, place=place, details={"comment_id": comment_id})
        return comment

    def _add(self, connection: sa.Connection, asset_id: int, said: Remark, verb: str) -> Comment:
        now, actor = self._studio.clock(), self._studio.actor.username
        everybody = {person.username for person in list_people(connection) if not person.is_disabled}
        mentions = tuple(sorted(find_mentions(said.text, everybody)))
        remark = Remark(said.text, said.version_id, said.parent_id, said.frame, said.region, mentions)
        comment = add_comment(connection, asset_id, remark, author=actor, created_at=now)
        place = (comment.stream_id, comment.segment_id, comment.kind)
        details = {"comment_id": comment.id, "mentions": list(mentions)}
        record_event(connection, verb, actor, now, place=place, details=details)
        return comment


def checked_words(text: str) -> str:
    """Return the words of a comment without blanks around them.

    Raises:
        InputError: There are none, or too many.
    """
    text = text.strip()
    if not 0 < len(text) <= COMMENT_LIMIT:
        raise InputError(
            f"A comment has 1 to {COMMENT_LIMIT:,} characters; this one has {len(text):,}. Nothing was saved."
        )
    return text


def _check_spot(kind: Kind, version_id: int | None, spot: Spot) -> None:
    frame = spot.frame
    if version_id is None and (frame is not None or spot.region is not None):
        raise InputError(
            "A frame or a drawing belongs to one version. Nothing was saved; choose the version."
        )
    if frame is not None and (kind is not Kind.VIDEO or not 0 <= frame <= LAST_FRAME):
        raise InputError("Only a clip has frames, counted from 0. Nothing was saved.")


def _check_version(connection: sa.Connection, version_id: int, place: tuple[str, int, Kind]) -> None:
    version = get_version(connection, version_id)
    if (version.stream_id, version.segment_id, version.kind) != place:
        raise NotFoundError(f"version of segment {place[1]}", version_id)
