"""Which versions are likely not to be approved: off for noise, on for what is planted, and calibrated."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import binom
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from director_lib.advice import attention_model
from director_lib.advice.attention import FEWEST, Learned, learn_attention
from director_lib.advice.attention_checks import area_under_curve, calibration, gain_over
from director_lib.advice.attention_features import Judgeable, features_of, score_of
from director_lib.advice.attention_model import fit_platt, fit_ridge

ENGINES = ("local", "google", "script")
WORDS = ("fog", "cliff", "pan", "lamp", "ice", "pier", "storm", "gull")


def studio(seed: int, n: int, *, effect: float) -> tuple[list[Judgeable], np.ndarray, list[str], np.ndarray]:
    """Draw versions; findings, one engine and one word raise the odds of not being approved.

    Returns:
        The versions, what became of them, their segments, and the true probabilities.
    """
    rng = np.random.default_rng(seed)
    versions, odds, segments = [], [], []
    for number in range(n):
        engine, words = ENGINES[rng.integers(3)], rng.choice(WORDS, 3, replace=False)
        has_found = bool(rng.random() < 0.2)
        segment = int(rng.integers(n // 3))
        versions.append(
            Judgeable(
                number,
                f"s{segment % 4}",
                "keyframe",
                engine,
                prompt=", ".join(words),
                attempt=int(rng.integers(1, 4)),
                findings=("black",) if has_found else (),
            )
        )
        odds.append(effect * (1.5 * has_found + 1.2 * (engine == "google") - 1.0 * ("fog" in words)) - 0.3)
        segments.append(f"film|{segment}")
    truth = 1 / (1 + np.exp(-np.array(odds)))
    return versions, rng.random(n) < truth, segments, truth


def learn(seed: int, n: int, *, effect: float) -> Learned:
    versions, happened, segments, _ = studio(seed, n, effect=effect)
    return learn_attention(versions, list(happened), segments)


def test_too_little_to_learn_from_is_said_and_gives_no_order() -> None:
    for n in (0, 1, FEWEST - 1):
        learned = learn(1, n, effect=1.0) if n > 3 else learn_attention([], [], [])
        assert not learned.is_usable
        assert learned.weights == {}
        assert "Not enough data" in learned.report["why"]
    alike = [Judgeable(n, "film", "keyframe") for n in range(300)]
    assert not learn_attention(alike, [False] * 300, [str(n) for n in range(300)]).is_usable


def test_noise_is_hardly_ever_taken_for_knowledge() -> None:
    """Of 200 studios in which nothing matters, 2.5 % may look better than chance; the binomial's 99.9 %."""
    n_fooled = sum(learn(seed, 120, effect=0.0).is_usable for seed in range(200))
    assert n_fooled <= binom.ppf(0.999, 200, 0.025)


def test_what_is_planted_is_found_and_told() -> None:
    learned = learn(5, 900, effect=1.0)
    report = learned.report
    assert learned.is_usable
    assert report["gain_low"] > 0
    assert report["brier"] < report["brier_base"]
    assert report["auc"] > 0.6
    named = {one["name"]: one["weight"] for one in report["counts_most"]}
    assert named["engine=google"] > 0 > named["word=fog"]
    assert json.loads(json.dumps(report)) == report


def test_scores_of_new_versions_are_close_to_the_truth_and_calibrated() -> None:
    learned = learn(5, 3000, effect=1.0)
    fresh, happened, _, truth = studio(99, 3000, effect=1.0)
    scores = np.array([score_of(version, learned.weights) for version in fresh])
    assert np.abs(scores - truth).mean() < 0.06
    assert abs(scores.mean() - happened.mean()) < 0.03
    rows = [row for row in calibration(scores, happened.astype(float)) if row["n"] >= 100]
    assert len(rows) >= 5
    assert max(abs(row["predicted"] - row["happened"]) for row in rows) < 0.1


