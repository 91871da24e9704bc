"""What went wrong technically, and how long engines take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from director_lib.metrics.effective import Window, check_aware, within
from director_lib.metrics.frames import check_tasks
from director_lib.metrics.intervals import rate_columns
from director_lib.metrics.survival_bands import Lasting, lasting

LOST = ("failed", "unknown")
_ENDED = ("succeeded", *LOST)
_NO_CAUSE = "no cause recorded"
_PARTS = ("queue", "render")


def failure_causes(
    tasks: pd.DataFrame,
    by: Sequence[str] = ("cause",),
    *,
    window: Window | None = None,
    as_of: datetime | None = None,
) -> pd.DataFrame:
    """Count what tasks failed of.

    Of the tasks that ended by themselves (made their file, failed, or have an unknown outcome), the share
    lost to each cause. Cancelled ones ended by somebody's wish and are not counted.

    Args:
        tasks: A tasks frame.
        by: "cause" alone, or with "engine" or "kind" before it: shares are then of that engine's tasks.
        window: By the time of the end.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        One row per cause, most frequent first: the columns of ``by``, ``n`` (tasks that ended), ``k`` (lost
        to it), ``rate``, ``low``, ``high``. Empty when nothing was lost.

    Raises:
        InputError: The frame is not a tasks frame, or an instant has no time zone.
    """
    known = check_tasks(tasks)
    ended = within(known[known["state"].isin(_ENDED) & known["ended_at"].notna()], window, "ended_at")
    if as_of is not None:
        ended = ended[ended["ended_at"] <= check_aware(as_of)]
    lost = ended[ended["state"].isin(LOST)]
    lost = lost.assign(cause=lost["error_code"].fillna(_NO_CAUSE))
    of = [column for column in by if column != "cause"]
    counts = lost.groupby(list(by)).size().rename("k").reset_index()
    counts["n"] = counts.merge(ended.groupby(of).size().rename("n"), on=of)["n"] if of else len(ended)
    rates = rate_columns(counts["k"], counts["n"].astype("int64"))
    found = pd.concat([counts[list(by)], rates], axis=1)
    return found.sort_values(["k", *by], ascending=[False, *(True for _ in by)]).reset_index(drop=True)


def engine_times(
    tasks: pd.DataFrame,
    by: Sequence[str] = ("engine", "kind"),
    *,
    as_of: datetime,
    window: Window | None = None,
) -> pd.DataFrame:
    """Compute how long tasks wait and render, engine by engine.

    Queue: queued → started. Render: started → succeeded. What still waits or runs is censored at ``as_of``,
    what was cancelled or failed at its end: it would have taken at least that long (Kaplan–Meier).

    Args:
        tasks: A tasks frame.
        by: Columns to group by.
        as_of: Aware instant.
        window: By the time of queueing.

    Returns:
        One row per group and part ("queue", "render"), by the group: the columns of ``by``, ``part``, ``n``,
        ``n_open`` (censored), ``p50_s``, ``p50_low_s``, ``p50_high_s``, ``p90_s`` (float64, NaN when not
        reached or without data). Empty without tasks.

    Raises:
        InputError: The frame is not a tasks frame, or an instant has no time zone.
    """
    known = within(check_tasks(tasks), window, "queued_at")
    known = known[known["queued_at"] <= check_aware(as_of)]
    known = known.assign(
        started_at=known["started_at"].where(known["started_at"] <= as_of),
        ended_at=known["ended_at"].where(known["ended_at"] <= as_of),
    )
    columns = [*by, "part", "n", "n_open", "p50_s", "p50_low_s", "p50_high_s", "p90_s"]
    rows = [
        {**dict(zip(by, group, strict=True)), "part": part, **_lasting(of_one, part, as_of)}
        for group, of_one in known.groupby(list(by))
        for part in _PARTS
    ]
    return pd.DataFrame(rows, columns=columns)


def _lasting(tasks: pd.DataFrame, part: str, as_of: datetime) -> dict[str, float]:
    begun, ended = tasks["queued_at"], tasks["started_at"]
    if part == "render":
        begun, ended = tasks["started_at"], tasks["ended_at"].where(tasks["state"] == "succeeded")
    until = ended.fillna(tasks["ended_at"]).fillna(pd.Timestamp(as_of))
    lasted = (until - begun).dt.total_seconds().clip(lower=0)[begun.notna()]
    return lasting_row(lasted, ended[begun.notna()].notna())


def lasting_row(lasted_s: pd.Series[float], ended: pd.Series[bool]) -> dict[str, float]:
    """Return ``n``, ``n_open``, ``p50_s`` with its bounds and ``p90_s`` of durations; NaN when unknown."""
    times, ends = lasted_s.to_numpy(dtype=float), ended.to_numpy(dtype=bool)
    half: Lasting = lasting(times, ends)
    most = lasting(times, ends, 0.9).value_s
    values = {"p50_s": half.value_s, "p50_low_s": half.low_s, "p50_high_s": half.high_s, "p90_s": most}
    known = {name: float("nan") if value is None else value for name, value in values.items()}
    return {"n": len(times), "n_open": int((~ends).sum()), **known}
