"""Studios in which something changes: how much is approved, or what is liked."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from director_lib.advice.attention import Learned, learn_attention
from director_lib.advice.attention_features import Judgeable, score_of
from director_lib.advice.attention_lately import latest_rows, level_shift, moved_level
from director_lib.advice.attention_model import logistic

SEEDS = 200


def changing(
    seed: int, n: int, *, effect: tuple[float, float], level: tuple[float, float], at: float = 0.8
) -> tuple[list[Judgeable], list[bool]]:
    """Draw versions one by one; an engine raises the odds of not being approved by ``effect``.

    Effect and level have their first value until the part ``at`` of the versions, then the second.
    """
    rng = np.random.default_rng(seed)
    is_new = np.arange(n) >= at * n
    google = rng.random(n) < 0.5
    odds = np.where(is_new, level[1], level[0]) + np.where(is_new, effect[1], effect[0]) * (google - 0.5)
    versions = [
        Judgeable(number, "film", "keyframe", "google" if one else "local", prompt="a sea")
        for number, one in enumerate(google)
    ]
    return versions, [bool(one) for one in rng.random(n) < logistic(odds)]


def learn(seed: int, n: int = 240, **truth: tuple[float, float]) -> Learned:
    versions, happened = changing(seed, n, **truth)  # type: ignore[arg-type]
    return learn_attention(versions, happened, [str(number // 2) for number in range(n)])


def test_a_taste_that_stays_is_used_and_one_that_turned_is_not() -> None:
    """Of 200 studios: a strong taste is found in at least 95 %, a turned one is used in at most 2.5 %."""
    stays = [learn(seed, effect=(2.0, 2.0), level=(0.0, 0.0)) for seed in range(SEEDS)]
    turns = [learn(seed, effect=(2.0, -2.0), level=(0.0, 0.0)) for seed in range(SEEDS)]
    assert sum(one.is_usable for one in stays) >= binom.ppf(0.001, SEEDS, 0.95)
    assert sum(one.is_usable for one in turns) <= binom.ppf(0.999, SEEDS, 0.025)
    # the check over all of the time alone is deceived by one in five
    deceived = [one for one in turns if one.report["gain_low"] > 0]
    assert len(deceived) > 0.1 * SEEDS
    assert all("taste seems to have changed" in one.report["why"] for one in deceived if not one.is_usable)


def test_a_level_that_moves_is_no_change_of_taste_and_is_followed() -> None:
    """Approved are 73 %, then 27 %: new versions are told the new level, within its sampling error."""
    within, n_moved, plain_errors = 0, 0, []
    for seed in range(SEEDS):
        learned = learn(seed, 400, effect=(2.0, 2.0), level=(-1.0, 1.0))
        n_moved += learned.is_usable and learned.report["level_moved"] > 0
        fresh, _ = changing(seed + SEEDS, 400, effect=(2.0, 2.0), level=(1.0, 1.0))
        told = np.array([score_of(version, learned.weights) for version in fresh[:100]])
        engines = np.array([version.engine == "google" for version in fresh[:100]])
        truth = logistic(1.0 + 2.0 * (engines - 0.5))
        # of the 80 latest rows the level is known within 1.96 standard errors of their count
        within += abs(told.mean() - truth.mean()) <= 1.96 * np.sqrt((truth * (1 - truth)).mean() / 80)
        old = learned.weights | {"shift": learned.weights["shift"] - learned.report["level_moved"]}
        plain_errors.append(truth.mean() - np.mean([score_of(version, old) for version in fresh[:100]]))
    assert n_moved >= binom.ppf(0.001, SEEDS, 0.95)
    assert within >= binom.ppf(0.001, SEEDS, 0.95)
    # without following it, they would be told the level of all the time
    assert np.mean(plain_errors) > 0.2


def test_a_level_that_stays_is_left_alone() -> None:
    """Its two-sided test of 5 % sees a move where there is none in one studio of twenty."""
    moved = [learn(seed, effect=(2.0, 2.0), level=(0.3, 0.3)).report["level_moved"] for seed in range(SEEDS)]
    low, high = binom.ppf([0.001, 0.999], SEEDS, 0.05)
    assert low <= np.count_nonzero(moved) <= high


def test_the_level_by_hand() -> None:
    assert latest_rows(10) == slice(8, 10)
    assert latest_rows(3) == slice(2, 3)
    # (3 + ½) ÷ (4 + 1) = 0.7
    assert level_shift(np.zeros(4), np.array([1.0, 1.0, 1.0, 0.0])) == pytest.approx(np.log(0.7 / 0.3))
    happened = np.r_[np.zeros(40), np.ones(10)]
    assert moved_level(np.zeros(50), happened) == pytest.approx(np.log(10.5 / 0.5))
    assert moved_level(np.zeros(50), np.tile([0.0, 1.0], 25)) == 0.0
