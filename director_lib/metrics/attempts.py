"""Approval try by try: how many attempts a unit is likely to need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from director_lib.metrics.effective import effective_decisions
from director_lib.metrics.frames import UNIT
from director_lib.metrics.intervals import rate_columns


@dataclass(frozen=True, slots=True)
class ExpectedAttempts:
    """How many judged attempts a unit needs on average.

    Attributes:
        n: Units with a judged attempt.
        value: None without data.
        is_at_least: No attempt was the last for everybody seen, so the truth is this or more.
    """

    n: int
    value: float | None
    is_at_least: bool


def approval_by_attempt(decisions: pd.DataFrame, *, as_of: datetime | None = None) -> pd.DataFrame:
    """Rate approval of first, second, third … judged attempts of a unit.

    Later attempts look worse although a retry may help each single unit: only the hard ones are left. Do not
    read it as "retries make it worse".

    Returns:
        One row per place, rising, without gaps: ``place`` (int64, 1 is the first judged attempt), ``n``,
        ``k``, ``rate``, ``low``, ``high``. Empty without decisions.

    Raises:
        InputError: The frame is not a decisions frame, or ``as_of`` has no time zone.
    """
    judged = effective_decisions(decisions, as_of=as_of).sort_values("attempt", kind="stable")
    place = (judged.groupby(UNIT).cumcount() + 1).rename("place").astype("int64")
    counts = judged.groupby(place)["is_approved"].agg(["sum", "size"])
    return rate_columns(counts["sum"], counts["size"]).reset_index()


def expected_attempts(decisions: pd.DataFrame, *, as_of: datetime | None = None) -> ExpectedAttempts:
    """Estimate how many judged attempts a unit needs until it is approved, open units included.

    Σ over k ≥ 1 of Π over j < k of (1 − h_j), h_j = approved ÷ judged at the j-th place: the discrete form of
    Kaplan and Meier (1958, JASA 53:457). Units that are still open count as long as they were judged; the
    plain mean over approved ones would forget the hard ones.

    Returns:
        The estimate, up to the highest place seen; the value None without decisions.

    Raises:
        InputError: The frame is not a decisions frame, or ``as_of`` has no time zone.
    """
    places = approval_by_attempt(decisions, as_of=as_of)
    if places.empty:
        return ExpectedAttempts(0, None, False)
    left = (1 - places["rate"]).cumprod()
    value = 1 + float(left.iloc[:-1].sum())
    return ExpectedAttempts(int(places["n"].iloc[0]), value, bool(left.iloc[-1] > 0))
