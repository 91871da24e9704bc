"""Which segments a request concerns, and which of them are left alone and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from director_lib.domain.staleness import StalenessRule
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.task import Task
from director_lib.domain.version import Kind, Version
from director_lib.errors import InputError
from director_lib.store.decisions import read_verdicts
from director_lib.store.tasks import open_tasks_by_asset
from director_lib.store.versions import current_versions

Selection = Sequence[int] | Literal["missing", "stale", "all"]
"""Segment ids, or those without a version ("missing"), those out of date ("stale"), or every one ("all")."""

Place = tuple[int, Kind]

_GIVE = "Give missing, stale, all, or numbers like 1,3-5."
_NAMED = ("missing", "stale", "all")
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


def read_selection(text: str) -> Selection:
    """Read ``missing``, ``stale``, ``all``, or numbers and ranges like ``1,3-5``.

    Raises:
        InputError: It is none of these.
    """
    if text in _NAMED:
        return text  # type: ignore[return-value]  # the three words are the type's literals
    numbers: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise InputError(f"“{part}” names no segments. {_GIVE}")
        numbers += range(first, last + 1)
    return numbers


@dataclass(frozen=True, slots=True)
class Choice:
    """One segment that was asked for.

    Attributes:
        keyframe: The segment's current keyframe version, if any; None, too, when another one comes first.
        reason: Why it is left alone; None when it is to be made.
        keyframe_first: Whether its keyframe has to be made, or is being made, before its clip.
        keyframe_task: The task that makes that keyframe already.
    """

    segment: Segment
    keyframe: Version | None
    reason: str | None
    keyframe_first: bool = False
    keyframe_task: Task | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """What may be done although it needs thought.

    Attributes:
        approved: Replace what is approved.
        unapproved_keyframe: Make clips from keyframes that are not approved.
        brings_prompt: Make stills of segments without a prompt: the wish has one.
        keyframe_first: Make a keyframe that is missing or out of date first, and the clip from it unseen.
    """

    approved: bool = False
    unapproved_keyframe: bool = False
    brings_prompt: bool = False
    keyframe_first: bool = False


@dataclass(frozen=True, slots=True)
class _Standing:
    versions: dict[Place, Version]
    approved: frozenset[Place]
    tasks: dict[Place, Task]
    rule: StalenessRule

    def stale(self, segment: Segment, kind: Kind) -> bool:
        keyframe = self.versions.get((segment.id, Kind.KEYFRAME))
        return bool(self.rule.reasons(self.versions.get((segment.id, kind)), segment, keyframe))

    def find_task(self, segment: Segment, kind: Kind) -> Task | None:
        """Find the task that makes the asset now, and that nobody stops."""
        task = self.tasks.get((segment.id, kind))
        return task if task and task.is_open and task.cancel_requested_at is None else None

    def needs_keyframe(self, segment: Segment, leave: Leave) -> bool:
        """Whether another keyframe has to come before a clip, and may."""
        if self.find_task(segment, Kind.KEYFRAME) is not None:
            return True
        place = (segment.id, Kind.KEYFRAME)
        is_kept = place in self.approved and not leave.approved
        is_wanted = place not in self.versions or (self.stale(segment, Kind.KEYFRAME) and not is_kept)
        return is_wanted and bool(segment.image_prompt.strip())


def choose(
    connection: sa.Connection, stream: Stream, kind: Kind, selection: Selection, leave: Leave
) -> list[Choice]:
    """Go through the segments that a request names.

    Nothing approved is replaced, and no clip made from a keyframe that is not approved, without leave. A
    segment without a prompt is left alone, and so is one that "missing", "stale" or "all" found while it is
    being made already.

    Returns:
        One choice for each segment, in the stream's order; a segment named twice comes once.

    Raises:
        NotFoundError: The stream has no such segment.
        InputError: There is no such selection.
    """
    standing = _read(connection, stream)
    return [
        _choose(standing, segment, kind, selection, leave)
        for segment in _named(standing, stream, kind, selection)
    ]


def why_not_made(segment: Segment, kind: Kind, keyframe: Version | None) -> str | None:
    """Say why an asset cannot be made at all; None when it can."""
    if kind is Kind.KEYFRAME:
        return None if segment.image_prompt.strip() else "it has no image prompt"
    if not segment.motion_prompt.strip():
        return "it has no motion prompt"
    return "it has no keyframe yet" if keyframe is None else None


def _read(connection: sa.Connection, stream: Stream) -> _Standing:
    verdicts = read_verdicts(connection, stream.id)
    return _Standing(
        versions=current_versions(connection, stream.id),
        approved=frozenset(place for place, verdict in verdicts.items() if verdict.is_approved),
        tasks=open_tasks_by_asset(connection, stream.id),
        rule=StalenessRule(stream),
    )


def _named(standing: _Standing, stream: Stream, kind: Kind, selection: Selection) -> list[Segment]:
    if not isinstance(selection, str):
        return [stream.get_segment(segment_id) for segment_id in sorted(set(selection))]
    if selection == "all":
        return list(stream.segments)
    if selection == "missing":
        return [segment for segment in stream.segments if (segment.id, kind) not in standing.versions]
    if selection == "stale":
        return [segment for segment in stream.segments if standing.stale(segment, kind)]
    raise InputError(f"“{selection}” names no segments. {_GIVE}")


def _choose(standing: _Standing, segment: Segment, kind: Kind, selection: Selection, leave: Leave) -> Choice:
    is_clip = kind is Kind.VIDEO
    if is_clip and leave.keyframe_first and standing.needs_keyframe(segment, leave):
        task = standing.find_task(segment, Kind.KEYFRAME)
        reason = None if segment.motion_prompt.strip() else "it has no motion prompt"
        reason = reason or _why_kept(standing, segment, kind, leave)
        reason = reason or _why_not_twice(standing, segment, kind, selection)
        return Choice(segment, None, reason, keyframe_first=True, keyframe_task=task)
    keyframe = standing.versions.get((segment.id, Kind.KEYFRAME))
    reason = None if leave.brings_prompt and not is_clip else why_not_made(segment, kind, keyframe)
    reason = reason or _why_kept(standing, segment, kind, leave)
    if is_clip and not leave.unapproved_keyframe and (segment.id, Kind.KEYFRAME) not in standing.approved:
        reason = reason or "its keyframe is not approved"
    reason = reason or _why_not_twice(standing, segment, kind, selection)
    if is_clip and selection == "stale" and standing.stale(segment, Kind.KEYFRAME):
        reason = reason or "its keyframe is out of date: make that first, or the clip is stale at once"
    return Choice(segment, keyframe, reason)


def _why_kept(standing: _Standing, segment: Segment, kind: Kind, leave: Leave) -> str | None:
    is_kept = (segment.id, kind) in standing.approved and not leave.approved
    return f"its {kind.value} is approved" if is_kept else None


def _why_not_twice(standing: _Standing, segment: Segment, kind: Kind, selection: Selection) -> str | None:
    task = standing.tasks.get((segment.id, kind))
    is_made = isinstance(selection, str) and task is not None and task.is_open
    return "it is being made already" if is_made else None
