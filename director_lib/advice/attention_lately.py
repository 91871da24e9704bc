"""Whether what was learned still holds: taste changes, and so does how much is approved."""

from __future__ import annotations

from typing import Any

import numpy as np

from director_lib.advice.attention_checks import Floats, Gain, Ints, gain_over
from director_lib.advice.attention_model import fit_platt, fit_ridge, logistic
from director_lib.metrics.intervals import Z_95

LATEST = 5
"""One part in so many is the latest."""
_STEPS = 50


def latest_rows(n: int) -> slice:
    """Return the latest fifth of n rows that are in the order of time, at least one."""
    return slice(n - max(1, n // LATEST), n)


def gain_lately(columns: Any, happened: Floats, margins: Floats, groups: Ints) -> Gain:
    """Compare predictions of the latest fifth, learned from what came before, with the base rate.

    Both are given the level of the latest fifth, so that it is the order alone that is judged: a year in
    which more is approved is no change of taste. Segments of the latest fifth are not learned from.

    Args:
        columns: One row per version, in the order of time.
        happened: What became of each.
        margins: Of each, from a model that had not seen its segment; they calibrate.
        groups: The segment of each.

    Returns:
        The gain; of 0 with an unbounded interval when nothing came before, or all of that ended alike.
    """
    latest = np.zeros(len(happened), dtype=bool)
    latest[latest_rows(len(happened))] = True
    before = ~np.isin(groups, groups[latest])
    seen, now = happened[before], happened[latest]
    if not 0 < seen.sum() < len(seen):
        return Gain(0.0, 0.0, 0.0, -np.inf, np.inf)
    weights, intercept = fit_ridge(columns[before], seen)
    slope, shift = fit_platt(margins[before], seen)
    told = slope * (columns[latest] @ weights + intercept) + shift
    level = np.full(len(now), now.mean())
    return gain_over(level, logistic(told + level_shift(told, now)), now, groups[latest])


def moved_level(told: Floats, happened: Floats) -> float:
    """Return what to add to log odds so that they have the level of the latest fifth; 0 when they have it.

    They have it while the count of what happened is within 1.96 standard errors of what was predicted
    (Spiegelhalter 1986, Statistics in Medicine 5:421): a level that only seems to move is left alone.

    Args:
        told: Log odds for versions that the model had not seen, in the order of time.
        happened: What became of each.
    """
    rows = latest_rows(len(happened))
    chance, now = logistic(told[rows]), happened[rows]
    off = float((now - chance).sum()) / max(float(np.sqrt((chance * (1 - chance)).sum())), 1e-9)
    return level_shift(told[rows], now) if abs(off) > Z_95 else 0.0


def level_shift(told: Floats, happened: Floats) -> float:
    """Return what to add to log odds so that their mean probability is the share that happened.

    The share is drawn half a case towards both ends, so that it is never 0 or 1. By halving: the mean rises
    with what is added.
    """
    share = (float(happened.sum()) + 0.5) / (len(happened) + 1)
    low, high = -30.0, 30.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if logistic(told + middle).mean() < share else (low, middle)
    return (low + high) / 2
