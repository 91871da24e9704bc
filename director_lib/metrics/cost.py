"""What an approved segment costs, with everything that was thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pandas as pd

from director_lib.metrics.effective import check_aware
from director_lib.metrics.frames import SEGMENT, check_bills
from director_lib.metrics.ratios import Ratio, bootstrap_ratio, ratio
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
    bills: pd.DataFrame | None = None,
    as_of: datetime | None = None,
) -> SegmentCost:
    """Divide what all segments cost by the number approved.

    Above the line stands the cost of **all** versions, rejected and abandoned ones included, and of what was
    billed without making any. With ``kind``
    a segment is approved when that asset is; without, when both its still and its clip are. Sum over sum,
    never a mean of ratios.

    Args:
        decisions: A decisions frame.
        versions: A versions frame.
        kind: "keyframe" or "video" for that part alone; None for both together.
        bills: A bills frame: what failed attempts were billed; None when nothing was.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        The sums; ``per_approved_usd`` is None when no segment is approved.

    Raises:
        InputError: A frame is not what it should be, or ``as_of`` has no time zone.
    """
    standings = unit_standings(decisions, versions, as_of=as_of)
    return cost_of(standings, kind=kind, bills=None if bills is None else bills_known(bills, as_of=as_of))


def cost_of(
    standings: pd.DataFrame, *, kind: str | None = None, bills: pd.DataFrame | None = None
) -> SegmentCost:
    """Compute ``cost_per_approved_segment`` from rows of ``unit_standings`` and ``bills_known``."""
    kinds = KINDS if kind is None else (kind,)
    lost_usd = 0.0 if bills is None else float(bills.loc[bills["kind"].isin(kinds), "billed_usd"].sum())
    standings = standings[standings["kind"].isin(kinds)]
    approved = standings[standings["state"] == APPROVED].groupby(SEGMENT)["kind"].nunique()
    n_approved = int((approved == len(kinds)).sum())
    total = round(float(standings["cost_usd"].sum()) + lost_usd, 6)
    return SegmentCost(
        cost_usd=total,
        n_approved=n_approved,
        n_segments=len(standings[SEGMENT].drop_duplicates()),
        per_approved_usd=total / n_approved if n_approved else None,
    )


def cost_interval(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    *,
    per: Literal["segment", "second"] = "segment",
    method: Literal["delta", "bootstrap"] = "delta",
    bills: pd.DataFrame | None = None,
    as_of: datetime | None = None,
) -> Ratio:
    """Divide what all segments cost by what was approved of them, with its interval over segments.

    Args:
        decisions: A decisions frame.
        versions: A versions frame; seconds need its column ``duration_s``.
        per: "segment" (approved when its still and its clip are) or "second" of approved clip.
        method: "delta" is quick, "bootstrap" draws 2,000 times; see ``ratio`` and ``bootstrap_ratio``.
        bills: A bills frame: what failed attempts were billed, each on its segment; None when nothing was.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        US dollars per segment or second; value None when nothing is approved, or no length is known.

    Raises:
        InputError: A frame is not what it should be, or ``as_of`` has no time zone.
    """
    known = None if bills is None else bills_known(bills, as_of=as_of)
    rows = costs_by_segment(unit_standings(decisions, versions, as_of=as_of), versions, known)
    divide = ratio if method == "delta" else bootstrap_ratio
    below = rows["approved"] if per == "segment" else rows["approved_s"]
    return divide(rows["cost_usd"], below)


def bills_known(bills: pd.DataFrame, *, as_of: datetime | None = None) -> pd.DataFrame:
    """Keep the bills that had come at an instant (None: all).

    Raises:
        InputError: The frame is not a bills frame, or ``as_of`` has no time zone.
    """
    known = check_bills(bills)
    return known if as_of is None else known[known["billed_at"] <= check_aware(as_of)]


def costs_by_segment(
    standings: pd.DataFrame, versions: pd.DataFrame, bills: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List what each segment cost and what was approved of it.

    Args:
        standings: From ``unit_standings``.
        versions: A versions frame, for ``duration_s``.
        bills: From ``bills_known``; None when nothing was billed without making a version.

    Returns:
        One row per segment that was started or billed: ``stream_id``, ``segment_id``, ``cost_usd`` (of all
        its versions, and what was billed without one),
        ``approved`` (1.0 when still and clip both are, else 0.0), ``approved_s`` (seconds of its approved
        clip, 0.0 when none or unknown).
    """
    if "duration_s" in versions.columns:
        standings = standings.merge(versions[["version_id", "duration_s"]], on="version_id", how="left")
    else:
        standings = standings.assign(duration_s=0.0)
    approved = standings["state"] == APPROVED
    clip_s = standings["duration_s"].where(approved & (standings["kind"] == "video"), 0.0).fillna(0.0)
    rows = standings.assign(n_approved=approved, approved_s=clip_s).groupby(SEGMENT, as_index=False)
    totals = rows.agg(
        cost_usd=("cost_usd", "sum"), n_approved=("n_approved", "sum"), approved_s=("approved_s", "sum")
    )
    done = (totals["n_approved"] == len(KINDS)).astype("float64")
    found = totals.drop(columns="n_approved").assign(approved=done)
    return found if bills is None or bills.empty else _with_bills(found, bills)


def _with_bills(totals: pd.DataFrame, bills: pd.DataFrame) -> pd.DataFrame:
    """Add to each segment what was billed for it; one that has nothing but bills gets a row."""
    lost = bills.groupby(SEGMENT, as_index=False)["billed_usd"].sum()
    joined = totals.merge(lost, on=SEGMENT, how="outer").fillna({"billed_usd": 0.0, "cost_usd": 0.0})
    joined = joined.fillna({"approved": 0.0, "approved_s": 0.0})
    return joined.assign(cost_usd=joined["cost_usd"] + joined["billed_usd"]).drop(columns="billed_usd")
