"""Studios drawn from a known truth: 95 % intervals hold it in 95 % of 200 draws.

Of N intervals with a coverage of 95 % the number that holds the truth is binomial; a count is accepted
between its 0.1 % and 99.9 % quantiles (180 and 198 of 200), so a right interval fails one time in 500 per
test, and the fixed seeds make each outcome the same every time.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from director_lib.metrics.agreement import cohen_kappa, fleiss_kappa
from director_lib.metrics.groups import grouped_approval, weekly_groups
from director_lib.metrics.incidence import approved_by, unit_outcomes
from director_lib.metrics.ratios import bootstrap_ratio, ratio
from director_lib.metrics.shrinkage import shrunken_rates
from director_lib.metrics.survival_bands import lasting
from director_lib.metrics.throughput import poisson_interval
from tests.metrics import known_studio as known

SEEDS = range(200)


def assert_covered(holds: list[bool]) -> None:
    low, high = stats.binom.ppf([0.001, 0.999], len(holds), 0.95)
    assert low <= sum(holds) <= high, f"{sum(holds)} of {len(holds)}, not {low:.0f} to {high:.0f}"


def test_planted_effects_of_engines_are_recovered() -> None:
    studios = known.known_studios(SEEDS)
    found = grouped_approval(studios.decisions, studios.versions, ["stream_id", "engine"])
    truth = found["engine"].map(known.ENGINES)
    assert len(found) == 3 * len(SEEDS)
    assert_covered([*((found["low"] <= truth) & (truth <= found["high"]))])


def test_drift_by_week_is_recovered() -> None:
    studios = known.drifting_studios(SEEDS)
    weekly = weekly_groups(studios.decisions, studios.versions, "stream_id", time_zone="UTC")
    truth = known.true_drift(weekly.groupby("stream_id").cumcount().to_numpy())
    assert len(weekly) == known.N_WEEKS * len(SEEDS)
    assert_covered([*((weekly["low"] <= truth) & (truth <= weekly["high"]))])


def test_approval_by_a_horizon_is_recovered_from_a_young_cohort() -> None:
    studios = known.racing_studios(SEEDS)
    outcomes = unit_outcomes(studios.decisions, studios.versions, as_of=studios.as_of)
    for days in (1.0, 3.0):
        truth, holds, naive = known.true_incidence(days), [], []
        for _, of_one in outcomes.groupby("stream_id"):
            share = approved_by(of_one, days * 86_400)
            holds.append(share.low <= truth <= share.high)
            naive.append(float((of_one.loc[of_one["outcome"] > 0, "outcome"] == 1).mean()))
        assert_covered(holds)
        # approved ÷ (approved + rejected) answers another question, far from the share approved by then
        assert np.mean(naive) > truth + 0.05


def test_medians_of_durations_are_recovered_with_a_third_still_open() -> None:
    holds = []
    for seed in SEEDS:
        random = np.random.default_rng(seed)
        lasts, watched = random.exponential(100, 90), random.uniform(0, 300, 90)
        found = lasting(np.minimum(lasts, watched), lasts <= watched)
        assert found.low_s is not None
        assert found.high_s is not None
        holds.append(found.low_s <= 100 * np.log(2) <= found.high_s)
    assert_covered(holds)


@pytest.mark.parametrize("divide", [ratio, lambda x, y: bootstrap_ratio(x, y, n_resamples=600)])
def test_cost_per_approved_segment_is_recovered(divide: object) -> None:
    holds = []
    for seed in SEEDS:
        random = np.random.default_rng(seed)
        tries = random.geometric(0.5, 220)
        approved = random.random(220) < 0.8
        found = divide(tries * 0.25, approved.astype(float))  # type: ignore[operator]
        holds.append(found.low <= 2 * 0.25 / 0.8 <= found.high)
    assert_covered(holds)


@pytest.mark.parametrize(("n_groups", "alike"), [(4, 1), (6, 10), (40, 1)])
def test_small_groups_are_recovered_on_average_over_groups(n_groups: int, alike: int) -> None:
    """A handful of engines as well as forty streams; with ``alike`` 10 they hardly differ."""
    holds, raw_errors, drawn_errors = [], [], []
    for seed in SEEDS:
        random = np.random.default_rng(seed)
        truth, trials = random.beta(6 * alike, 4 * alike, n_groups), random.integers(3, 40, n_groups)
        successes = random.binomial(trials, truth)
        found = shrunken_rates(pd.Series(successes), pd.Series(trials))
        holds.append(float(((found["shrunken_low"] <= truth) & (truth <= found["shrunken_high"])).mean()))
        raw_errors.append(float(((successes / trials - truth) ** 2).mean()))
        drawn_errors.append(float(((found["shrunken"] - truth) ** 2).mean()))
    # whether groups differ at all is hardly known of a handful: those intervals are wider than they need be
    assert 0.93 <= np.mean(holds) <= 0.99
    assert np.mean(drawn_errors) < 0.7 * np.mean(raw_errors)


def test_agreement_beyond_chance_is_recovered() -> None:
    two, four = [], []
    for seed in SEEDS:
        random = np.random.default_rng(seed)
        # each copies a common opinion (half yes) with chance c, else tosses a coin: kappa = c²
        common, copies = random.random((200, 1)) < 0.5, random.random((200, 4)) < 0.8
        said = np.where(copies, common, random.random((200, 4)) < 0.5)
        pair = cohen_kappa(said[:, 0], said[:, 1])
        two.append(pair.low <= 0.64 <= pair.high)
        approving = said.sum(axis=1)
        all_four = fleiss_kappa(np.column_stack([approving, 4 - approving]))
        four.append(all_four.low <= 0.64 <= all_four.high)
    assert_covered(two)
    assert_covered(four)


def test_decisions_per_hour_are_recovered() -> None:
    counts = np.random.default_rng(0).poisson(37.0, 200)
    low, high = poisson_interval(counts)
    # exact intervals hold the truth at least as often as they say
    assert ((low <= 37.0) & (high >= 37.0)).sum() >= stats.binom.ppf(0.001, 200, 0.95)
