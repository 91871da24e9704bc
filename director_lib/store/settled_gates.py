"""Which of the recorded gate decisions settled their gate: of several approvals only the last needed one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from director_lib.domain.review import DecisionKind, judge

_COLUMNS = ["stream_id", "checkpoint", "decision", "actor", "content_sha256", "approvals_needed"]


@dataclass(frozen=True, slots=True)
class _Vote:
    seq: int
    sha256: str
    decision: DecisionKind
    actor: str
    undoes: int | None = None


def settles(records: pd.DataFrame) -> pd.Series[Any]:
    """Tell for each record whether it settled its gate when it was made; records of entering do.

    Args:
        records: ``stream_id``, ``checkpoint``, ``decision`` (missing when a gate was entered), ``actor``,
            ``content_sha256`` and ``approvals_needed``, in the order of the records; what was taken back is
            not among them.
    """
    if not (records["approvals_needed"] > 1).any():
        return pd.Series(True, index=records.index, dtype=bool)
    made: dict[tuple[str, str], list[_Vote]] = defaultdict(list)
    settled = []
    rows = zip(*(records[column].tolist() for column in _COLUMNS), strict=True)
    for seq, (stream_id, checkpoint, decision, actor, sha256, needed) in enumerate(rows):
        if pd.isna(decision):
            settled.append(True)
            continue
        votes = made[stream_id, checkpoint]
        votes.append(_Vote(seq, sha256, DecisionKind(decision), actor))
        verdict = judge(votes, sha256, needed)
        settled.append(verdict.is_approved or verdict.is_sent_back)
    return pd.Series(settled, index=records.index, dtype=bool)
