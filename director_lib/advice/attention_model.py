"""A ridge logistic model over named numbers, and Platt's calibration of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_FEATURES = 1000
_SEEN_IN = 5
_PENALTY = 5.0
_MOST_STEPS = 30
_CLOSE = 1e-6
_FEW_NUMBERS = 50_000


def columns_of(described: Sequence[dict[str, float]]) -> tuple[list[str], Any]:
    """Return the names of the features that at least five versions have, and a sparse column for each.

    Of more than ``MOST_FEATURES``, those that most versions have.
    """
    from scipy.sparse import csr_array

    seen = Counter(name for one in described for name in one)
    names = sorted(name for name, count in seen.most_common(MOST_FEATURES) if count >= _SEEN_IN)
    place = {name: number for number, name in enumerate(names)}
    rows, cells, values = [], [], []
    for row, one in enumerate(described):
        for name, value in one.items():
            if name in place:
                rows.append(row)
                cells.append(place[name])
                values.append(value)
    return names, csr_array((values, (rows, cells)), shape=(len(described), len(names)))


def fit_ridge(columns: Any, happened: Floats, penalty: float = _PENALTY) -> tuple[Floats, float]:
    """Fit P = 1 ÷ (1 + exp(−(x·w + b))) by the maximum of the likelihood less ½·penalty·Σ w².

    Newton's method (le Cessie and van Houwelingen 1992, Applied Statistics 41:191); b is not penalised.

    Returns:
        The weights and the intercept.
    """
    rows, curvature = _rows_of(columns)
    ridge = np.r_[np.full(columns.shape[1], penalty), 1e-9]
    found = np.zeros(len(ridge))
    for _ in range(_MOST_STEPS):
        chance = logistic(rows @ found)
        slope = rows.T @ (happened - chance) - ridge * found
        bend = curvature(chance * (1 - chance)) + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        # from 0 the curvature is at its largest, so that steps do not overshoot but where classes part wholly
        found = found + np.clip(step, -5, 5)
        if np.abs(step).max() < _CLOSE:
            break
    return found[:-1], float(found[-1])


def _rows_of(columns: Any) -> tuple[Any, Callable[[Floats], Floats]]:
    """Return the columns with one of ones behind, and what gives rowsᵀ·diag(weights)·rows.

    Few numbers are quicker dense: a sparse product costs more to set up than to compute.
    """
    from scipy.sparse import csr_array, diags_array, hstack, issparse

    n_rows, n_columns = columns.shape
    if n_rows * n_columns <= _FEW_NUMBERS:
        dense = columns.toarray() if issparse(columns) else np.asarray(columns, dtype=float)
        full = np.hstack([dense, np.ones((n_rows, 1))])
        return full, lambda weights: (full.T * weights) @ full
    rows = csr_array(hstack([csr_array(columns), csr_array(np.ones((n_rows, 1)))]))
    return rows, lambda weights: (rows.T @ diags_array(weights) @ rows).toarray()


def fit_platt(margins: Floats, happened: Floats) -> tuple[float, float]:
    """Fit the slope and shift that make margins probabilities (Platt 1999, with his softened targets).

    A model that is upside down gets the slope 0: then everything has the base rate.
    """
    n_yes = float(happened.sum())
    n_no = len(happened) - n_yes
    target = np.where(happened > 0, (n_yes + 1) / (n_yes + 2), 1 / (n_no + 2))
    (slope,), shift = fit_ridge(margins[:, None], target, penalty=1e-6)
    if slope > 0:
        return float(slope), shift
    share = (n_yes + 1) / (len(happened) + 2)
    return 0.0, float(np.log(share / (1 - share)))


def logistic(margin: Floats) -> Floats:
    """Return 1 ÷ (1 + exp(−margin))."""
    return 1 / (1 + np.exp(-np.clip(margin, -700, 700)))
