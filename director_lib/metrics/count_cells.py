"""Counting from scratch: the measures by stream, week, kind, engine, model and person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from director_lib.domain.measures import MEASURES
from director_lib.metrics.count_facts import CountFacts
from director_lib.metrics.count_segments import whole_segments
from director_lib.metrics.standing import APPROVED, REJECTED

CELL_KEYS = ["stream_id", "week", "kind", "engine", "model", "actor"]
FAILURE_KEYS = ["stream_id", "week", "kind", "engine", "error_code"]
_BROKEN = ("failed", "unknown")


def count_cells(facts: CountFacts) -> pd.DataFrame:
    """Count every measure; see ``counts.CountTables.cells``."""
    parts = [
        _decided(facts),
        *_judged(facts),
        _versions(facts),
        _units(facts),
        _segments(facts),
        _tasks(facts),
    ]
    filled = [part for part in parts if not part.empty]
    if not filled:
        return _empty()
    cells = pd.concat(filled, ignore_index=True).reindex(columns=[*CELL_KEYS, *MEASURES])
    cells[list(MEASURES)] = cells[list(MEASURES)].fillna(0).astype("int64")
    added = cells.groupby(CELL_KEYS, as_index=False)[list(MEASURES)].sum()
    return added[(added[list(MEASURES)] != 0).any(axis=1)].reset_index(drop=True)


def count_failures(facts: CountFacts) -> pd.DataFrame:
    """Count the tasks that broke, by their error code; see ``counts.CountTables.failures``."""
    broken = facts.tasks[facts.tasks["state"].isin(_BROKEN) & facts.tasks["ended_at"].notna()]
    rows = broken.assign(week=facts.weeks(broken["ended_at"]), error_code=broken["error_code"].fillna(""))
    return rows.groupby(FAILURE_KEYS).size().rename("n").reset_index().astype({"n": "int64"})


def _decided(facts: CountFacts) -> pd.DataFrame:
    made = facts.made
    return _tally(
        made,
        {
            "made": 1,
            "undone": made["undone_at"].notna(),
            "active_us": made["active_us"],
            "stretches": made["stretches"],
        },
    )


def _judged(facts: CountFacts) -> list[pd.DataFrame]:
    judged, first = facts.judged, facts.first
    return [
        _tally(
            judged,
            {
                "effective": 1,
                "approved": judged["is_approved"],
                "with_notes": judged["decision"] == "approved_with_notes",
                "adjust_prompt": judged["decision"] == "adjust_prompt",
                "regenerate": judged["decision"] == "regenerate",
            },
        ),
        _tally(first, {"first": 1, "first_approved": first["is_approved"]}),
        _tally(facts.again, {"regenerations": 1}),
    ]


def _versions(facts: CountFacts) -> pd.DataFrame:
    known = facts.versions
    return _tally(
        known.assign(actor=""),
        {
            "versions": 1,
            "found": known["origin"] == "found",
            "restored": known["origin"] == "restored",
            "cost_micro_usd": known["cost_micro_usd"],
        },
    )


def _units(facts: CountFacts) -> pd.DataFrame:
    units = facts.units
    is_approved = units["state"] == APPROVED
    return _tally(
        units.assign(actor=""),
        {
            "units": 1,
            "units_approved": is_approved,
            "units_rejected": units["state"] == REJECTED,
            "unit_cost_micro_usd": units["cost_micro_usd"],
            "approved_us": units["duration_us"].where(is_approved, 0),
        },
    )


def _segments(facts: CountFacts) -> pd.DataFrame:
    segments = whole_segments(facts)
    return _tally(
        segments.assign(kind="", engine="", model="", actor=""),
        {
            "segments": 1,
            "segments_approved": segments["is_approved"],
            "segment_cost_micro_usd": segments["cost_micro_usd"],
        },
    )


def _tasks(facts: CountFacts) -> pd.DataFrame:
    tasks = facts.tasks
    ended = {
        f"tasks_{state}": tasks["state"] == state for state in ("succeeded", "failed", "unknown", "cancelled")
    }
    lost = tasks["lost_micro_usd"]
    return _tally(tasks.assign(actor=""), {"tasks": 1, **ended, "lost_micro_usd": lost, "bills": lost > 0})


def _tally(rows: pd.DataFrame, measures: Mapping[str, int | pd.Series[Any]]) -> pd.DataFrame:
    counted = rows[CELL_KEYS].assign(**measures)
    counted[list(measures)] = counted[list(measures)].astype("int64")
    return counted.groupby(CELL_KEYS, as_index=False)[list(measures)].sum()


def _empty() -> pd.DataFrame:
    keys = {key: pd.Series(dtype="datetime64[us]" if key == "week" else "str") for key in CELL_KEYS}
    return pd.DataFrame({**keys, **{name: pd.Series(dtype="int64") for name in MEASURES}})
