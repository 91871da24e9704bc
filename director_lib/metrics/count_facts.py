"""The rows that the counts are counted from, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from director_lib.metrics.activity import Activity, activity_of
from director_lib.metrics.effective import effective_decisions, first_of, standing_decisions
from director_lib.metrics.frames import UNIT, check_decisions, check_tasks
from director_lib.metrics.regenerations import regenerations_of
from director_lib.metrics.standing import standings_of, versions_known
from director_lib.metrics.trend import local_weeks

_MADE_OF = ["version_id", "engine", "model", "created_at"]


@dataclass(frozen=True)
class CountFacts:
    """Rows with ``engine`` and ``model`` ("" when unknown) and the ``week`` that they are counted in.

    Attributes:
        made: Every verdict, with ``active_us`` and ``stretches`` (1 or 0).
        judged: From ``effective_decisions``, with ``created_at`` of the version.
        first: From ``first_judged``.
        again: From ``regenerations``.
        standing: From ``standing_decisions``: the opinions that stand.
        versions: The versions frame, with ``cost_micro_usd``.
        units: From ``unit_standings``, with ``cost_micro_usd`` and ``regenerations``; engine and model of the
            version that decides.
        tasks: The tasks frame, with ``lost_micro_usd``; the week is that of ``queued_at``.
    """

    made: pd.DataFrame
    judged: pd.DataFrame
    first: pd.DataFrame
    again: pd.DataFrame
    standing: pd.DataFrame
    versions: pd.DataFrame
    units: pd.DataFrame
    tasks: pd.DataFrame
    time_zone: str

    def weeks(self, instants: pd.Series[Any]) -> pd.Series[Any]:
        """Return the local Mondays of instants."""
        return local_weeks(instants, self.time_zone)


def gather(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    tasks: pd.DataFrame,
    *,
    time_zone: str,
    lost: pd.DataFrame | None,
    activity: Activity | None = None,
) -> CountFacts:
    """Compute the facts from the frames; raises InputError as ``counts.count`` does."""
    known = versions_known(versions)
    known = known.assign(
        engine=known["engine"].fillna(""),
        model=known["model"].fillna(""),
        cost_micro_usd=micro_usd(known["cost_usd"]),
    )
    made = check_decisions(decisions)
    judged = effective_decisions(made)
    again = regenerations_of(judged, known)

    def dated(rows: pd.DataFrame, instants: str) -> pd.DataFrame:
        return rows.assign(week=local_weeks(rows[instants], time_zone))

    def of_version(rows: pd.DataFrame) -> pd.DataFrame:
        return dated(rows.merge(known[_MADE_OF], on="version_id", how="left"), "decided_at")

    return CountFacts(
        made=of_version(_with_activity(made, activity)),
        judged=of_version(judged),
        first=of_version(first_of(judged)),
        again=of_version(again),
        standing=of_version(standing_decisions(made)),
        versions=dated(known, "created_at"),
        units=dated(_units(judged, known, again), "entered_at"),
        tasks=dated(_tasks(tasks, lost), "queued_at"),
        time_zone=time_zone,
    )


def micro_usd(usd: pd.Series[Any]) -> pd.Series[Any]:
    """Return money as whole millionths of a US dollar, which add up exactly."""
    return (usd.fillna(0.0) * 1_000_000).round().astype("int64")


def _with_activity(made: pd.DataFrame, activity: Activity | None) -> pd.DataFrame:
    """Add how long a person had been at it since their decision before, up to 15 minutes."""
    seqs = made["seq"].to_numpy()
    if activity is None:
        decided_us = made["decided_at"].astype("datetime64[us, UTC]").to_numpy("datetime64[us]")
        activity = activity_of(seqs, pd.factorize(made["actor"])[0], decided_us.astype("int64"))
    active_us, stretches = activity.of(seqs)
    return made.assign(active_us=active_us, stretches=stretches)


def _units(judged: pd.DataFrame, known: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    units = standings_of(judged, known).drop(columns="cost_usd")
    made_of = ["version_id", "engine", "model"]
    if "duration_s" in known.columns:
        made_of.append("duration_s")
    units = units.merge(known[made_of], on="version_id", how="left")
    if "duration_s" not in units.columns:
        units = units.assign(duration_s=np.nan)
    costs = known.groupby(UNIT, as_index=False)["cost_micro_usd"].sum()
    tried = again.groupby(UNIT).size().rename("regenerations").reset_index()
    units = units.merge(costs, on=UNIT, how="left").merge(tried, on=UNIT, how="left")
    return units.assign(
        regenerations=units["regenerations"].fillna(0).astype("int64"),
        duration_us=(units["duration_s"].fillna(0.0) * 1_000_000).round().astype("int64"),
    )


def _tasks(tasks: pd.DataFrame, lost: pd.DataFrame | None) -> pd.DataFrame:
    known = check_tasks(tasks).assign(model="")
    if lost is None or lost.empty:
        return known.assign(lost_micro_usd=np.zeros(len(known), dtype="int64"))
    billed = lost.set_index("task_id")["lost_micro_usd"]
    return known.assign(lost_micro_usd=known["task_id"].map(billed).fillna(0).astype("int64"))
