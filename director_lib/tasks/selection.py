"""Which segments a request concerns, and which of them are left alone and why."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Choice:
    """One segment that was asked for.

    Attributes:
        keyframe: The segment's current keyframe version, if any.
        reason: Why it is left alone; None when it is to be made.
    """

    segment: Segment
    keyframe: Version | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Leave:
    """What may be done although it needs thought.

    Attributes:
        approved: Replace what is approved.
        unapproved_keyframe: Make clips from keyframes that are not approved.
    """

    approved: bool = False
    unapproved_keyframe: bool = False


@dataclass(frozen=True, slots=True)
class _Standing:
    versions: dict[Place, Version]
    approved: frozenset[Place]
    tasks: dict[Place, Task]
    rule: StalenessRule

    def stale(self, segment: Segment, kind: Kind) -> bool:
        keyframe = self.versions.get((segment.id, Kind.KEYFRAME))
        return bool(self.rule.reasons(self.versions.get((segment.id, kind)), segment, keyframe))


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
        Choice(
            segment,
            standing.versions.get((segment.id, Kind.KEYFRAME)),
            _why_not(standing, segment, kind, leave) or _why_not_now(standing, segment, kind, selection),
        )
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
    raise InputError(f"“{selection}” names no segments. Use missing, stale, all, or numbers like 1,3-5.")


def _why_not(standing: _Standing, segment: Segment, kind: Kind, leave: Leave) -> str | None:
    keyframe = standing.versions.get((segment.id, Kind.KEYFRAME))
    if (reason := why_not_made(segment, kind, keyframe)) is not None:
        return reason
    if (segment.id, kind) in standing.approved and not leave.approved:
        return f"its {kind.value} is approved"
    if kind is Kind.KEYFRAME or leave.unapproved_keyframe:
        return None
    return None if (segment.id, Kind.KEYFRAME) in standing.approved else "its keyframe is not approved"


def _why_not_now(standing: _Standing, segment: Segment, kind: Kind, selection: Selection) -> str | None:
    task = standing.tasks.get((segment.id, kind))
    if isinstance(selection, str) and task is not None and task.is_open:
        return "it is being made already"
    if selection == "stale" and kind is Kind.VIDEO and standing.stale(segment, Kind.KEYFRAME):
        return "its keyframe is out of date: make that first, or the clip is stale at once"
    return None
