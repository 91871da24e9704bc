"""Whether predictions are better than chance, and whether they mean what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from director_lib.metrics.intervals import Z_95, wilson

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
N_BINS = 10


@dataclass(frozen=True, slots=True)
class Gain:
    """How much better predictions are than the base rate.

    Attributes:
        brier: Mean squared error of the predictions (Brier 1950, Monthly Weather Review 78:1).
        brier_base: The same of the base rate, which is what chance can do.
        gain: The difference, with its 95 % interval; above 0 is better than chance.
    """

    brier: float
    brier_base: float
    gain: float
    low: float
    high: float


def gain_over(base: Floats, predicted: Floats, happened: Floats, groups: Ints) -> Gain:
    """Compare predictions with a base rate that was known without the row.

    The interval treats rows of one group as one observation, because the versions of a segment share what is
    hard about it (Liang and Zeger 1986, Biometrika 73:13). Needs at least one row; with a single group
    nothing is known and the interval is unbounded.
    """
    error, error_base = (predicted - happened) ** 2, (base - happened) ** 2
    better = error_base - error
    mean = float(better.mean())
    _, place = np.unique(groups, return_inverse=True)
    sums = np.bincount(place, weights=better - mean)
    n_groups = len(sums)
    half = np.inf
    if n_groups > 1:
        half = Z_95 * float(np.sqrt(n_groups / (n_groups - 1) * (sums**2).sum())) / len(better)
    return Gain(float(error.mean()), float(error_base.mean()), mean, mean - half, mean + half)


def area_under_curve(predicted: Floats, happened: Floats) -> float | None:
    """Return the probability that what happened was ranked above what did not, ties half; None without both.

    It is the rank-sum statistic (Hanley and McNeil 1982, Radiology 143:29).
    """
    n_yes = int(happened.sum())
    n_no = len(happened) - n_yes
    if not n_yes or not n_no:
        return None
    _, place, counts = np.unique(predicted, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[happened > 0].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


def calibration(predicted: Floats, happened: Floats) -> list[dict[str, Any]]:
    """Compare what was predicted with what happened, in ten equal steps of probability.

    Returns:
        One row for each step that has predictions: ``low`` and ``high`` of the step, ``n``, the mean
        ``predicted``, the share that ``happened``, and its 95 % Wilson interval ``at_least``, ``at_most``.
    """
    step = np.minimum((predicted * N_BINS).astype(int), N_BINS - 1)
    n = np.bincount(step, minlength=N_BINS)
    k = np.bincount(step, weights=happened, minlength=N_BINS)
    told = np.bincount(step, weights=predicted, minlength=N_BINS)
    at_least, at_most = wilson(k, n)
    return [
        {
            "low": place / N_BINS,
            "high": (place + 1) / N_BINS,
            "n": int(n[place]),
            "predicted": float(told[place] / n[place]),
            "happened": float(k[place] / n[place]),
            "at_least": float(at_least[place]),
            "at_most": float(at_most[place]),
        }
        for place in np.flatnonzero(n)
    ]
