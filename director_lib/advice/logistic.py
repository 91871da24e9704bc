"""Logistic regression with a ridge penalty, and errors that allow for clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_STEPS = 60
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """Coefficients in log odds, and how sure they are.

    Attributes:
        errors: Cluster-robust standard errors.
        plain_errors: Those that would hold if all rows were independent: the roots of the diagonal of A⁻¹.
        has_converged: Whether the estimate stopped moving; if not, it says nothing.
    """

    coefficients: Floats
    errors: Floats
    plain_errors: Floats
    n: int
    n_clusters: int
    has_converged: bool


def fit_logistic(
    x: Any, y: npt.ArrayLike, clusters: npt.ArrayLike, *, penalties: npt.ArrayLike = 0.0
) -> LogisticFit:
    """Fit P(y = 1) = 1 ÷ (1 + exp(−x·b)) by the maximum of the likelihood less ½·Σ penaltyⱼ·bⱼ².

    Newton's method with halved steps. Errors: the sandwich A⁻¹·B·A⁻¹ with A = XᵀWX + penalties and
    B = Σ over clusters of s·sᵀ, s = Σ xᵢ·(yᵢ − pᵢ), times G/(G−1)·(n−1)/(n−p) (Liang and Zeger 1986,
    Biometrika 73:13; the correction is that of statsmodels). Ridge: le Cessie and van Houwelingen 1992,
    Applied Statistics 41:191.

    Args:
        x: n × p, a dense array or a SciPy sparse matrix; the intercept is a column of ones of the caller's.
        y: n values 0 or 1.
        clusters: n codes; rows of one cluster may depend on each other.
        penalties: One for each column, or one for all; 0 is plain maximum likelihood.

    Raises:
        ValueError: There are no rows, or fewer than two clusters.
    """
    import scipy.sparse as sparse

    rows = sparse.csr_array(x, dtype=np.float64)
    outcome = np.asarray(y, dtype=np.float64)
    names, codes = np.unique(np.asarray(clusters), return_inverse=True)
    if not outcome.size or len(names) < 2:
        raise ValueError("fit_logistic needs rows of at least two clusters")
    ridge = np.broadcast_to(np.asarray(penalties, dtype=np.float64), (rows.shape[1],))
    found, has_converged = _climb(rows, outcome, ridge)
    chance = _chance(rows @ found)
    n, p, g = len(outcome), rows.shape[1], len(names)
    bread = np.linalg.pinv(_bend(rows, chance, ridge), hermitian=True)
    member = sparse.csr_array((np.ones(n), (codes, np.arange(n))), shape=(g, n))
    scores = member @ rows.multiply((outcome - chance)[:, None]).tocsr()
    meat = (scores.T @ scores).toarray()
    correction = g / (g - 1) * (n - 1) / max(1, n - p)
    spread = bread @ meat @ bread * correction
    robust, plain = (np.sqrt(np.maximum(np.diag(one), 0)) for one in (spread, bread))
    return LogisticFit(found, robust, plain, n, g, has_converged)


def _climb(rows: Any, outcome: Floats, ridge: Floats) -> tuple[Floats, bool]:
    found = np.zeros(rows.shape[1])
    reached = _height(rows, outcome, ridge, found)
    for _ in range(_STEPS):
        chance = _chance(rows @ found)
        slope = rows.T @ (outcome - chance) - ridge * found
        step = _solve(_bend(rows, chance, ridge), slope)
        for _ in range(30):
            height = _height(rows, outcome, ridge, found + step)
            if height >= reached - 1e-12 * abs(reached):
                break
            step = step / 2
        found, reached = found + step, height
        if float(np.abs(step).max(initial=0.0)) < _NEAR:
            return found, True
    return found, False


def _solve(bend: Floats, slope: Floats) -> Floats:
    try:
        step = np.linalg.solve(bend, slope)
    except np.linalg.LinAlgError:
        # two columns say the same; of all steps that are as good this is the shortest
        step = np.linalg.lstsq(bend, slope, rcond=None)[0]
    return np.asarray(step, dtype=np.float64)


def _bend(rows: Any, chance: Floats, ridge: Floats) -> Floats:
    weighted = rows.multiply((chance * (1 - chance))[:, None]).tocsr()
    bend: Floats = (rows.T @ weighted).toarray() + np.diag(ridge)
    return bend


def _height(rows: Any, outcome: Floats, ridge: Floats, at: Floats) -> float:
    odds = rows @ at
    return float(outcome @ odds - np.logaddexp(0, odds).sum() - 0.5 * (ridge * at * at).sum())


def _chance(odds: Floats) -> Floats:
    chance: Floats = 0.5 * (1 + np.tanh(odds / 2))
    return chance
