from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.metrics.survival import kaplan_meier, survival_quantile

STAYS = st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=40)


def slow_quantile(stays: list[tuple[int, bool]], share: float) -> float | None:
    """The textbook, one time after the other."""
    remaining = 1.0
    for moment in sorted({time for time, ended in stays if ended}):
        at_risk = sum(time >= moment for time, _ in stays)
        remaining *= 1 - sum(time == moment and ended for time, ended in stays) / at_risk
        if remaining <= 1 - share + 1e-9:
            return float(moment)
    return None


def test_the_estimate_equals_a_worked_example() -> None:
    # six stays: 1, 3, 3+, 5, 8+, 9 (a plus is still open)
    moments, remaining = kaplan_meier([1, 3, 3, 5, 8, 9], [True, True, False, True, False, True])
    assert moments.tolist() == [1, 3, 5, 9]
    assert remaining.tolist() == pytest.approx([5 / 6, 4 / 6, 4 / 9, 0])
    assert survival_quantile([1, 3, 3, 5, 8, 9], [True, True, False, True, False, True], 0.5) == 5


@given(STAYS, st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_every_quantile_equals_the_textbook(stays: list[tuple[int, bool]], share: float) -> None:
    times = [time for time, _ in stays]
    ended = [was for _, was in stays]
    assert survival_quantile(times, ended, share) == slow_quantile(stays, share)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_with_nothing_open_it_is_the_plain_quantile(times: list[int]) -> None:
    found = survival_quantile(times, [True] * len(times), 0.5)
    assert found == np.quantile(times, 0.5, method="inverted_cdf")


def test_open_ones_lengthen_and_never_shorten() -> None:
    ended = survival_quantile([1, 2, 3], [True] * 3, 0.5)
    beside_open = survival_quantile([1, 2, 3, 50, 50], [True] * 3 + [False] * 2, 0.5)
    assert (ended, beside_open) == (2, 3)


def test_what_was_not_reached_is_not_known() -> None:
    assert survival_quantile([5, 5, 5], [False] * 3, 0.5) is None
    assert survival_quantile([], [], 0.5) is None
    assert survival_quantile([1, 9, 9], [True, False, False], 0.9) is None


@pytest.mark.parametrize(
    ("times", "ended", "share"),
    [([-1], [True], 0.5), ([float("nan")], [True], 0.5), ([1], [True, True], 0.5), ([1], [True], 0)],
)
def test_impossible_input_is_refused(times: list[float], ended: list[bool], share: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        survival_quantile(times, ended, share)
