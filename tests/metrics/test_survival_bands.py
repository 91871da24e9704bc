from __future__ import annotations

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_times

from director_lib.metrics.survival_bands import lasting, survival_curve


def sample(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    lasts, watched = random.weibull(1.4, n) * 100, random.uniform(20, 180, n)
    return np.minimum(lasts, watched).round(), lasts <= watched


@pytest.mark.parametrize("seed", range(6))
def test_curve_and_bounds_equal_an_independent_library(seed: int) -> None:
    times, ended = sample(seed)
    fitted = KaplanMeierFitter().fit(times, ended)
    theirs = fitted.confidence_interval_survival_function_.set_axis(["low", "high"], axis=1)
    ours = survival_curve(times, ended).set_index("lasted_s")
    inner = ours[ours["remaining"] > 0]
    for column in ("low", "high"):
        assert inner[column].to_numpy() == pytest.approx(theirs.loc[inner.index, column].to_numpy())
    median = lasting(times, ended)
    assert median.value_s == fitted.median_survival_time_
    bounds = qth_survival_times(0.5, theirs).iloc[0]
    assert (median.low_s, median.high_s) == (bounds["low"], bounds["high"])


def test_a_small_case_by_hand() -> None:
    curve = survival_curve([1, 2, 3], [True, False, True])
    # S = 2/3 after 1; Greenwood 1/(3·2) = 1/6, se of log(−log S) = √(1/6) ÷ |ln ⅔| = 1.00684
    spread = np.exp(1.959964 * np.sqrt(1 / 6) / abs(np.log(2 / 3)))
    assert curve["remaining"].tolist() == pytest.approx([2 / 3, 0])
    assert curve["low"].tolist() == pytest.approx([(2 / 3) ** spread, 0])
    before = (2 / 3) ** (1 / spread)
    assert curve["high"].tolist() == pytest.approx([before, before * 0.975])


def test_many_that_ended_alike_leave_no_doubt() -> None:
    found = lasting([60.0] * 70, [True] * 70)
    assert (found.value_s, found.low_s, found.high_s) == (60, 60, 60)
    alone = lasting([60.0], [True])
    assert (alone.value_s, alone.high_s) == (60, None)


def test_what_may_last_for_ever_has_no_upper_bound() -> None:
    found = lasting([1, 2, 3, 9, 9, 9], [True, True, True, False, False, False])
    assert (found.value_s, found.low_s, found.high_s) == (3, 1, None)
    nothing = lasting([], [])
    assert (nothing.value_s, nothing.low_s, nothing.high_s) == (None, None, None)