def test_versions_of_one_segment_are_never_on_both_sides() -> None:
    """What is only known of a segment cannot be learned: with the segment's own coin nothing is gained."""
    rng = np.random.default_rng(2)
    coin = rng.random(60) < 0.5
    versions = [Judgeable(n, "film", "keyframe", prompt=f"word{n % 60}") for n in range(600)]
    happened = [bool(coin[n % 60]) for n in range(600)]
    assert not learn_attention(versions, happened, [str(n % 60) for n in range(600)]).is_usable
    assert learn_attention(versions, happened, [str(n) for n in range(600)]).is_usable


def test_brier_and_the_area_are_those_of_an_independent_library() -> None:
    rng = np.random.default_rng(4)
    happened = (rng.random(200) < 0.4).astype(float)
    predicted = np.round(rng.random(200), 1)
    gain = gain_over(np.full(200, 0.4), predicted, happened, np.arange(200))
    assert gain.brier == pytest.approx(brier_score_loss(happened, predicted))
    assert area_under_curve(predicted, happened) == pytest.approx(roc_auc_score(happened, predicted))
    assert area_under_curve(predicted, np.zeros(200)) is None


def test_weights_are_those_of_an_independent_library(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(6)
    columns = rng.random((300, 7)) * (rng.random((300, 7)) < 0.4)
    happened = (rng.random(300) < 1 / (1 + np.exp(-3 * columns[:, 0] + 1))).astype(float)
    theirs = LogisticRegression(C=1 / 5, tol=1e-10, max_iter=2000).fit(columns, happened)
    for few in (0, 50_000):
        monkeypatch.setattr(attention_model, "_FEW_NUMBERS", few)
        weights, intercept = fit_ridge(columns, happened, penalty=5.0)
        assert weights == pytest.approx(theirs.coef_[0], abs=1e-5)
        assert intercept == pytest.approx(theirs.intercept_[0], abs=1e-5)


def test_what_parts_wholly_stays_finite_and_what_is_upside_down_has_the_base_rate() -> None:
    happened = np.repeat([0.0, 1.0], 20)
    weights, _ = fit_ridge(happened[:, None], happened)
    assert np.isfinite(weights).all()
    slope, shift = fit_platt(-happened, happened)
    assert (slope, shift) == (0.0, 0.0)


def test_the_gain_of_three_rows_by_hand() -> None:
    gain = gain_over(np.full(3, 0.5), np.array([1.0, 0.0, 0.0]), np.array([1.0, 0.0, 1.0]), np.arange(3))
    assert (gain.brier, gain.brier_base) == (pytest.approx(1 / 3), 0.25)
    assert gain.gain == pytest.approx(0.25 - 1 / 3)
    assert gain.low < gain.gain < gain.high
    lonely = gain_over(np.full(2, 0.5), np.array([1.0, 1.0]), np.ones(2), np.zeros(2, dtype="int64"))
    assert (lonely.low, lonely.high) == (-np.inf, np.inf)


def test_the_calibration_table_by_hand() -> None:
    rows = calibration(np.array([0.05, 0.07, 0.95, 1.0]), np.array([0.0, 1.0, 1.0, 1.0]))
    assert [(row["low"], row["n"], row["happened"]) for row in rows] == [(0.0, 2, 0.5), (0.9, 2, 1.0)]
    assert rows[0]["predicted"] == pytest.approx(0.06)
    assert calibration(np.zeros(0), np.zeros(0)) == []


def test_features_are_what_is_known_before() -> None:
    found = features_of(
        Judgeable(1, "film", "video", "google", "fine", attempt=9, prompt="Slow pan, sea fog", n_serious=1)
    )
    assert (
        found["attempt=5"]
        == found["model=google · fine"]
        == found["phrase=sea fog"]
        == found["word=slow"]
        == 1
    )
    assert found["serious findings"] == pytest.approx(1 / 3)
    assert "older keyframe" not in found
    weights = {"features": {"kind=video": 2.0, "gone": 9.0}, "intercept": 1.0, "slope": 1.0, "shift": -3.0}
    assert score_of(Judgeable(1, "film", "video"), weights) == 0.5
