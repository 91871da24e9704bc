"""The counts week by week, and what the page draws of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from director_lib.domain.measures import MEASURES
from director_lib.metrics.binned import Binned
from director_lib.metrics.intervals import rates
from director_lib.metrics.words import NO_DATA, NOT_YET, duration, is_unknown, percent, span

Json = dict[str, Any]
_WEEK = pd.Timedelta(days=7)
_FEW = 20
WEEKS_SHOWN = 53


def sums_by_week(cells: pd.DataFrame) -> pd.DataFrame:
    """Add up every measure (int64) by Monday, rising; of ``counts.Counts.cells``."""
    return cells.groupby("week")[list(MEASURES)].sum()


def weekly_sums(by_week: pd.DataFrame, running: pd.Timestamp, since: pd.Timestamp | None) -> pd.DataFrame:
    """Lay out the measures by the weeks of a calendar.

    Args:
        by_week: From ``sums_by_week``.
        running: Monday of the week that is not over.
        since: First week wanted; None begins with the first that counted anything.

    Returns:
        By Monday, rising, without gaps, at most ``WEEKS_SHOWN`` of the latest: every measure (int64). Only
        the running week when nothing was counted.
    """
    first = since if since is not None else (running if by_week.empty else min(by_week.index[0], running))
    calendar = pd.date_range(max(first, running - (WEEKS_SHOWN - 1) * _WEEK), running, freq=_WEEK, unit="us")
    return by_week.reindex(calendar, fill_value=0)


def rate_trend(k: pd.Series[Any], n: pd.Series[Any]) -> list[Json]:
    """Return a rate by week.

    Args:
        k: Hits, from ``weekly_sums``.
        n: Cases, of the same weeks.

    Returns:
        ``week``, ``label``, ``words``, ``n``, ``k``, ``value``, ``low``, ``high`` (None without cases),
        ``text``, ``is_running``, and ``is_few`` (fewer than 20 cases: not to be read much into).
    """
    points = []
    for week, found in zip(_weeks_of(k), rates(k.to_numpy(), n.to_numpy()), strict=True):
        some = found.n > 0
        words = f"{percent(found.value)} of {found.n:,} ({span(found.low, found.high)})"
        points.append(
            {
                **week,
                "n": found.n,
                "k": found.k,
                "value": found.value,
                "low": found.low if some else None,
                "high": found.high if some else None,
                "is_few": found.n < _FEW,
                "text": words if some else NO_DATA,
            }
        )
    return points


def value_trend(
    figures: pd.Series[Any], n: pd.Series[Any], text: Callable[[float | None], str]
) -> list[Json]:
    """Return a figure by week, with the same fields as ``rate_trend`` but no interval.

    Args:
        figures: On the index of ``weekly_sums``; NaN where the week has no data.
        n: How many are behind each.
        text: Puts the figure into words.
    """
    known = [None if is_unknown(figure) else figure for figure in figures.tolist()]
    return [
        {**week, "value": figure, "low": None, "high": None, "n": cases, "text": text(figure)}
        for week, figure, cases in zip(_weeks_of(figures), known, n.tolist(), strict=True)
    ]


def lasting_trend(weeks: Mapping[pd.Timestamp, Binned]) -> list[Json]:
    """Return the medians of durations by week, with the fields of ``value_trend`` and intervals.

    Args:
        weeks: Durations by the Monday of the week they began in, rising; the last one is the running week.
    """
    points = []
    for place, (monday, times) in enumerate(weeks.items(), 1):
        half = times.quantile()
        words = f"{duration(half.value_s)}, n = {times.n:,}, {times.n_open:,} not ended"
        has_bounds = half.low_s is not None and half.high_s is not None
        points.append(
            {
                **week_words(monday, place == len(weeks)),
                "value": half.value_s,
                "low": half.low_s if has_bounds else None,
                "high": half.high_s if has_bounds else None,
                "n": times.n,
                "text": words if half.value_s is not None else NOT_YET if times.n else NO_DATA,
            }
        )
    return points


def _weeks_of(weekly: pd.Series[Any]) -> list[Json]:
    """Return the words of each week of an index, the last of which is the running one."""
    mondays = weekly.index.tolist()
    return [week_words(monday, place == len(mondays)) for place, monday in enumerate(mondays, 1)]


def week_words(monday: pd.Timestamp, is_running: bool) -> Json:
    """Return a week as ``week`` (its Monday), ``label``, ``words`` and ``is_running``."""
    week, label, words = _words_of(monday)
    words += ", not over yet" if is_running else ""
    return {"week": week, "label": label, "words": words, "is_running": is_running}


@lru_cache(maxsize=4 * WEEKS_SHOWN)
def _words_of(monday: pd.Timestamp) -> tuple[str, str, str]:
    return f"{monday:%Y-%m-%d}", f"{monday:%-d %b}", f"week of {monday:%-d %B %Y}"
