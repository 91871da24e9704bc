"""What an approved segment costs, with everything that was thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from director_lib.metrics.frames import SEGMENT
from director_lib.metrics.standing import APPROVED, unit_standings

KINDS = ("keyframe", "video")


@dataclass(frozen=True, slots=True)
class SegmentCost:
    """Money spent and what came of it.

    Attributes:
        cost_usd: Cost of all versions of the cohort's segments, and of what was billed without making a file.
        n_approved: Segments of the cohort that are approved.
        n_segments: Started segments.
        per_approved_usd: ``cost_usd`` ÷ ``n_approved``; None when none is approved.
    """

    cost_usd: float
    n_approved: int
    n_segments: int
    per_approved_usd: float | None


def cost_per_approved_segment(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    *,
    kind: str | None = None,
    billed_without_file_usd: float = 0.0,
    as_of: datetime | None = None,
) -> SegmentCost:
    """Divide what all segments cost by the number approved.

    Above the line stands the cost of **all** versions, rejected and abandoned ones included. With ``kind``
    a segment is approved when that asset is; without, when both its still and its clip are. Sum over sum,
    never a mean of ratios.

    Args:
        decisions: A decisions frame.
        versions: A versions frame.
        kind: "keyframe" or "video" for that part alone; None for both together.
        billed_without_file_usd: What failed attempts were billed; they have no version.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        The sums; ``per_approved_usd`` is None when no segment is approved.

    Raises:
        InputError: A frame is not what it should be, or ``as_of`` has no time zone.
    """
    standings = unit_standings(decisions, versions, as_of=as_of)
    return cost_of(standings, kind=kind, billed_without_file_usd=billed_without_file_usd)


def cost_of(
    standings: pd.DataFrame, *, kind: str | None = None, billed_without_file_usd: float = 0.0
) -> SegmentCost:
    """Compute ``cost_per_approved_segment`` from rows of ``unit_standings``."""
    kinds = KINDS if kind is None else (kind,)
    standings = standings[standings["kind"].isin(kinds)]
    approved = standings[standings["state"] == APPROVED].groupby(SEGMENT)["kind"].nunique()
    n_approved = int((approved == len(kinds)).sum())
    total = round(float(standings["cost_usd"].sum()) + billed_without_file_usd, 6)
    return SegmentCost(
        cost_usd=total,
        n_approved=n_approved,
        n_segments=len(standings[SEGMENT].drop_duplicates()),
        per_approved_usd=total / n_approved if n_approved else None,
    )
