from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from director_lib.metrics.cost import cost_interval
from director_lib.metrics.ratios import PairSums, bootstrap_ratio, ratio, ratio_of_sums
from tests.metrics.rows import Story, bills_frame


def film() -> Story:
    """Segment 1 approved (0.1 + 0.2 + 0.5 dollars, 8 s), 2 approved (0.4, 4 s), 3 never (1.0)."""
    story = Story()
    story.decide(story.version(1, 0, cost_usd=0.1), "regenerate", 1)
    story.decide(story.version(1, 2, cost_usd=0.2), "approved", 3)
    story.decide(story.version(1, 4, "video", cost_usd=0.5, duration_s=8.0), "approved", 5)
    story.decide(story.version(2, 6, cost_usd=0.1), "approved", 7)
    story.decide(story.version(2, 8, "video", cost_usd=0.3, duration_s=4.0), "approved", 9)
    story.decide(story.version(3, 10, cost_usd=1.0), "regenerate", 11)
    return story


def test_all_money_over_all_that_came_of_it() -> None:
    told = film()
    frames = told.decisions_frame(), told.versions_frame()
    each = cost_interval(*frames)
    assert (each.n, each.value) == (3, pytest.approx(2.2 / 2))
    assert cost_interval(*frames, per="second").value == pytest.approx(2.2 / 12)
    bills = bills_frame((3, "video", 12, 0.8))
    assert cost_interval(*frames, bills=bills).value == pytest.approx(3.0 / 2)
    drawn = cost_interval(*frames, method="bootstrap")
    assert drawn.value == each.value
    assert drawn.low is not None
    assert drawn.low < 2.2 / 2


def test_the_spread_by_hand() -> None:
    # x = 1, 3, y = 1, 1: r = 2, residuals −1 and 1, var = 2/1 · 2 ÷ 4 = 1, log scale ± 1.96 ÷ 2
    found = ratio([1, 3], [1, 1])
    assert (found.value, found.low, found.high) == pytest.approx(
        (2, 2 * np.exp(-0.98), 2 * np.exp(0.98)), 1e-4
    )


def test_from_sums_it_is_the_same_as_from_single_pairs() -> None:
    random = np.random.default_rng(5)
    for n in (0, 1, 2, 60):
        x, y = random.gamma(2, 0.3, n), random.binomial(1, 0.7, n).astype(float)
        sums = PairSums(n, x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum())
        single, added = ratio(x, y, besides=0.4), ratio_of_sums(sums, besides=0.4)
        assert added.n == single.n
        for name in ("value", "low", "high"):
            assert getattr(added, name) == pytest.approx(getattr(single, name))
    assert ratio_of_sums(PairSums(3, 0, 3, 0, 3, 0)) == ratio([0, 0, 0], [1, 1, 1])


def test_drawing_equals_an_independent_library() -> None:
    random = np.random.default_rng(3)
    under = random.binomial(1, 0.7, 120).astype(float)
    over = random.gamma(2, 0.3, 120)
    ours = bootstrap_ratio(over, under, n_resamples=4000, seed=5)
    theirs = stats.bootstrap(
        (over, under),
        lambda x, y, axis: x.sum(axis=axis) / y.sum(axis=axis),
        paired=True,
        n_resamples=4000,
        method="percentile",
        rng=np.random.default_rng(6),
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=0.02)
    plain = ratio(over, under)
    assert (plain.low, plain.high) == pytest.approx((theirs.low, theirs.high), rel=0.05)


def test_nothing_below_the_line_is_no_data_and_nothing_above_is_not_never() -> None:
    for divide in (ratio, bootstrap_ratio):
        assert divide([1.0, 2.0], [0, 0]).value is None
        assert divide([], []).value is None
        none_yet = divide([0, 0, 0], [1, 1, 1])
        assert (none_yet.value, none_yet.low, none_yet.high) == (0.0, 0.0, pytest.approx(3.6889 / 3, 1e-4))
        assert (divide([5.0], [1.0]).value, divide([5.0], [1.0]).low) == (5.0, None)


def test_lengths_that_nobody_knows_are_no_data() -> None:
    story = Story()
    story.decide(story.version(1, 0, "video", cost_usd=1.0), "approved", 1)
    assert cost_interval(story.decisions_frame(), story.versions_frame(), per="second").value is None
