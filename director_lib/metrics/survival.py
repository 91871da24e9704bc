"""Kaplan–Meier: durations when some have not ended yet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_ROUNDING = 1e-9


def kaplan_meier(
    durations_s: npt.ArrayLike, ended: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Estimate the share that has not ended yet, over time.

    S(t) = ∏ (1 − d_i ÷ n_i) over the times t_i ≤ t at which something ended, d_i that ended then and n_i
    that had lasted at least that long (Kaplan and Meier 1958, JASA 53:457). What is still open counts among
    the n_i as long as it was watched: leaving it out would make slow work look fast.

    Args:
        durations_s: Seconds each lasted, or has lasted so far; not negative.
        ended: Whether it has ended; False is still open (censored). A tie counts the ended ones first.
        weights: How many there are of each, when they are counted in bins; None is one of each.

    Returns:
        The distinct times at which something ended, rising, and S just after each. Both empty when nothing
        ended.

    Raises:
        ValueError: A duration is negative or unknown, or the lengths differ.
    """
    moments, deaths, at_risk = count_ended(durations_s, ended, weights)
    return moments, remaining_share(deaths, at_risk)


def count_ended(
    durations_s: npt.ArrayLike, ended: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Check the arguments of ``kaplan_meier`` and return ``count_at_risk`` of them."""
    times = np.asarray(durations_s, dtype=float)
    events = np.asarray(ended, dtype=bool)
    if times.shape != events.shape or not bool((times >= 0).all()):
        raise ValueError("durations must be known and not negative, one flag for each")
    return count_at_risk(times, events, weights)


def remaining_share(deaths: npt.NDArray[np.int64], at_risk: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return Kaplan and Meier's S after each time, from what ``count_at_risk`` counted."""
    return np.cumprod(1 - deaths / np.maximum(at_risk, 1)).astype(np.float64)


def count_at_risk(
    times: npt.NDArray[np.float64], events: npt.NDArray[np.bool_], weights: npt.ArrayLike | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Count, at each time at which something ended, how many ended and how many had lasted that long."""
    each = np.ones(times.size) if weights is None else np.asarray(weights, dtype=float)
    moments, place = np.unique(times[events], return_inverse=True)
    deaths = np.bincount(place, each[events], minlength=moments.size)
    order = np.argsort(times, kind="stable")
    lasting = np.concatenate([[0.0], np.cumsum(each[order])])
    at_risk = lasting[-1] - lasting[np.searchsorted(times[order], moments, side="left")]
    return moments, deaths.astype("int64"), at_risk.astype("int64")


def survival_quantile(durations_s: npt.ArrayLike, ended: npt.ArrayLike, share: float) -> float | None:
    """Find the time by which a share has ended, open ones counted as Kaplan and Meier do.

    Args:
        durations_s: See ``kaplan_meier``.
        ended: See ``kaplan_meier``.
        share: Above 0, at most 1; 0.5 is the median.

    Returns:
        The smallest time t with S(t) ≤ 1 − share; None when that has not been reached (or there is no data).

    Raises:
        ValueError: ``share`` is out of range, or the durations are not valid.
    """
    if not 0 < share <= 1:
        raise ValueError("share must be above 0 and at most 1")
    moments, remaining = kaplan_meier(durations_s, ended)
    reached = np.flatnonzero(remaining <= 1 - share + _ROUNDING)
    return float(moments[reached[0]]) if reached.size else None
