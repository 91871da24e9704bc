"""Budgets: what is limited, and which amounts make sense."""

from __future__ import annotations

import math
from enum import StrEnum

from director_lib.errors import InputError

MOST_USD = 1_000_000.0
"""The highest budget that somebody may set; whoever wants more wants none."""


class BudgetScope(StrEnum):
    """What a budget is for."""

    DAY = "day"
    STREAM = "stream"


def checked_scope(name: str) -> BudgetScope:
    """Return the scope of that name.

    Raises:
        InputError: There is none.
    """
    try:
        return BudgetScope(name)
    except ValueError as error:
        known = " and ".join(BudgetScope)
        raise InputError(
            f"There is no budget “{name[:40]}”; there are {known}. Nothing was changed."
        ) from error


def checked_amount(amount_usd: float) -> float:
    """Return an amount that can be a budget.

    Raises:
        InputError: It is negative, too high, no number, or not in whole cents.
    """
    if amount_usd < 0:
        why = "A budget cannot be negative. With 0 nothing paid starts."
    elif amount_usd > MOST_USD:
        why = f"A budget is at most ${MOST_USD:,.0f}. For more, take the limit away."
    elif math.isnan(amount_usd):
        why = "A budget is a number of dollars."
    elif round(amount_usd, 2) != amount_usd:
        why = "A budget is in whole cents, such as 20 or 12.50."
    else:
        return float(amount_usd)
    raise InputError(f"{why} Nothing was changed.")
