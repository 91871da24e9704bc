"""Streams beside each other on the live page of the studio, made from counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from director_lib.metrics.binned import UNITS, DurationBins
from director_lib.metrics.board_choice import BoardChoice
from director_lib.metrics.intervals import Rate, rate
from director_lib.metrics.ratios import PairSums, Ratio, ratio_of_sums
from director_lib.metrics.words import NO_DATA, NOT_YET, duration, money, number, percent, span

Json = dict[str, Any]
_Row = Mapping[Any, Any]
STREAMS_SHOWN = 200
"""So many streams with the most segments are compared: more nobody reads, and each has its curve."""
COLUMNS = (
    ("first_pass", "First-pass approval"),
    ("regenerations", "Regenerations per segment"),
    ("approval", "Half approved after"),
    ("cost", "Cost per approved segment"),
)


@dataclass(frozen=True)
class StreamSources:
    """What streams are compared from.

    Attributes:
        first: ``stream_id``, ``first``, ``first_approved``.
        durations: ``stream_id``, ``metric``, ``kind``, ``bin``, ``n``.
        segments: From ``store.stream_counts.read_segment_sums``.
        lost: ``stream_id``, ``lost_micro_usd``.
    """

    first: pd.DataFrame
    durations: pd.DataFrame
    segments: pd.DataFrame
    lost: pd.DataFrame


def compare_streams(
    sources: StreamSources, choice: BoardChoice, *, titles: Mapping[str, str], as_of: datetime
) -> Json:
    """Describe streams beside each other.

    Returns:
        ``columns`` (``key``, ``label``), ``n`` (streams with anything), and ``rows`` by size, at most
        ``STREAMS_SHOWN``: ``stream_id``, ``title``, ``href``, and for each column ``value`` (to sort by; None
        without data), ``text``, ``interval``, ``n``, ``rows`` (what is behind it; None when nothing is).
    """
    segments = {str(row["stream_id"]): row for row in sources.segments.to_dict("records")}
    first = {str(row["stream_id"]): row for row in sources.first.to_dict("records")}
    lost = sources.lost.set_index("stream_id")["lost_micro_usd"] / 1e6
    known = sorted(segments.keys() | first.keys())
    by_size = sorted(known, key=lambda one: -segments[one]["n"] if one in segments else 0)
    shown = by_size[:STREAMS_SHOWN]
    durations = dict(iter(sources.durations[sources.durations["stream_id"].isin(shown)].groupby("stream_id")))
    rows = []
    for stream_id in shown:
        sums = segments.get(stream_id)
        cells = {
            "first_pass": _first_pass(first.get(stream_id)),
            "regenerations": _regenerations(sums, choice),
            "approval": _approval(durations.get(stream_id), choice, as_of),
            "cost": _cost(sums, float(lost.get(stream_id, 0.0)), choice),
        }
        title = titles.get(stream_id) or stream_id
        rows.append({"stream_id": stream_id, "title": title, "href": f"/s/{stream_id}/metrics", **cells})
    columns = [{"key": key, "label": label} for key, label in COLUMNS]
    return {"columns": columns, "n": len(known), "rows": rows}


def _first_pass(counted: _Row | None) -> Json:
    if counted is None:
        return _cell(NO_DATA)
    found = rate(int(counted["first_approved"]), int(counted["first"]))
    return _cell(percent(found.value), found.value, _span(found), found.n, "first_pass")


def _regenerations(sums: _Row | None, choice: BoardChoice) -> Json:
    if not _is_of_segments(choice):
        return _cell("–")
    if sums is None:
        return _cell(NO_DATA)
    n = int(sums["n"])
    found = ratio_of_sums(PairSums(n, sums["again"], n, sums["again_2"], n, sums["again"]))
    text = number(found.value, 2)
    return _cell(text, found.value, _bounds(found, lambda bound: number(bound, 2)), n, "segments")


def _approval(durations: pd.DataFrame | None, choice: BoardChoice, as_of: datetime) -> Json:
    if choice.actor is not None:
        return _cell("–")
    if durations is None:
        return _cell(NO_DATA)
    units = DurationBins(durations, as_of).pick(UNITS, choice.kind)
    curve = units.incidence()
    reached = curve.loc[curve["approved"] >= 0.5, "lasted_s"]
    half = None if reached.empty else float(reached.iloc[0])
    spread = ""
    if len(curve):
        last = curve.iloc[-1]
        spread = f"{percent(last['approved'])} approved by now ({span(last['low'], last['high'])})"
    return _cell(NOT_YET if half is None else duration(half), half, spread, units.n, "units")


def _cost(sums: _Row | None, lost_usd: float, choice: BoardChoice) -> Json:
    if not _is_of_segments(choice):
        return _cell("–")
    if sums is None:
        return _cell(NO_DATA)
    approved = sums["approved"]
    pairs = PairSums(int(sums["n"]), sums["cost"], approved, sums["cost_2"], approved, sums["cost_approved"])
    found = ratio_of_sums(pairs, besides=lost_usd)
    spread = _bounds(found, money) or f"{money(sums['cost'] + lost_usd)} spent"
    return _cell(money(found.value), found.value, spread, found.n, "segments")


def _is_of_segments(choice: BoardChoice) -> bool:
    return choice.actor is None and choice.engine is None and choice.kind is None


def _span(found: Rate) -> str:
    return span(found.low, found.high) if found.n else ""


def _bounds(found: Ratio, words: Any) -> str:
    return "" if found.low is None else f"{words(found.low)}–{words(found.high)}"


def _cell(
    text: str, value: float | None = None, interval: str = "", n: int = 0, rows: str | None = None
) -> Json:
    return {"text": text, "value": value, "interval": interval, "n": n, "rows": rows}
