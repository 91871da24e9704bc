"""Numbers as a person reads them; what is not known says so."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from director_lib.metrics.intervals import Rate

KIND_WORDS = {"keyframe": "still", "video": "clip"}
THINGS = ("still or clip", "stills and clips")
"""One and many of what is judged."""
KIND_PAGES = {"keyframe": "keyframes", "video": "videos"}
VERDICT_WORDS = {
    "approved": "approved",
    "approved_with_notes": "approved with notes",
    "adjust_prompt": "adjust prompt",
    "regenerate": "regenerate",
    "revision_needed": "revision needed",
    "needs_clarification": "needs clarification",
}
NO_DATA = "no data"
NOT_YET = "not yet known"
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def with_noun(said: str, one: str) -> str:
    """Return a number as it is said with its noun: "1 hour", "1.7 hours", "0 times"."""
    return f"{said} {one if said == '1' else f'{one}s'}"


def percent(share: float | None) -> str:
    """Return 0.469 as "47 %"; None and NaN as "no data"."""
    return NO_DATA if is_unknown(share) else f"{_rounded(share):d} %"


def interval(rate: Rate) -> str:
    """Return a rate's interval as "95 % interval 38–56 %"; "" without data."""
    return f"95 % interval {span(rate.low, rate.high)}" if rate.n else ""


def span(low: float, high: float) -> str:
    """Return two shares as "38–56 %", with a decimal when they would look the same ("51.6–52.3 %")."""
    if _rounded(low) == _rounded(high):
        return f"{100 * low:.1f}–{100 * high:.1f} %"
    return f"{_rounded(low)}–{_rounded(high)} %"


def money(amount_usd: float | None) -> str:
    """Return 0.25 as "$0.25"; None and NaN as "no data"."""
    return NO_DATA if is_unknown(amount_usd) else f"${amount_usd:,.2f}"


def number(value: float | None, digits: int = 1) -> str:
    """Return 1.4621 as "1.5", a whole number without decimals; None and NaN as "no data"."""
    if value is None or is_unknown(value):
        return NO_DATA
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{digits}f}"


def duration(seconds: float | None) -> str:
    """Return 35547.0 as "9 h 52 min": the two largest units, rounded down; under ten seconds one decimal."""
    if seconds is None or is_unknown(seconds):
        return NO_DATA
    if 0 < seconds < 10:
        return f"{seconds:.1f} s"
    for place, (unit, size) in enumerate(_UNITS):
        if seconds >= size:
            rest = _UNITS[place + 1] if place + 1 < len(_UNITS) else None
            second = int(seconds % size // rest[1]) if rest else 0
            return f"{int(seconds // size)} {unit}" + (f" {second} {rest[0]}" if rest and second else "")
    return "0 s"


def instant(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return an instant in a time zone as "2026-03-04 11:05"; "" when unknown."""
    return "" if is_unknown(moment) or moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def is_unknown(value: Any) -> bool:
    """Tell whether a value is None, NaN, NaT or NA."""
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    )


def _rounded(share: float | None) -> int:
    # never 0 % or 100 % for what is neither
    exact = 100 * (share or 0.0)
    whole = round(exact)
    if whole == 0 and exact > 0.05:
        return 1
    return 99 if whole == 100 and exact < 99.95 else whole
