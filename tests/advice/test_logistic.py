from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import false_discovery_control
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests

from director_lib.advice.evidence import USUAL, adjusted_p, auc, concentration, posterior
from director_lib.advice.logistic import fit_logistic


def sample(n: int = 600, seed: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.random((n, 3)) < 0.4, rng.normal(size=n)]).astype(float)
    y = (rng.random(n) < 1 / (1 + np.exp(-(x @ [-0.3, 0.8, -0.5, 0.0, 0.4])))).astype(float)
    return x, y, np.arange(n) // 3


def test_one_column_of_counts_gives_their_odds_ratio() -> None:
    # 30 of 40 with the phrase, 20 of 60 without: odds ratio (30/10) / (20/40) = 6
    x = np.column_stack([np.ones(100), np.r_[np.ones(40), np.zeros(60)]])
    y = np.r_[np.ones(30), np.zeros(10), np.ones(20), np.zeros(40)]
    fit = fit_logistic(x, y, np.arange(100))
    assert np.exp(fit.coefficients[1]) == pytest.approx(6)
    assert np.exp(fit.coefficients[0]) == pytest.approx(0.5)
    # each row its own cluster: Woolf's √(1/30 + 1/10 + 1/20 + 1/40), times √(G/(G−1)·(n−1)/(n−p))
    woolf = np.sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 40)
    assert fit.errors[1] == pytest.approx(woolf * np.sqrt(100 / 99 * 99 / 98))


def test_it_equals_statsmodels_with_cluster_robust_errors() -> None:
    x, y, clusters = sample()
    ours = fit_logistic(x, y, clusters)
    theirs = sm.Logit(y, x).fit(disp=0, cov_type="cluster", cov_kwds={"groups": clusters})
    np.testing.assert_allclose(ours.coefficients, theirs.params, atol=1e-6)
    np.testing.assert_allclose(ours.errors, theirs.bse, rtol=1e-5)
    np.testing.assert_allclose(ours.plain_errors, sm.Logit(y, x).fit(disp=0).bse, rtol=1e-5)


def test_its_penalty_equals_that_of_scikit_learn() -> None:
    x, y, clusters = sample()
    ours = fit_logistic(x, y, clusters, penalties=[0, 2, 2, 2, 2])
    theirs = LogisticRegression(C=1 / 2, tol=1e-10, max_iter=1000).fit(x[:, 1:], y)
    np.testing.assert_allclose(ours.coefficients[1:], theirs.coef_[0], atol=1e-5)
    assert ours.coefficients[0] == pytest.approx(theirs.intercept_[0], abs=1e-5)


def test_a_phrase_that_was_always_approved_has_a_finite_effect() -> None:
    x = np.column_stack([np.ones(60), np.r_[np.ones(10), np.zeros(50)]])
    y = np.r_[np.ones(10), np.tile([0.0, 1.0], 25)]
    fit = fit_logistic(x, y, np.arange(60), penalties=[0, 0.5])
    assert fit.has_converged
    assert 0 < fit.coefficients[1] < 5


def test_without_rows_or_with_one_cluster_nothing_is_fitted() -> None:
    with pytest.raises(ValueError, match="two clusters"):
        fit_logistic(np.zeros((0, 2)), [], [])
    with pytest.raises(ValueError, match="two clusters"):
        fit_logistic(np.ones((4, 1)), [0, 1, 0, 1], [7, 7, 7, 7])


def test_adjusted_p_values_equal_those_of_two_independent_libraries() -> None:
    p = np.random.default_rng(1).random(40) ** 3
    np.testing.assert_allclose(adjusted_p(p), false_discovery_control(p))
    np.testing.assert_allclose(adjusted_p(p), multipletests(p, method="fdr_bh")[1])
    np.testing.assert_allclose(adjusted_p([0.01, 0.04, 0.03]), [0.03, 0.04, 0.04])
    assert adjusted_p([]).size == 0


def test_the_area_equals_that_of_scikit_learn_and_0_5_is_chance() -> None:
    rng = np.random.default_rng(3)
    y, scores = rng.random(300) < 0.4, np.round(rng.random(300), 1)
    area, low, high = auc(y, scores)
    assert area == pytest.approx(roc_auc_score(y, scores))
    assert low < area < high
    assert auc([True, True], [1, 2]) == (0.5, 0.0, 1.0)
    assert auc([], []) == (0.5, 0.0, 1.0)


def test_a_prediction_and_decisions_are_added_up() -> None:
    # Beta(0.5·10 + 3, 0.5·10 + 1): mean 8/14
    mean, low, high = posterior([3], [4], [0.5], 10)
    assert mean[0] == pytest.approx(8 / 14)
    assert low[0] < mean[0] < high[0]
    assert posterior([], [], [], 10)[0].size == 0


@pytest.mark.parametrize("truth", [5.0, 40.0])
def test_the_worth_of_a_prediction_is_found_again(truth: float) -> None:
    rng = np.random.default_rng(8)
    n = rng.integers(2, 12, 4_000)
    means = rng.uniform(0.2, 0.8, 4_000)
    k = rng.binomial(n, rng.beta(means * truth, (1 - means) * truth))
    assert concentration(k, n, means) == pytest.approx(truth, rel=0.15)


def test_where_nothing_was_decided_twice_the_usual_worth_is_taken() -> None:
    assert concentration([1, 0], [1, 1], [0.5, 0.4]) == USUAL
    assert concentration([], [], []) == USUAL
