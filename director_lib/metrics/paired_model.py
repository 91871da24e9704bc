"""Choices between versions as a model of strengths: Bradley and Terry's, for sets of any size.

Of a set, version j is chosen with the probability exp(u_j) ÷ Σ exp(u), where u_j is the strength of what
made it plus what its place on the page is worth (Bradley and Terry 1952, Biometrika 39:324, for two; Luce
1959 for more). A set in which none was found better counts as a share of a choice for each: half each for
two. Strengths have a normal prior around 0, so that one that never lost stays finite; the estimate is the
most probable one, its covariance the inverse of the curvature there (Laplace's approximation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PRIOR_SD = 2.0
"""Odds of more than e⁴ to 1 between two things that somebody thought worth comparing are rare."""
POSITION_PRIOR_SD = 1.0
DRAWS = 20_000
_MOST_STEPS = 60
_CLOSE = 1e-10


@dataclass(frozen=True, slots=True)
class Choices:
    """Decided sets, one row for each version; the rows of a set follow each other.

    Attributes:
        set_starts: Index of each set's first row, ascending.
        features: What each version has, one column for each thing whose strength is wanted.
        share: 1 for the chosen version, 0 for the others; of a tie, 1 ÷ the set's size for each.
        position: 1-based place on the page; 0 where it is not known.
    """

    set_starts: Ints
    features: Floats
    share: Floats
    position: Ints


@dataclass(frozen=True, slots=True)
class Strengths:
    """What choices say of each feature.

    Attributes:
        mean: Log odds, one for each column of the features.
        covariance: Of these.
        position: Log odds of the places 2, 3, … against the first, empty when no place but one was used.
        position_sd: Their standard deviations.
    """

    mean: Floats
    covariance: Floats
    position: Floats
    position_sd: Floats


def fit_strengths(choices: Choices, prior_sd: float = PRIOR_SD) -> Strengths:
    """Find the most probable strengths by Newton's method; see the module for the model.

    Without any choice all are 0 and as uncertain as before.
    """
    places = _place_columns(choices.position)
    columns = np.hstack([choices.features, places])
    n_features = choices.features.shape[1]
    precision = np.r_[np.full(n_features, prior_sd**-2), np.full(places.shape[1], POSITION_PRIOR_SD**-2)]
    theta = np.zeros(columns.shape[1])
    curvature = np.diag(precision)
    for _ in range(_MOST_STEPS):
        slope, curvature = _slope_and_curvature(choices, columns, theta, precision)
        step = np.linalg.solve(curvature, slope) if len(theta) else slope
        theta = theta + step
        if not len(step) or np.abs(step).max() < _CLOSE:
            break
    covariance = np.linalg.inv(curvature) if len(theta) else curvature
    sd = np.sqrt(np.diag(covariance))
    return Strengths(
        theta[:n_features], covariance[:n_features, :n_features], theta[n_features:], sd[n_features:]
    )


def against_mean(strengths: Strengths, members: Ints) -> tuple[Floats, Floats]:
    """Return the strengths of things that met, against the mean of them, and their covariance."""
    n = len(members)
    centring = np.eye(n) - 1.0 / n
    mean = centring @ strengths.mean[members]
    return mean, centring @ strengths.covariance[np.ix_(members, members)] @ centring.T


def probabilities_best(mean: Floats, covariance: Floats) -> Floats:
    """Return the probability of each to be the strongest, by draws from the posterior with a fixed seed."""
    if len(mean) == 1:
        return np.ones(1)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    drawn = mean + np.random.default_rng(0).standard_normal((DRAWS, len(mean))) @ root.T
    return np.bincount(drawn.argmax(axis=1), minlength=len(mean)) / DRAWS


def _place_columns(position: Ints) -> Floats:
    """Return a column for each place but the first, which the others are compared with."""
    highest = int(position.max()) if len(position) else 0
    return np.asarray(position[:, None] == np.arange(2, highest + 1), dtype=np.float64)


def _slope_and_curvature(
    choices: Choices, columns: Floats, theta: Floats, precision: Floats
) -> tuple[Floats, Floats]:
    slope, curvature = -precision * theta, np.diag(precision)
    if not len(columns):
        return slope, curvature
    starts = choices.set_starts
    sizes = np.diff(np.r_[starts, len(columns)])
    utility = columns @ theta
    utility = np.exp(utility - np.repeat(np.maximum.reduceat(utility, starts), sizes))
    chance = utility / np.repeat(np.add.reduceat(utility, starts), sizes)
    weighted = columns * chance[:, None]
    expected = np.add.reduceat(weighted, starts, axis=0)
    slope = slope + columns.T @ (choices.share - chance)
    return slope, curvature + columns.T @ weighted - expected.T @ expected
