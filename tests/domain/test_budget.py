from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.budget import MOST_USD, BudgetScope, checked_amount, checked_scope
from director_lib.errors import InputError


@given(st.integers(0, int(MOST_USD) * 100))
def test_every_sum_of_cents_up_to_the_highest_can_be_a_budget(cents: int) -> None:
    assert checked_amount(cents / 100) == cents / 100


@pytest.mark.parametrize(
    ("amount_usd", "words"),
    [
        (-0.01, "negative"),
        (-math.inf, "negative"),
        (MOST_USD + 0.01, "at most \\$1,000,000"),
        (10**400, "at most"),
        (math.inf, "at most"),
        (math.nan, "number of dollars"),
        (0.001, "whole cents"),
    ],
)
def test_what_can_be_no_budget_is_refused(amount_usd: float, words: str) -> None:
    with pytest.raises(InputError, match=rf"{words}.*Nothing was changed\."):
        checked_amount(amount_usd)


def test_a_budget_is_for_a_day_or_a_stream() -> None:
    assert [checked_scope(scope) for scope in ("day", "stream")] == [*BudgetScope]
    with pytest.raises(InputError, match="no budget “week”; there are day and stream"):
        checked_scope("week")
