"""Learning which versions are likely not to be approved, from what is known of them before.

Logistic regression with a ridge, checked by cross-validation in which all versions of a segment are on one
side, and calibrated by Platt's method (Platt 1999) on predictions for rows that the model had not seen.
It orders work; it decides nothing, and it is not used until it is better than the base rate with an interval
that leaves out 0, and what was learned before holds for the latest fifth, too: taste changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from director_lib.advice.attention_checks import Floats, Gain, Ints, area_under_curve, calibration, gain_over
from director_lib.advice.attention_features import Judgeable, features_of
from director_lib.advice.attention_lately import gain_lately, latest_rows, moved_level
from director_lib.advice.attention_model import columns_of, fit_platt, fit_ridge, logistic

FEWEST = 100
FEWEST_OF_EACH = 20
FEWEST_SEGMENTS = 20
FOLDS = 5
MOST_JUDGED = 20_000
"""Older decisions tell less of today's taste, and take longer."""
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned.

    Attributes:
        is_usable: Whether it is better than chance.
        report: How it was checked, as JSON values: counts, Brier scores, the gain with its interval, the area
            under the curve, the calibration table, what counts most, ``gain_lately`` (on the latest fifth,
            ``n_lately`` versions, learned from what came before; its interval ``gain_lately_low`` and
            ``gain_lately_high``, None without bounds), ``level_moved`` (log odds by which the latest fifth
            lies off the rest; 0 within chance), and ``why`` it is not usable.
        weights: For ``attention_features.score_of``; empty when there was too little to learn from.
    """

    is_usable: bool
    report: dict[str, Any]
    weights: dict[str, Any]


def learn_attention(
    versions: Sequence[Judgeable], not_approved: Sequence[bool], segments: Sequence[str]
) -> Learned:
    """Learn from judged versions.

    Args:
        versions: As they were before they were judged, in the order of their judgement.
        not_approved: What became of each.
        segments: The segment of each: no segment is both learned from and checked on.

    Returns:
        What was learned; too few versions give one that is not usable and says so.
    """
    happened = np.array(not_approved, dtype=float)
    _, groups = np.unique(np.array(segments, dtype=str), return_inverse=True)
    counts = {"n": len(versions), "n_not_approved": int(happened.sum()), "n_segments": len(set(segments))}
    fewest = min(happened.sum(), len(happened) - happened.sum()) if len(happened) else 0
    if len(versions) < FEWEST or fewest < FEWEST_OF_EACH or counts["n_segments"] < FEWEST_SEGMENTS:
        why = (
            f"Not enough data: at least {FEWEST} judged versions of {FEWEST_SEGMENTS} segments are needed, "
            f"{FEWEST_OF_EACH} of them approved and {FEWEST_OF_EACH} not."
        )
        return Learned(False, {**counts, "why": why}, {})
    return _learn([features_of(version) for version in versions], happened, groups, counts)


def _learn(
    described: list[dict[str, float]], happened: Floats, groups: Ints, counts: dict[str, int]
) -> Learned:
    names, columns = columns_of(described)
    folds = _folds(groups)
    margins, base = np.zeros(len(happened)), np.zeros(len(happened))
    for fold in range(FOLDS):
        seen, unseen = folds != fold, folds == fold
        weights, intercept = fit_ridge(columns[seen], happened[seen])
        margins[unseen] = columns[unseen] @ weights + intercept
        base[unseen] = happened[seen].mean()
    predicted = np.zeros(len(happened))
    for fold in range(FOLDS):
        slope, shift = fit_platt(margins[folds != fold], happened[folds != fold])
        predicted[folds == fold] = logistic(slope * margins[folds == fold] + shift)
    gain = gain_over(base, predicted, happened, groups)
    lately = gain_lately(columns, happened, margins, groups)
    slope, shift = fit_platt(margins, happened)
    moved = moved_level(slope * margins + shift, happened)
    final, intercept = fit_ridge(columns, happened)
    named = dict(zip(names, map(float, final), strict=True))
    why = _why_not(gain, lately)
    report = {
        **counts,
        "base_rate": float(happened.mean()),
        "brier": gain.brier,
        "brier_base": gain.brier_base,
        "gain": gain.gain,
        "gain_low": gain.low,
        "gain_high": gain.high,
        "auc": area_under_curve(predicted, happened),
        "calibration": calibration(predicted, happened),
        "counts_most": _most(named),
        "n_lately": len(happened[latest_rows(len(happened))]),
        "gain_lately": lately.gain,
        "gain_lately_low": _finite(lately.low),
        "gain_lately_high": _finite(lately.high),
        "level_moved": moved,
        "why": why,
    }
    kept = {"features": named, "intercept": intercept, "slope": slope, "shift": shift + moved}
    return Learned(not why, report, kept)


def _finite(bound: float) -> float | None:
    return bound if np.isfinite(bound) else None


def _why_not(gain: Gain, lately: Gain) -> str:
    """Return why what was learned must not be used; "" when it may."""
    if gain.low <= 0:
        return "It is not better than chance: the interval of its gain includes 0."
    if lately.gain <= 0:
        return (
            "What was learned before does not hold for the latest fifth of the decisions: "
            "taste seems to have changed."
        )
    return ""


def _folds(groups: Ints) -> Ints:
    """Put each group into one of the folds, by lot with a fixed seed."""
    drawn = np.random.default_rng(0).permutation(int(groups.max()) + 1) % FOLDS
    return drawn[groups]


def _most(weights: dict[str, float]) -> list[dict[str, Any]]:
    strongest = sorted(weights.items(), key=lambda item: (-abs(item[1]), item[0]))[:MOST_NAMED]
    return [{"name": name, "weight": weight} for name, weight in strongest]
