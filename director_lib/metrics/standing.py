"""Where each unit (segment × kind) stands at an instant: approved, sent back, or open."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from director_lib.metrics.effective import check_aware, effective_decisions
from director_lib.metrics.frames import UNIT, check_versions

APPROVED = "approved"
REJECTED = "rejected"
OPEN = "open"


def versions_known(versions: pd.DataFrame, *, as_of: datetime | None = None) -> pd.DataFrame:
    """Keep the versions that existed at an instant (None: all).

    Raises:
        InputError: The frame is not a versions frame, or ``as_of`` has no time zone.
    """
    known = check_versions(versions)
    return known if as_of is None else known[known["created_at"] <= check_aware(as_of)]


def unit_standings(
    decisions: pd.DataFrame, versions: pd.DataFrame, *, as_of: datetime | None = None
) -> pd.DataFrame:
    """Tell where every started unit stands.

    The version that decides is the one the pages show (``is_current`` of the versions frame, if it is there
    and the version existed by then), else the newest attempt. Its effective decision makes the unit
    approved or rejected (sent back); without one the unit is open. So a new version of an approved unit
    opens it again.

    Args:
        decisions: A decisions frame.
        versions: A versions frame.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        One row per unit with a version, by stream, segment and kind: ``stream_id``, ``segment_id``, ``kind``,
        ``version_id`` (the deciding one), ``entered_at`` (when its first version came), ``n_versions``
        (int64), ``cost_usd`` (of all its versions), ``state`` ("approved", "rejected", "open"),
        ``decided_at`` (of the deciding decision; NaT when open).

    Raises:
        InputError: A frame is not what it should be, or ``as_of`` has no time zone.
    """
    return standings_of(effective_decisions(decisions, as_of=as_of), versions_known(versions, as_of=as_of))


def standings_of(judged: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Tell where every unit stands, from rows of ``effective_decisions`` and ``versions_known``."""
    totals = known.groupby(UNIT, as_index=False).agg(
        entered_at=("created_at", "min"), n_versions=("version_id", "size"), cost_usd=("cost_usd", "sum")
    )
    deciding = totals.merge(_deciding_versions(known), on=UNIT, how="left")
    verdicts = judged[["version_id", "is_approved", "decided_at"]]
    standing = deciding.merge(verdicts, on="version_id", how="left")
    state = standing["is_approved"].map({True: APPROVED, False: REJECTED}).astype("str").fillna(OPEN)
    return standing.assign(state=state).drop(columns="is_approved")


def _deciding_versions(known: pd.DataFrame) -> pd.DataFrame:
    rank = ["is_current", "attempt"] if "is_current" in known.columns else ["attempt"]
    return known.sort_values(rank).drop_duplicates(UNIT, keep="last")[[*UNIT, "version_id"]]
