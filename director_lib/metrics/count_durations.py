"""Counting from scratch: durations in bins, so that they can be added and quantiles read from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from director_lib.domain.duration_bins import EDGES_US, QUARTER_US
from director_lib.domain.measures import HANDLING_CAP_US, PANEL
from director_lib.metrics.count_facts import CountFacts
from director_lib.metrics.count_segments import whole_segments
from director_lib.metrics.frames import UNIT
from director_lib.metrics.standing import APPROVED, OPEN, REJECTED
from director_lib.metrics.timing import stays_of

DURATION_KEYS = ["stream_id", "metric", "week", "kind", "engine", "bin"]
_KINDS = {"keyframes": "keyframe", "videos": "video"}
_ROW = ["stream_id", "week", "kind", "engine"]


def count_durations(facts: CountFacts) -> pd.DataFrame:
    """Count every duration; see ``counts.CountTables.durations``."""
    parts = [*_stays(facts), *_units(facts), *_tasks(facts), *_looking(facts), *_tries(facts), _panels(facts)]
    rows = pd.concat(parts, ignore_index=True)[DURATION_KEYS]
    rows = rows.astype({"week": "datetime64[us]", "bin": "int64"})
    return rows.groupby(DURATION_KEYS).size().rename("n").reset_index().astype({"n": "int64"})


def _stays(facts: CountFacts) -> list[pd.DataFrame]:
    stays = stays_of(facts.judged, facts.versions)
    stays = stays.assign(
        kind=stays["checkpoint"].map(_KINDS),
        segment_id=stays["segment_id"].astype("int64"),
        week=facts.weeks(stays["entered_at"]),
    ).merge(facts.units[[*UNIT, "engine"]], on=UNIT, how="left")
    ended = stays["decided_at"].notna()
    return [
        _lasting("stay_ended", stays[ended], "entered_at", "decided_at"),
        _open("stay_open", stays[~ended], "entered_at"),
    ]


def _units(facts: CountFacts) -> list[pd.DataFrame]:
    units = facts.units
    return [
        _lasting("unit_approved", units[units["state"] == APPROVED], "entered_at", "decided_at"),
        _lasting("unit_rejected", units[units["state"] == REJECTED], "entered_at", "decided_at"),
        _open("unit_open", units[units["state"] == OPEN], "entered_at"),
    ]


def _tasks(facts: CountFacts) -> list[pd.DataFrame]:
    tasks = facts.tasks
    started, ended = tasks["started_at"].notna(), tasks["ended_at"].notna()
    rendered = tasks.assign(week=facts.weeks(tasks["started_at"]))[started]
    succeeded = (rendered["state"] == "succeeded") & rendered["ended_at"].notna()
    broke_off = ~succeeded & rendered["ended_at"].notna()
    return [
        _lasting("queue_ended", tasks[started], "queued_at", "started_at"),
        _lasting("queue_censored", tasks[~started & ended], "queued_at", "ended_at"),
        _open("queue_open", tasks[~started & ~ended], "queued_at"),
        _lasting("render_ended", rendered[succeeded], "started_at", "ended_at"),
        _lasting("render_censored", rendered[broke_off], "started_at", "ended_at"),
        _open("render_open", rendered[rendered["ended_at"].isna()], "started_at"),
    ]


def _looking(facts: CountFacts) -> list[pd.DataFrame]:
    made = facts.versions[facts.versions["origin"] != "restored"].sort_values("attempt")
    made = made.assign(replaced_at=made.groupby(UNIT)["created_at"].shift(-1))
    judged = facts.judged[["version_id", "decided_at"]].assign(viewed_at=_viewed_at(facts.judged))
    rows = made.merge(judged, on="version_id", how="left")
    rows = rows.assign(seen_at=rows["viewed_at"].fillna(rows["decided_at"]))
    is_judged, is_replaced = rows["seen_at"].notna(), rows["replaced_at"].notna()
    return [
        _lasting("idle_ended", rows[is_judged], "created_at", "seen_at"),
        _lasting("idle_censored", rows[~is_judged & is_replaced], "created_at", "replaced_at"),
        _open("idle_open", rows[~is_judged & ~is_replaced], "created_at"),
        _lasting("handling", rows[rows["viewed_at"].notna()], "viewed_at", "decided_at", HANDLING_CAP_US),
    ]


def _viewed_at(judged: pd.DataFrame) -> pd.Series[Any]:
    """Return when who decided first saw the version; NaT where that is unknown, or after the decision."""
    if "viewed_at" not in judged.columns:
        return judged["decided_at"].where(pd.Series(False, index=judged.index))
    return judged["viewed_at"].where(judged["viewed_at"] <= judged["decided_at"])


def _tries(facts: CountFacts) -> list[pd.DataFrame]:
    units = facts.units.assign(metric="regenerations", bin=facts.units["regenerations"])
    segments = whole_segments(facts)
    segments = segments.assign(metric="regenerations", bin=segments["regenerations"], kind="", engine="")
    return [units[DURATION_KEYS], segments[DURATION_KEYS]]


def _panels(facts: CountFacts) -> pd.DataFrame:
    opinions = facts.standing.sort_values("seq").drop_duplicates(["version_id", "actor"], keep="last")
    opinions = opinions.assign(approves=opinions["decision"].isin(["approved", "approved_with_notes"]))
    panels = opinions.groupby("version_id", as_index=False).agg(
        people=("actor", "size"),
        approving=("approves", "sum"),
        decided_at=("decided_at", "max"),
        stream_id=("stream_id", "first"),
        kind=("kind", "first"),
        made_by=("engine", "first"),
    )
    panels = panels[panels["people"] > 1].rename(columns={"made_by": "engine"})
    return panels.assign(
        metric="panel",
        bin=panels["people"] * PANEL + panels["approving"],
        week=facts.weeks(panels["decided_at"]),
    )[DURATION_KEYS]


def _lasting(
    metric: str, rows: pd.DataFrame, begin: str, end: str, cap_us: int | None = None
) -> pd.DataFrame:
    lasted_us = _microseconds(rows[end]) - _microseconds(rows[begin])
    if cap_us is not None:
        lasted_us = np.minimum(lasted_us, cap_us)
    bins = np.searchsorted(np.asarray(EDGES_US), lasted_us, side="right")
    return rows[_ROW].assign(metric=metric, bin=bins)[DURATION_KEYS]


def _open(metric: str, rows: pd.DataFrame, begin: str) -> pd.DataFrame:
    return rows[_ROW].assign(metric=metric, bin=_microseconds(rows[begin]) // QUARTER_US)[DURATION_KEYS]


def _microseconds(instants: pd.Series[Any]) -> Any:
    return instants.astype("datetime64[us, UTC]").to_numpy(dtype="datetime64[us]").astype("int64")
