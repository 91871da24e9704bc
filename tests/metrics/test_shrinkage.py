from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from director_lib.metrics.shrinkage import JEFFREYS, Priors, fit_priors, shrunken_means, shrunken_rates


def groups(seed: int, n_groups: int = 40) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    trials = random.integers(2, 60, n_groups)
    return random.binomial(trials, random.beta(6, 4, n_groups)), trials


@pytest.mark.parametrize(("seed", "n_groups"), [(0, 3), (1, 6), (2, 40), (3, 200)])
def test_what_is_believed_is_the_integral_over_an_independent_librarys_likelihood(
    seed: int, n_groups: int
) -> None:
    k, n = groups(seed, n_groups)
    logits, logs = np.linspace(-7, 7, 300), np.linspace(np.log(0.5), np.log(1e5), 300)
    mean, strength = np.meshgrid(1 / (1 + np.exp(-logits)), np.exp(logs), indexing="ij")
    found = np.log(mean * (1 - mean)) - np.log(strength) / 2
    for one_k, one_n in zip(k, n, strict=True):
        found += stats.betabinom.logpmf(one_k, one_n, mean * strength, (1 - mean) * strength)
    density = np.exp(found - found.max())

    def expected(value: np.ndarray) -> float:
        return float(
            integrate.trapezoid(integrate.trapezoid(value * density, logs), logits)
            / integrate.trapezoid(integrate.trapezoid(density, logs), logits)
        )

    each = (k[0] + mean * strength) / (n[0] + strength)
    row = shrunken_rates(pd.Series(k), pd.Series(n)).loc[0]
    assert row["shrunken"] == pytest.approx(expected(each), abs=2e-3)
    variance = expected(each * (1 - each) / (n[0] + strength + 1)) + expected((each - expected(each)) ** 2)
    cases = expected(each) * (1 - expected(each)) / variance - 1
    bounds = stats.beta(expected(each) * cases, (1 - expected(each)) * cases).ppf([0.025, 0.975])
    assert row[["shrunken_low", "shrunken_high"]].tolist() == pytest.approx(bounds, abs=5e-3)


def test_few_cases_stand_near_the_studio_and_many_near_their_own() -> None:
    k, n = pd.Series([2, 900, 0]), pd.Series([2, 1000, 0])
    one = Priors(np.array([0.5]), np.array([10.0]), np.array([1.0]))
    found = shrunken_rates(k, n, one)
    assert found["shrunken"].tolist() == pytest.approx([7 / 12, 905 / 1010, 0.5])
    beta = stats.beta(7, 5)
    assert found.loc[0, ["shrunken_low", "shrunken_high"]].tolist() == pytest.approx(beta.ppf([0.025, 0.975]))


def test_two_beliefs_by_hand() -> None:
    # 1 of 1, believing Beta(1, 1) or Beta(3, 1) alike: 2/3 and 4/5, so 11/15
    two = Priors(np.array([0.5, 0.75]), np.array([2.0, 4.0]), np.array([0.5, 0.5]))
    assert shrunken_means(pd.Series([1]), pd.Series([1]), two).tolist() == pytest.approx([11 / 15])
    # variances 2/3·1/3 ÷ 4 and 4/5·1/5 ÷ 6, and that between the two, (1/15)²
    variance = (1 / 18 + 2 / 75) / 2 + 1 / 225
    cases = 11 / 15 * 4 / 15 / variance - 1
    row = shrunken_rates(pd.Series([1]), pd.Series([1]), two).loc[0]
    assert row["shrunken_low"] == pytest.approx(stats.beta(11 / 15 * cases, 4 / 15 * cases).ppf(0.025))


def test_groups_that_do_not_differ_are_drawn_together_and_few_groups_teach_little() -> None:
    alike = fit_priors([50] * 8, [100] * 8)
    assert alike.weights @ alike.strengths > 300
    # of six small groups nobody knows whether they differ: the interval of one stays wide
    few = shrunken_rates(pd.Series([4, 1, 4, 5, 3, 1]), pd.Series([7, 2, 11, 10, 9, 4]))
    assert (few["shrunken_high"] - few["shrunken_low"]).min() > 0.25
    assert fit_priors([3], [5]) is fit_priors([], []) is fit_priors([3, 0], [5, 0]) is JEFFREYS
    assert shrunken_rates(pd.Series(dtype="int64"), pd.Series(dtype="int64")).empty
