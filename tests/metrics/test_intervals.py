from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from director_lib.metrics.intervals import rate, rate_columns, rates, wilson

COUNTS = st.integers(0, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_equals_the_published_one(k: int, n: int, low: float, high: float) -> None:
    found = rate(k, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(COUNTS)
def test_the_interval_equals_those_of_two_independent_libraries(counts: tuple[int, int]) -> None:
    k, n = counts
    if not n:
        return
    found = rate(k, n)
    theirs = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    others = proportion_confint(k, n, alpha=0.05, method="wilson")
    assert (found.low, found.high) == pytest.approx(others, abs=1e-9)


def test_no_trials_give_no_value_and_the_widest_interval() -> None:
    nothing = rate(0, 0)
    assert (nothing.value, nothing.low, nothing.high, nothing.n) == (None, 0.0, 1.0, 0)


@given(COUNTS)
def test_the_interval_holds_the_rate_and_stays_within_zero_and_one(counts: tuple[int, int]) -> None:
    found = rate(*counts)
    assert 0 <= found.low <= found.high <= 1
    if found.value is not None:
        assert found.low <= found.value <= found.high
        assert found.high - found.low > 0


@given(COUNTS)
def test_the_bounds_are_where_the_score_test_turns(counts: tuple[int, int]) -> None:
    k, n = counts
    found = rate(k, n)
    for bound in (found.low, found.high):
        if n and 0 < bound < 1:
            score = abs(k / n - bound) / math.sqrt(bound * (1 - bound) / n)
            assert score == pytest.approx(1.959964, rel=1e-6)


@given(COUNTS)
def test_approvals_and_refusals_mirror_each_other(counts: tuple[int, int]) -> None:
    k, n = counts
    some, others = rate(k, n), rate(n - k, n)
    assert (some.low, some.high) == pytest.approx((1 - others.high, 1 - others.low))


def test_a_column_equals_its_values_one_by_one() -> None:
    table = rate_columns(pd.Series([0, 3, 0]), pd.Series([0, 4, 2]))
    assert math.isnan(table["rate"][0])
    assert table["rate"].tolist()[1:] == [0.75, 0.0]
    assert table["low"].tolist() == [rate(0, 0).low, rate(3, 4).low, rate(0, 2).low]


@pytest.mark.parametrize(("k", "n"), [(-1, 2), (3, 2)])
def test_counts_that_cannot_be_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="wilson needs"):
        wilson(np.array([k]), np.array([n]))


def test_many_rates_are_those_of_each_by_itself() -> None:
    k, n = [0, 3, 7, 0], [0, 3, 19, 5]
    assert rates(np.array(k), np.array(n)) == [rate(*counts) for counts in zip(k, n, strict=True)]
