"""Rates of small groups, drawn towards the studio's: the beta-binomial model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

_LOG_STRENGTHS = (float(np.log(0.5)), float(np.log(1e5)))
_LOGITS = (-7.0, 7.0)
_POINTS = 15
_ZOOMS = 3
_FAR = 8.0
"""Log odds against a point that is left out."""
_SHIFT = 8
_HALF_LOG_2_PI = 0.9189385332046727

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Priors:
    """What is believed of a group before its cases are seen: a mixture of beta distributions.

    Attributes:
        means: Rate of the studio.
        strengths: How many cases that belief is worth; large when groups hardly differ.
        weights: How likely each pair is; their sum is 1.
    """

    means: Floats
    strengths: Floats
    weights: Floats


JEFFREYS = Priors(np.array([0.5]), np.array([1.0]), np.array([1.0]))


def fit_priors(k: npt.ArrayLike, n: npt.ArrayLike) -> Priors:
    """Estimate how much groups differ, from the groups themselves, and how sure that is.

    The posterior of the beta-binomial distribution's mean and strength, with a prior that is flat in the mean
    and falls as strength to the power of −3/2 (Gelman and others 2013, Bayesian Data Analysis, section 5.3).
    The most likely pair alone would do with hundreds of groups (empirical Bayes: Casella 1985, The American
    Statistician 39:83); of a handful it takes an estimate for the truth, and its intervals held the truth in
    65 to 85 % where they said 95 %. The grid closes in on what is likely, so that equal input gives equal
    output everywhere.

    Args:
        k: Successes by group.
        n: Trials by group; groups without trials say nothing.

    Returns:
        The mixture; Jeffreys' (½, ½) alone when fewer than two groups have trials.
    """
    successes, trials = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    successes, trials = successes[trials > 0], trials[trials > 0]
    if len(trials) < 2:
        return JEFFREYS
    cases, times_seen = np.unique(np.column_stack([successes, trials]), axis=0, return_counts=True)
    logits, logs = _LOGITS, _LOG_STRENGTHS
    for zoom in range(_ZOOMS + 1):
        across, down = np.linspace(*logits, _POINTS), np.linspace(*logs, _POINTS)
        means, strengths = np.meshgrid(1 / (1 + np.exp(-across)), np.exp(down), indexing="ij")
        found = _log_posterior(means, strengths, cases, times_seen)
        found -= found.max()
        if zoom < _ZOOMS:
            logits = _within(across, found.max(axis=1))
            logs = _within(down, found.max(axis=0))
    weights = np.exp(found)
    return Priors(means.ravel(), strengths.ravel(), (weights / weights.sum()).ravel())


def shrunken_means(k: pd.Series[Any], n: pd.Series[Any], priors: Priors | None = None) -> pd.Series[Any]:
    """Compute the column ``shrunken`` of ``shrunken_rates`` alone, quickly."""
    mean, _ = _moments(k, n, priors or fit_priors(k, n))
    return pd.Series(mean, index=k.index)


def shrunken_rates(k: pd.Series[Any], n: pd.Series[Any], priors: Priors | None = None) -> pd.DataFrame:
    """Estimate the rates of groups from their own cases and from what all groups have in common.

    Posterior mean, over the mixture of (k + a) ÷ (n + a + b), and the middle 95 % of the beta distribution
    with the posterior's mean and variance. A group with few cases stands near the studio's rate; with many,
    near its own. Rank groups by these or by their bounds, never by raw rates: the raw extremes are always the
    smallest groups.

    Args:
        k: Successes by group.
        n: Trials by group.
        priors: From ``fit_priors``; None estimates them from these groups.

    Returns:
        On the index of ``k``: ``shrunken``, ``shrunken_low``, ``shrunken_high`` (float64). A group without
        trials has what is believed of any group. Empty without groups.
    """
    from scipy.special import betaincinv

    mean, variance = _moments(k, n, priors or fit_priors(k, n))
    cases = mean * (1 - mean) / variance - 1
    a, b = mean * cases, (1 - mean) * cases
    return pd.DataFrame(
        {"shrunken": mean, "shrunken_low": betaincinv(a, b, 0.025), "shrunken_high": betaincinv(a, b, 0.975)},
        index=k.index,
    ).astype("float64")


def _moments(k: pd.Series[Any], n: pd.Series[Any], priors: Priors) -> tuple[Floats, Floats]:
    """Return each group's posterior mean and variance over the mixture, by its parts."""
    successes, trials = k.to_numpy(dtype=float)[:, None], n.to_numpy(dtype=float)[:, None]
    a = successes + priors.means * priors.strengths
    cases = trials + priors.strengths
    each = a / cases
    mean = each @ priors.weights
    inner = (each * (1 - each) / (cases + 1)) @ priors.weights
    outer = ((each - mean[:, None]) ** 2) @ priors.weights
    return mean, inner + outer


def _log_posterior(
    means: Floats, strengths: Floats, cases: Floats, times_seen: npt.NDArray[np.int64]
) -> Floats:
    """Return the log density at points of a grid that is even in log odds and in log strength."""
    # and a group without cases, whose term is that of the belief itself
    successes, trials = np.append(cases, [[0.0, 0.0]], axis=0).T
    a, b = (means * strengths)[..., None], ((1 - means) * strengths)[..., None]
    # of all cases of a group the mean says nothing: that term is the same along the first axis
    together = _log_gamma(strengths[:1, :, None] + trials)
    terms = _log_gamma(successes + a) + _log_gamma(trials - successes + b) - together
    each = terms[..., :-1] - terms[..., -1:]
    # d mean = mean·(1 − mean)·d log odds, d strength = strength·d log strength
    found: Floats = each @ times_seen + np.log(means * (1 - means)) - np.log(strengths) / 2
    return found


def _within(points: Floats, best: Floats) -> tuple[float, float]:
    """Return the bounds of the points that are not far less likely than the best, and one to each side."""
    near = np.flatnonzero(best >= -_FAR)
    first, last = max(0, int(near[0]) - 1), min(len(points) - 1, int(near[-1]) + 1)
    return float(points[first]), float(points[last])


def _log_gamma(x: npt.NDArray[Any]) -> npt.NDArray[Any]:
    # Stirling's series, eight places up where it is exact to 1e-12 (Abramowitz and Stegun 6.1.41, 6.1.15);
    # a page opens sooner without scipy
    y = x + _SHIFT
    # x·(x + 1) ⋯ (x + 7), first and last factor together, second and last but one …: half the passes
    ends = x * (x + _SHIFT - 1)
    places = ends * (ends + 6) * (ends + 10) * (ends + 12)
    z = 1 / (y * y)
    series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z / 1680))) / y
    found: npt.NDArray[Any] = (y - 0.5) * np.log(y) - y + _HALF_LOG_2_PI + series - np.log(places)
    return found
