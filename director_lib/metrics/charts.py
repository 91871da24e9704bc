"""Charts as self-contained SVG: altair's grammar, rendered by vl-convert; nothing is fetched.

Both libraries are loaded when a chart is drawn, not before. Every text from a stream becomes a text node of
the SVG, never markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from director_lib.metrics.chart_style import PALETTES, Palette, ThemeName, draw
from director_lib.metrics.regenerations import problem_segments

if TYPE_CHECKING:
    import altair as alt

FIRST, EVERY = "first pass", "all decisions"
BARS_SHOWN = 8
_WIDTH, _HEIGHT = 640, 250
_DATES_SHOWN = 8
_LABEL_LENGTH = 30


def approval_trend(weekly: pd.DataFrame, *, theme: ThemeName = "dark") -> str:
    """Draw approval by week: first pass with its Wilson band, all decisions, and bars of n below.

    Args:
        weekly: From ``weekly_approval``. A week without decisions leaves a gap; the running week's points
            are hollow.
        theme: "dark" for pages, "light" for reports.

    Returns:
        An SVG; "" without any decision.
    """
    if not int(weekly["n"].sum()):
        return ""
    import altair as alt

    palette = PALETTES[theme]
    data = alt.InlineData(values=_week_rows(weekly))
    counts = _counts(data, weekly["week_start"], palette)
    chart = alt.vconcat(_rates(data, len(weekly), palette), counts, spacing=6)
    return draw(chart.resolve_scale(x="shared"), palette)


def regenerations_histogram(histogram: pd.DataFrame, *, theme: ThemeName = "dark") -> str:
    """Draw how many segments needed how many regenerations.

    Args:
        histogram: ``regenerations``, ``n_segments``, from ``regenerations_summary``.
        theme: "dark" for pages, "light" for reports.

    Returns:
        An SVG; "" without a started segment.
    """
    if histogram.empty:
        return ""
    import altair as alt

    palette = PALETTES[theme]
    base = alt.Chart(alt.InlineData(values=_records(histogram))).encode(
        x=alt.X("regenerations:O", title="regenerations", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("n_segments:Q", title=None, axis=alt.Axis(tickCount=4, format=",d", tickMinStep=1)),
    )
    bars = base.mark_bar(color=palette.first, opacity=0.85, width={"band": 0.72})
    numbers = base.mark_text(dy=-8, color=palette.soft, fontSize=12).encode(
        text=alt.Text("n_segments:Q", format=",")
    )
    return draw(alt.layer(bars, numbers).properties(width=400, height=190), palette)


def segment_bars(
    per_segment: pd.DataFrame, *, titles: Mapping[str, str] | None = None, theme: ThemeName = "dark"
) -> str:
    """Draw the segments that were made again most often, worst on top.

    Args:
        per_segment: From ``regenerations_per_segment``.
        titles: Stream id to title, to name segments of several streams; None names them by number alone.
        theme: "dark" for pages, "light" for reports.

    Returns:
        An SVG; "" when no segment was made again.
    """
    worst = problem_segments(per_segment[per_segment["regenerations"] > 0], limit=BARS_SHOWN)
    if worst.empty:
        return ""
    import altair as alt

    palette = PALETTES[theme]
    rows = [
        {"name": _segment_name(row, titles), "place": place, "regenerations": row["regenerations"]}
        for place, row in enumerate(worst.to_dict("records"))
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("place:O", title=None, axis=None),
        x=alt.X("regenerations:Q", title=None, axis=None),
    )
    bars = base.mark_bar(color=palette.accent, opacity=0.85, height={"band": 0.62})
    numbers = base.mark_text(align="left", dx=7, color=palette.text, fontSize=12).encode(
        text="regenerations:Q"
    )
    names = base.mark_text(align="right", dx=-10, color=palette.soft, fontSize=12).encode(
        x=alt.value(0), text=alt.Text("name:N")
    )
    return draw(
        alt.layer(bars, numbers, names).properties(width=300, height=max(60, 22 * len(rows))), palette
    )


def _rates(data: alt.InlineData, n_weeks: int, palette: Palette) -> Any:
    import altair as alt

    hues = alt.Scale(domain=[FIRST, EVERY], range=[palette.first, palette.every])
    colour = alt.Color(
        "series:N", scale=hues, legend=alt.Legend(orient="top", title=None, symbolType="stroke")
    )
    axis = alt.Axis(tickCount=5, labelExpr="round(datum.value * 100) + ' %'")
    height = alt.Y("rate:Q", scale=alt.Scale(domain=[0, 1]), title=None, axis=axis)
    base = alt.Chart(data).encode(x=_weeks().axis(None))
    band = base.transform_filter(f"datum.series === '{FIRST}'").encode(
        y=alt.Y("low:Q", title=None), y2="high:Q"
    )
    wide = band.mark_area(color=palette.first, opacity=0.14)
    # one week alone has no area: its interval is a line
    spread = wide if n_weeks > 1 else band.mark_rule(color=palette.first, opacity=0.5, strokeWidth=2)
    lines = base.mark_line(strokeWidth=2).encode(y=height, color=colour)
    points = base.transform_filter("datum.rate !== null").mark_point(size=30, strokeWidth=2, opacity=1)
    filled = points.encode(
        y=height, color=colour, fill=alt.condition("datum.running", alt.value(palette.ground), colour)
    )
    return alt.layer(spread, lines, filled).properties(width=_WIDTH, height=_HEIGHT)


def _counts(data: alt.InlineData, mondays: pd.Series[Any], palette: Palette) -> Any:
    import altair as alt

    step = -(-len(mondays) // _DATES_SHOWN)
    dates = [_instant(monday) for monday in mondays[::-1][::step]]
    axis = alt.Axis(values=dates, format="%-d %b", grid=False)
    counts = alt.Y("n:Q", title=None, axis=alt.Axis(tickCount=2, grid=False, format=",d", tickMinStep=1))
    bars = alt.Chart(data).transform_filter(f"datum.series === '{EVERY}'")
    drawn = bars.mark_bar(color=palette.bar, size=max(3, min(28, 380 // len(mondays))))
    return drawn.encode(x=_weeks().axis(axis), y=counts).properties(width=_WIDTH, height=56)


def _weeks() -> alt.X:
    import altair as alt

    return alt.X("week:T", scale=alt.Scale(type="utc", padding=16), title=None)


def _week_rows(weekly: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for series, prefix in ((FIRST, "first_pass_"), (EVERY, "")):
        for week in weekly.to_dict("records"):
            some = week[f"{prefix}n"] > 0
            rows.append(
                {
                    "week": _instant(week["week_start"]),
                    "series": series,
                    "n": int(week[f"{prefix}n"]),
                    "rate": float(week[f"{prefix}rate"]) if some else None,
                    "low": float(week[f"{prefix}low"]) if some else None,
                    "high": float(week[f"{prefix}high"]) if some else None,
                    "running": bool(week["is_running"]),
                }
            )
    return rows


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(column): value for column, value in row.items()} for row in table.to_dict("records")]


def _instant(monday: pd.Timestamp) -> str:
    # the chart's scale is UTC throughout, so that no clock moves a Monday
    return f"{monday:%Y-%m-%d}T00:00:00Z"


def _segment_name(row: Mapping[Any, Any], titles: Mapping[str, str] | None) -> str:
    if titles is None:
        return f"Segment {row['segment_id']}"
    title = titles.get(row["stream_id"]) or row["stream_id"]
    short = title if len(title) <= _LABEL_LENGTH else title[: _LABEL_LENGTH - 1].rstrip() + "…"
    return f"{short} · {row['segment_id']}"
