"""How many get approved by when, when others are given up: Aalen–Johansen."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.metrics.effective import Window, effective_decisions, within
from director_lib.metrics.frames import UNIT, check_tasks
from director_lib.metrics.intervals import Z_95, Rate
from director_lib.metrics.standing import REJECTED, standings_of, versions_known
from director_lib.metrics.survival import count_at_risk

OPEN, APPROVAL, REJECTION = 0, 1, 2
_UNDECIDED = ("queued", "running")
_ROUNDING = 1e-9


def aalen_johansen(
    durations_s: npt.ArrayLike, outcomes: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> pd.DataFrame:
    """Estimate the share approved by each time, rejection competing with approval.

    F(t) = Σ S(t_i−)·d_i ÷ n_i over t_i ≤ t, with d_i approved at t_i, n_i still undecided just before, and S
    the Kaplan–Meier share without any end (Aalen and Johansen 1978, Scandinavian Journal of Statistics
    5:141). Its interval is Greenwood's kind on the scale log(−log F) (Collett 2003, section 11.3). What was
    rejected can not be approved any more, so it is not censored: that would answer another question.

    Args:
        durations_s: Seconds until the end, or so far; not negative.
        outcomes: 0 is open (censored), 1 approved, 2 rejected. Ties are exact; nothing is jittered.
        weights: How many there are of each, when they are counted in bins; None is one of each.

    Returns:
        One row per time at which something ended, rising: ``lasted_s``, ``at_risk`` (int64), ``remaining``
        (S), ``approved`` (F), ``low``, ``high``, ``rejected`` (the same for rejection), all float64. Before
        the first approval F is 0 and its interval 0 to 0. Empty when nothing ended.

    Raises:
        ValueError: A duration is negative or unknown, or the lengths differ.
    """
    times, ends = np.asarray(durations_s, dtype=float), np.asarray(outcomes, dtype=int)
    if times.shape != ends.shape or bool((~(times >= 0)).any()):
        raise ValueError("durations must be known and not negative, one outcome for each")
    each = np.ones(times.size) if weights is None else np.asarray(weights, dtype=float)
    moments, every, at_risk = count_at_risk(times, ends != OPEN, each)
    is_approval = ends == APPROVAL
    approvals = np.zeros(len(moments))
    np.add.at(approvals, np.searchsorted(moments, times[is_approval]), each[is_approval])
    remaining = np.cumprod(1 - every / np.maximum(at_risk, 1))
    before = np.concatenate([[1.0], remaining[:-1]])[: len(moments)]
    approved = np.cumsum(before * approvals / np.maximum(at_risk, 1))
    rejected = np.cumsum(before * (every - approvals) / np.maximum(at_risk, 1))
    low, high = _bounds(approved, _variance(approved, before, at_risk, every, approvals))
    return pd.DataFrame(
        {
            "lasted_s": moments,
            "at_risk": at_risk.astype("int64"),
            "remaining": remaining,
            "approved": approved,
            "low": low,
            "high": high,
            "rejected": rejected,
        }
    )


def unit_outcomes(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    *,
    tasks: pd.DataFrame | None = None,
    as_of: datetime,
    window: Window | None = None,
) -> pd.DataFrame:
    """Tell how each unit's first way to approval ended.

    It runs from the first version to the first approval. A unit that stands sent back and that nothing was
    made of since counts as rejected at that decision, unless a task for it still waits or runs; everything
    else is open. A unit sent back only now may still be tried again, so the newest rejections are
    provisional.

    Args:
        decisions: A decisions frame.
        versions: A versions frame.
        tasks: A tasks frame; None when it is not known what is being made.
        as_of: Aware instant up to which open ones were watched.
        window: Units entered in this time only.

    Returns:
        One row per started unit, by stream, segment and kind: ``stream_id``, ``segment_id``, ``kind``,
        ``entered_at``, ``outcome`` (int64: 0 open, 1 approved, 2 rejected), ``lasted_s`` (float64).

    Raises:
        InputError: A frame is not what it should be, or ``as_of`` has no time zone.
    """
    judged = effective_decisions(decisions, as_of=as_of)
    units = within(standings_of(judged, versions_known(versions, as_of=as_of)), window, "entered_at")
    approvals = (
        judged[judged["is_approved"]].groupby(UNIT, as_index=False).agg(first_at=("decided_at", "min"))
    )
    units = units.merge(approvals, on=UNIT, how="left")
    given_up = (units["state"] == REJECTED) & ~_being_made(units, tasks, as_of)
    outcome = np.where(units["first_at"].notna(), APPROVAL, np.where(given_up, REJECTION, OPEN))
    ended = units["first_at"].fillna(units["decided_at"].where(given_up)).fillna(pd.Timestamp(as_of))
    lasted = (ended - units["entered_at"]).dt.total_seconds().clip(lower=0)
    return units[[*UNIT, "entered_at"]].assign(outcome=outcome, lasted_s=lasted.astype("float64"))


def approved_by(outcomes: pd.DataFrame, horizon_s: float) -> Rate:
    """Estimate the share approved within a time after the first version.

    Args:
        outcomes: From ``unit_outcomes``.
        horizon_s: Seconds.

    Returns:
        F(horizon) with its interval; ``k`` counts the approvals seen by then and is not F·n when some are
        open. n = 0 and the value None without units; an interval 0 to 1 before the first approval.
    """
    curve = aalen_johansen(outcomes["lasted_s"], outcomes["outcome"])
    reached = curve[curve["lasted_s"] <= horizon_s]
    seen = (outcomes["outcome"] == APPROVAL) & (outcomes["lasted_s"] <= horizon_s)
    if not len(outcomes):
        return Rate(0, 0, None, 0.0, 1.0)
    if not seen.any():
        return Rate(0, len(outcomes), 0.0, 0.0, 1.0)
    last = reached.iloc[-1]
    return Rate(
        int(seen.sum()), len(outcomes), float(last["approved"]), float(last["low"]), float(last["high"])
    )


def time_to_approval(outcomes: pd.DataFrame, share: float = 0.5) -> float | None:
    """Find the time by which a share of *all* units was approved, rejected ones included below the line.

    Returns:
        Seconds: the smallest t with F(t) ≥ share; None while that has not been reached, or without units.
    """
    curve = aalen_johansen(outcomes["lasted_s"], outcomes["outcome"])
    reached = curve.loc[curve["approved"] >= share - 1e-9, "lasted_s"]
    return None if reached.empty else float(reached.iloc[0])


def _variance(
    approved: npt.NDArray[np.float64],
    before: npt.NDArray[np.float64],
    at_risk: npt.NDArray[np.int64],
    every: npt.NDArray[np.int64],
    approvals: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    # Σ over t_i ≤ t, with every power of F(t) − F(t_i) written out, so that one pass of sums is enough
    n, d = at_risk.astype(float), every.astype(float)
    left = n - d
    ends = np.where(left > 0, d / (n * np.maximum(left, 1)), 0.0)
    own = before**2 * approvals * (n - approvals) / n**3
    both = before * approvals / n**2
    squares = approved**2 * np.cumsum(ends) - 2 * approved * np.cumsum(approved * ends)
    squares += np.cumsum(approved**2 * ends)
    crossed = approved * np.cumsum(both) - np.cumsum(approved * both)
    variance: npt.NDArray[np.float64] = np.clip(squares + np.cumsum(own) - 2 * crossed, 0, None)
    return variance


def _bounds(
    share: npt.NDArray[np.float64], variance: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    # when all are approved, the sum of the shares misses one by less than this, and the scale is of no use
    some = (share > 0) & (share < 1 - _ROUNDING)
    safe = np.where(some, share, 0.5)
    spread = np.exp(Z_95 * np.sqrt(variance) / (safe * np.abs(np.log(safe))))
    return np.where(some, safe**spread, share), np.where(some, safe ** (1 / spread), share)


def _being_made(units: pd.DataFrame, tasks: pd.DataFrame | None, as_of: datetime) -> pd.Series[bool]:
    if tasks is None:
        return pd.Series(False, index=units.index)
    known = check_tasks(tasks)
    waits = known["ended_at"].isna() & known["state"].isin(_UNDECIDED) | (known["ended_at"] > as_of)
    open_units = known.loc[waits & (known["queued_at"] <= as_of), UNIT].drop_duplicates()
    marked = units[UNIT].merge(open_units, on=UNIT, how="left", indicator=True)["_merge"] == "both"
    return marked.set_axis(units.index)
