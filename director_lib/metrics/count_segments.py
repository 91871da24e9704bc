"""Counting from scratch: one row for each segment that was begun."""

from __future__ import annotations

import pandas as pd

from director_lib.metrics.count_facts import CountFacts
from director_lib.metrics.frames import SEGMENT
from director_lib.metrics.standing import APPROVED, OPEN

SEGMENT_COLUMNS = [
    "stream_id",
    "segment_id",
    "entered_at",
    "n_versions",
    "regenerations",
    "rejections",
    "cost_micro_usd",
    "n_open",
    "open_since",
    "is_approved",
]
_N_KINDS = 2


def count_segments(facts: CountFacts) -> pd.DataFrame:
    """List the segments that were begun; see ``counts.CountTables.segments``."""
    return whole_segments(facts)[[*SEGMENT_COLUMNS, "week"]]


def whole_segments(facts: CountFacts) -> pd.DataFrame:
    """Add up stills and clips by segment, with the ``week`` in which it was entered."""
    is_open = facts.units["state"] == OPEN
    marked = facts.units.assign(
        is_open=is_open,
        open_since=facts.units["entered_at"].where(is_open),
        is_approved=facts.units["state"] == APPROVED,
    )
    rows = marked.groupby(SEGMENT, as_index=False).agg(
        entered_at=("entered_at", "min"),
        n_versions=("n_versions", "sum"),
        regenerations=("regenerations", "sum"),
        cost_micro_usd=("cost_micro_usd", "sum"),
        n_open=("is_open", "sum"),
        open_since=("open_since", "min"),
        n_approved=("is_approved", "sum"),
    )
    sent_back = facts.judged[~facts.judged["is_approved"]]
    back = sent_back.groupby(SEGMENT).size().rename("rejections").reset_index()
    rows = rows.merge(back, on=SEGMENT, how="left")
    return rows.assign(
        rejections=rows["rejections"].fillna(0).astype("int64"),
        n_open=rows["n_open"].astype("int64"),
        is_approved=rows["n_approved"] == _N_KINDS,
        week=facts.weeks(rows["entered_at"]),
    )
