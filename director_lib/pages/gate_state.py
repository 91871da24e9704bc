"""A checkpoint's gate and the verdicts on it, as JSON values for the pages of story, spec and final cut."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from director_lib.domain.checkpoint import Checkpoint, GateStatus
from director_lib.domain.gate_rules import CheckpointDecision
from director_lib.pages.cards import instant

Json = dict[str, Any]


def describe_gate(gate: GateStatus) -> Json:
    """Describe how a gate stands, and the digest of what there is to judge."""
    return {
        "state": gate.state.value,
        "reason": gate.reason,
        "sha256": gate.content_sha256,
        "approved": gate.approved,
        "total": gate.total,
    }


def describe_verdicts(
    made: Iterable[CheckpointDecision], checkpoint: Checkpoint, sha256: str | None
) -> list[Json]:
    """Describe the verdicts on one gate, the newest first; one that was taken back says so.

    Args:
        made: Every decision on the stream's gates, undo records included, oldest first.
        sha256: Digest of what there is to judge now.
    """
    here = [one for one in made if one.checkpoint is checkpoint]
    taken_back = {one.undoes: one.actor for one in here if one.undoes is not None}
    return [
        {
            "seq": one.seq,
            "decision": one.decision.value,
            "note": one.note,
            "by": one.actor,
            "at": instant(one.decided_at),
            "is_of_now": one.sha256 == sha256,
            "taken_back_by": taken_back.get(one.seq),
        }
        for one in reversed(here)
        if one.undoes is None
    ]
