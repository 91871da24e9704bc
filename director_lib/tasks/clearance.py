"""What a request does although it needs thought: it is recorded, and refused unless somebody wanted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from director_lib.domain.review import Decision, Verdict
from director_lib.domain.task import GenerationRequest, Task
from director_lib.domain.version import Kind, Version
from director_lib.errors import RuleError
from director_lib.store.decisions import read_verdict, read_verdicts
from director_lib.store.events import list_place_events
from director_lib.store.versions import current_versions

UNAPPROVED_KEYFRAME = "unapproved_keyframe"
"""A clip is made from a keyframe that is not approved."""
REPLACES_APPROVED = "replaces_approved"
"""What is approved gets another version."""

_Place = tuple[int, Kind]


def find_overrides(
    connection: sa.Connection, requests: Sequence[GenerationRequest], *, allowed: Sequence[bool]
) -> list[list[str]]:
    """Say for each request, in order, what it passes over; empty lists for what needs no thought.

    Args:
        allowed: For each request whether somebody wants a clip of a keyframe that is not approved, too.

    Raises:
        RuleError: A clip starts from a keyframe that is not approved, and nobody wants that.
    """
    found = []
    streams: dict[str, tuple[Mapping[_Place, Version], Mapping[_Place, Verdict[Decision]]]] = {}
    for request, is_allowed in zip(requests, allowed, strict=True):
        if request.stream_id not in streams:
            stream_id = request.stream_id
            streams[stream_id] = current_versions(connection, stream_id), read_verdicts(connection, stream_id)
        current, verdicts = streams[request.stream_id]
        overrides = []
        if request.kind is Kind.VIDEO and not _starts_from_approved(connection, request, current, verdicts):
            if not is_allowed:
                raise RuleError(
                    f"The keyframe of segment {request.segment_id} is not approved, so no clip was queued. "
                    "Approve it first, or say that the clip may be made from it all the same."
                )
            overrides.append(UNAPPROVED_KEYFRAME)
        own = verdicts.get((request.segment_id, request.kind))
        if own is not None and own.is_approved:
            overrides.append(REPLACES_APPROVED)
        found.append(overrides)
    return found


def recorded_overrides(connection: sa.Connection, task: Task) -> list[str]:
    """Read what a task was allowed to pass over when it was queued."""
    request = task.request
    place = (request.stream_id, request.segment_id, request.kind)
    for event in list_place_events(connection, place, "queued"):
        if event.details.get("task_id") == task.id:
            return list(event.details.get("overrides", ()))
    return []


def _starts_from_approved(
    connection: sa.Connection,
    request: GenerationRequest,
    current: Mapping[_Place, Version],
    verdicts: Mapping[_Place, Verdict[Decision]],
) -> bool:
    if request.source_version_id is None:
        return False
    place = (request.segment_id, Kind.KEYFRAME)
    keyframe = current.get(place)
    if keyframe is not None and keyframe.id == request.source_version_id:
        verdict = verdicts.get(place)
    else:
        verdict = read_verdict(connection, request.source_version_id)
    return verdict is not None and verdict.is_approved
