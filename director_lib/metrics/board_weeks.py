"""The counts week by week, and what the page draws of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from director_lib.domain.measures import MEASURES
from director_lib.metrics.binned import Binned
from director_lib.metrics.intervals import rate_columns
from director_lib.metrics.words import NO_DATA, NOT_YET, duration, is_unknown, percent, span

Json = dict[str, Any]
_WEEK = pd.Timedelta(days=7)
_FEW = 20
WEEKS_SHOWN = 53


def weekly_sums(cells: pd.DataFrame, running: pd.Timestamp, since: pd.Timestamp | None) -> pd.DataFrame:
    """Add up the measures by week.

    Args:
        cells: ``week`` and measures; see ``counts.Counts.cells``.
        running: Monday of the week that is not over.
        since: First week wanted; None begins with the first that counted anything.

    Returns:
        By Monday, rising, without gaps, at most ``WEEKS_SHOWN`` of the latest: every measure (int64). Only
        the running week when nothing was counted.
    """
    first = since if since is not None else (running if cells.empty else min(cells["week"].min(), running))
    calendar = pd.date_range(max(first, running - (WEEKS_SHOWN - 1) * _WEEK), running, freq=_WEEK, unit="us")
    sums = cells.groupby("week")[list(MEASURES)].sum()
    return sums.reindex(calendar, fill_value=0)


def rate_trend(weekly: pd.DataFrame, k: str, n: str) -> list[Json]:
    """Return a rate by week.

    Returns:
        ``week``, ``label``, ``words``, ``n``, ``k``, ``value``, ``low``, ``high`` (None without cases),
        ``text``, ``is_running``, and ``is_few`` (fewer than 20 cases: not to be read much into).
    """
    rates = rate_columns(weekly[k], weekly[n])
    columns = (rates[name].tolist() for name in ("n", "k", "rate", "low", "high"))
    points = []
    for monday, cases, hits, value, low, high in zip(weekly.index, *columns, strict=True):
        some = cases > 0
        points.append(
            {
                **week_words(monday, monday == weekly.index[-1]),
                "n": cases,
                "k": hits,
                "value": value if some else None,
                "low": low if some else None,
                "high": high if some else None,
                "is_few": cases < _FEW,
                "text": f"{percent(value)} of {cases:,} ({span(low, high)})" if some else NO_DATA,
            }
        )
    return points


def value_trend(weekly: pd.DataFrame, value: Callable[[Any], float | None], text: Any, n: str) -> list[Json]:
    """Return a figure by week, with the same fields as ``rate_trend`` but no interval.

    Args:
        weekly: From ``weekly_sums``.
        value: From a row of it; None when the week has no data.
        text: Puts the figure into words.
        n: The measure that says how many are behind it.
    """
    points = []
    for monday, row in zip(weekly.index, weekly.itertuples(index=False), strict=True):
        figure = value(row)
        known = None if is_unknown(figure) else figure
        points.append(
            {
                **week_words(monday, monday == weekly.index[-1]),
                "value": known,
                "low": None,
                "high": None,
                "n": int(getattr(row, n)),
                "text": text(known),
            }
        )
    return points


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


def week_words(monday: pd.Timestamp, is_running: bool) -> Json:
    """Return a week as ``week`` (its Monday), ``label``, ``words`` and ``is_running``."""
    week, label, words = _words_of(monday)
    words += ", not over yet" if is_running else ""
    return {"week": week, "label": label, "words": words, "is_running": is_running}


@lru_cache(maxsize=4 * WEEKS_SHOWN)
def _words_of(monday: pd.Timestamp) -> tuple[str, str, str]:
    return f"{monday:%Y-%m-%d}", f"{monday:%-d %b}", f"week of {monday:%-d %B %Y}"
