"""What the time at a checkpoint is made of: waiting in the queue, rendering, lying idle, being looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from director_lib.metrics.effective import Window, check_aware, effective_decisions, within
from director_lib.metrics.failures import engine_times, lasting_row
from director_lib.metrics.standing import versions_known
from director_lib.metrics.throughput import handling_seconds

PARTS = ("queue", "render", "idle", "handling")
"""In their order; each version goes through all four."""


def checkpoint_parts(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    tasks: pd.DataFrame,
    *,
    as_of: datetime,
    window: Window | None = None,
) -> pd.DataFrame:
    """Compute how long versions wait, are rendered, lie idle and are looked at, in calendar time.

    Queue: queued → started. Render: started → succeeded. Idle: made → first seen by who decided (where that
    was not recorded: made → decided). Handling: seen → decided, at most 15 minutes. What has not ended is
    censored, as in ``engine_times``; versions not judged yet are idle until ``as_of``. A version that was
    replaced by a newer one and never judged stopped waiting then.

    Args:
        decisions: A decisions frame; with ``viewed_at`` idle and handling are told apart.
        versions: A versions frame; those put back from history are not counted again.
        tasks: A tasks frame.
        as_of: Aware instant.
        window: Versions made and tasks queued in this time only.

    Returns:
        Per kind ("keyframe", "video") and part, in that order: ``kind``, ``part``, ``n``, ``n_open``,
        ``p50_s``, ``p50_low_s``, ``p50_high_s``, ``p90_s`` (float64, NaN when not reached or without data).

    Raises:
        InputError: A frame is not what it should be, or an instant has no time zone.
    """
    machine = engine_times(tasks, ("kind",), as_of=as_of, window=window)
    waits = _waits(decisions, versions, as_of, window)
    rows = []
    for kind in ("keyframe", "video"):
        of_kind = waits[waits["kind"] == kind]
        for part in PARTS:
            if part in ("idle", "handling"):
                rows.append({"kind": kind, "part": part, **_person_part(of_kind, part)})
                continue
            known = machine[(machine["kind"] == kind) & (machine["part"] == part)]
            rows.append({"kind": kind, "part": part, **_machine_part(known)})
    return pd.DataFrame(rows)


def _machine_part(known: pd.DataFrame) -> dict[str, Any]:
    if known.empty:
        return lasting_row(pd.Series(dtype=float), pd.Series(dtype=bool))
    return {str(name): value for name, value in known.iloc[0].items()}


def _person_part(waits: pd.DataFrame, part: str) -> dict[str, float]:
    if part == "handling":
        took = waits["handling_s"].dropna()
        return lasting_row(took, pd.Series(True, index=took.index))
    return lasting_row(waits["idle_s"], waits["is_judged"])


def _waits(
    decisions: pd.DataFrame, versions: pd.DataFrame, as_of: datetime, window: Window | None
) -> pd.DataFrame:
    judged = effective_decisions(decisions, as_of=check_aware(as_of))
    judged = judged.assign(handling_s=handling_seconds(judged))
    known = versions_known(versions, as_of=as_of)
    made = known[known["origin"] != "restored"].sort_values("attempt")
    made = made.assign(replaced_at=made.groupby(["stream_id", "segment_id", "kind"])["created_at"].shift(-1))
    made = within(made, window, "created_at")
    facts = ["version_id", "decided_at", "handling_s", *(["viewed_at"] if "viewed_at" in judged else [])]
    rows = made.merge(judged[facts], on="version_id", how="left")
    seen = rows["decided_at"]
    if "viewed_at" in rows:
        seen = rows["viewed_at"].where(rows["viewed_at"] <= rows["decided_at"]).fillna(rows["decided_at"])
    until = seen.fillna(rows["replaced_at"]).fillna(pd.Timestamp(as_of))
    idle = (until - rows["created_at"]).dt.total_seconds().clip(lower=0)
    return rows.assign(idle_s=idle, is_judged=seen.notna())
