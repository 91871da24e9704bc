"""The charts that belong to a summary, each with a description in words."""

from __future__ import annotations

from dataclasses import dataclass

from director_lib.domain.how_many import how_many
from director_lib.metrics.chart_style import ThemeName
from director_lib.metrics.charts import approval_trend, regenerations_histogram, segment_bars
from director_lib.metrics.findings import Findings
from director_lib.metrics.summary import MetricsSummary
from director_lib.metrics.words import number, percent, with_noun

CHART_TITLES = {
    "approval_trend": "Approval by week",
    "regenerations": "Regenerations per segment",
    "segments": "Made again most often",
}
"""Titles by key, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart; ``svg`` is "" without data, ``description`` says in words what it shows."""

    key: str
    title: str
    svg: str
    description: str


def make_charts(summary: MetricsSummary, *, theme: ThemeName = "dark") -> tuple[Chart, ...]:
    """Draw the charts of a summary, in the order of the page: weeks, histogram, segments.

    The first chart of a process takes about a second, because the renderer is loaded; the same data is
    drawn once.
    """
    found = summary.findings
    titles = None if summary.stream_id else summary.titles
    trend = approval_trend(found.weekly, theme=theme)
    histogram = regenerations_histogram(found.regenerations.histogram, theme=theme)
    bars = segment_bars(found.per_segment, titles=titles, theme=theme)
    return (
        Chart("approval_trend", CHART_TITLES["approval_trend"], trend, _trend_words(found)),
        Chart("regenerations", CHART_TITLES["regenerations"], histogram, _histogram_words(found)),
        Chart("segments", CHART_TITLES["segments"], bars, _segment_words(found)),
    )


def _trend_words(found: Findings) -> str:
    weeks = found.weekly[found.weekly["first_pass_n"] > 0]
    if weeks.empty:
        return "No decisions yet."
    first, last = weeks.iloc[0], weeks.iloc[-1]
    return (
        f"First-pass approval by week in the studio's time, with its 95 % interval, from "
        f"{percent(first['first_pass_rate'])} in the week of {first['week_start']:%Y-%m-%d} to "
        f"{percent(last['first_pass_rate'])} in the week of {last['week_start']:%Y-%m-%d}. The bars count "
        "decisions. Hollow points are the running week, which is not over."
    )


def _histogram_words(found: Findings) -> str:
    summary = found.regenerations
    if not summary.n:
        return "No segment has been begun yet."
    return (
        f"{how_many(summary.n, 'segment')} begun, by how often each was made again: {_times(summary.mean)} "
        f"on average, and at most {_times(summary.p90)} for nine in ten."
    )


def _segment_words(found: Findings) -> str:
    again = int((found.per_segment["regenerations"] > 0).sum())
    if not again:
        return "No segment was sent back and made again."
    if again == 1:
        return "The one segment that was made again."
    return f"The segments that were made again most often, of {again:,} that were made again at all."


def _times(often: float | None) -> str:
    return with_noun(number(often), "time")
