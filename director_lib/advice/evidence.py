"""How much a few decisions say: shrinkage, many comparisons at once, and how well a prediction sorts."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LOOSEST, TIGHTEST, USUAL = 2.0, 200.0, 10.0


def adjusted_p(p: npt.ArrayLike) -> Floats:
    """Adjust p values of many comparisons so that of what is called real at most that share is not.

    qᵢ = the least of pⱼ·m ÷ rankⱼ over all j with rankⱼ ≥ rankᵢ, at most 1 (Benjamini and Hochberg 1995,
    JRSS B 57:289). Equal to ``scipy.stats.false_discovery_control``. Empty input gives an empty array.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values)
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    least = np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(least, 1)
    return adjusted


def concentration(k: npt.ArrayLike, n: npt.ArrayLike, means: npt.ArrayLike) -> float:
    """Estimate how many decisions a prediction is worth: M of the prior Beta(mean·M, (1 − mean)·M).

    The M between 2 and 200 under which the counts are likeliest (beta-binomial maximum likelihood; the
    empirical Bayes of Casella 1985, American Statistician 39:83).

    Args:
        k: Approvals.
        n: Decisions, of the same things.
        means: What was predicted of each before its decisions were known, within 0 and 1.

    Returns:
        10 when nothing was decided twice, for then the counts say nothing about it.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import betaln

    approved, judged = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    middle = np.clip(np.asarray(means, dtype=np.float64), 1e-3, 1 - 1e-3)
    several = judged > 1
    if not several.any():
        return USUAL
    approved, judged, middle = approved[several], judged[several], middle[several]

    def unlikely(log_m: float) -> float:
        a, b = middle * math.exp(log_m), (1 - middle) * math.exp(log_m)
        return -float((betaln(a + approved, b + judged - approved) - betaln(a, b)).sum())

    best = minimize_scalar(unlikely, bounds=(math.log(LOOSEST), math.log(TIGHTEST)), method="bounded")
    return float(math.exp(best.x))


def posterior(
    k: npt.ArrayLike, n: npt.ArrayLike, means: npt.ArrayLike, m: float
) -> tuple[Floats, Floats, Floats]:
    """Combine a prediction with decisions: Beta(mean·M + k, (1 − mean)·M + n − k).

    Returns:
        Mean and the bounds of the central 95 %, element by element; empty input gives empty arrays.
    """
    from scipy.stats import beta

    approved, judged = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    middle = np.clip(np.asarray(means, dtype=np.float64), 1e-3, 1 - 1e-3)
    a, b = middle * m + approved, (1 - middle) * m + judged - approved
    return a / (a + b), beta.ppf(0.025, a, b), beta.ppf(0.975, a, b)


def auc(y: npt.ArrayLike, scores: npt.ArrayLike) -> tuple[float, float, float]:
    """Say how often an approved attempt was predicted higher than one that was not; ties count half.

    The area under the ROC curve by ranks (Mann and Whitney 1947), with the interval of Hanley and McNeil
    1982 (Radiology 143:29). 0.5 is chance.

    Returns:
        The area and its 95 % interval within 0 and 1; (0.5, 0, 1) when all were judged alike, or none was.
    """
    from scipy.stats import rankdata

    outcome = np.asarray(y, dtype=bool)
    good, bad = int(outcome.sum()), int((~outcome).sum())
    if not good or not bad:
        return 0.5, 0.0, 1.0
    ranks = rankdata(np.asarray(scores, dtype=np.float64))
    area = float((ranks[outcome].sum() - good * (good + 1) / 2) / (good * bad))
    q1, q2 = area / (2 - area), 2 * area * area / (1 + area)
    spread = area * (1 - area) + (good - 1) * (q1 - area * area) + (bad - 1) * (q2 - area * area)
    half = 1.959963984540054 * math.sqrt(max(0.0, spread) / (good * bad))
    return area, max(0.0, area - half), min(1.0, area + half)
