"""Recording a verdict with its line in the timeline, and choosing the exact version it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.review import Decision, overrules
from director_lib.domain.version import Kind, Version
from director_lib.errors import RuleError, StaleWriteError
from director_lib.store.decisions import NewDecision, add_decision, read_verdict
from director_lib.store.events import record_event


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person had in front of them when they judged.

    Attributes:
        decision_seq: The newest decision on the version that they were shown; 0 for none.
        at: Aware UTC instant at which they first saw the version; None when not known.
    """

    decision_seq: int
    at: datetime | None = None


def record_decision(connection: sa.Connection, new: NewDecision, place: tuple[str, int, Kind]) -> Decision:
    """Append a decision and its event in the caller's transaction."""
    made = add_decision(connection, new)
    details = {"decision_seq": made.seq, "version_id": new.version_id, "note": new.note}
    record_event(connection, new.decision.value, new.actor, new.decided_at, place=place, details=details)
    return made


def check_unseen(connection: sa.Connection, version: Version, verdict: NewDecision, seen_seq: int) -> None:
    """Refuse a verdict that would silently overrule one that its giver has not seen.

    Args:
        seen_seq: The newest decision on the version that the giver was shown; 0 for none.

    Raises:
        StaleWriteError: Somebody else decided otherwise in the meantime.
    """
    newest = read_verdict(connection, version.id).decision
    if newest is not None and overrules(newest, verdict.decision, verdict.actor, seen_seq):
        said = newest.decision.value.replace("_", " ")
        raise StaleWriteError(
            f"The {version.kind} of segment {version.segment_id}", f"{newest.actor} decided “{said}”."
        )


def judged_version(
    current: dict[tuple[int, Kind], Version], segment_id: int, kind: Kind, sha256: str
) -> Version:
    """Return the current version of an asset when it has exactly the bytes that were judged.

    Raises:
        RuleError: The asset has no version.
        StaleWriteError: It has another one by now.
    """
    version = current.get((segment_id, kind))
    if version is None:
        raise RuleError(f"Segment {segment_id} has no {kind} yet, so there is nothing to decide on.")
    if version.sha256 != sha256:
        raise StaleWriteError(f"The {kind} of segment {segment_id}", f"it is version {version.number} now.")
    return version
