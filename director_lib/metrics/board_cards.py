"""The cards of the live page, made from counts: a number each, its interval, its n, its weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from director_lib.domain.how_many import how_many
from director_lib.metrics.binned import RENDER, STAYS, Binned, DurationBins
from director_lib.metrics.board_choice import BoardChoice
from director_lib.metrics.board_people import agreement_of, agreement_trend, per_hour
from director_lib.metrics.board_tries import tries_summary
from director_lib.metrics.board_weeks import lasting_trend, rate_trend, value_trend
from director_lib.metrics.board_words import DEFINITIONS, LABELS
from director_lib.metrics.counts import Counts
from director_lib.metrics.intervals import Rate, rate
from director_lib.metrics.ratios import Ratio, ratio
from director_lib.metrics.words import (
    NO_DATA,
    NOT_YET,
    THINGS,
    duration,
    interval,
    money,
    number,
    percent,
    with_noun,
)

Json = dict[str, Any]
_JUDGED = ("still or clip judged", "stills and clips judged")
_BY_PERSON = "not counted by person"
_BY_ENGINE = "whole segments have no engine"


@dataclass(frozen=True)
class BoardCounts:
    """What a board is made from.

    Attributes:
        by_week: From ``sums_by_week``.
        weekly: From ``weekly_sums``.
        totals: Every measure, summed over the choice.
        bins: The counted durations.
        weekly_bins: The same by Monday, for the latest weeks.
    """

    counts: Counts
    choice: BoardChoice
    by_week: pd.DataFrame
    weekly: pd.DataFrame
    totals: pd.Series[Any]
    bins: DurationBins
    weekly_bins: Mapping[pd.Timestamp, DurationBins]

    def binned(self, metrics: Mapping[str, int], kind: str | None = None) -> Binned:
        """Pick durations of the choice."""
        return self.bins.pick(metrics, kind or self.choice.kind)

    def total(self, name: str) -> int:
        """Return the sum of a measure."""
        return int(self.totals[name])


def make_board_cards(found: BoardCounts) -> list[Json]:
    """Return the cards in the order of the page."""
    return [
        _rated(found, "first_pass", ("first_approved", "first"), _JUDGED),
        _rated(found, "approval_rate", ("approved", "effective"), ("decision", "decisions"), "decisions"),
        _eventual(found),
        _regenerations(found),
        _stay(found, "time_keyframes", "keyframe"),
        _stay(found, "time_videos", "video"),
        _render(found),
        _cost(found, "cost_per_segment", "segments_approved", 1.0),
        _cost(found, "cost_per_second", "approved_us", 1e6),
        _throughput(found),
        _agreement(found),
        _undone(found),
        _failures(found),
    ]


def _card(key: str, value: str, spread: str, basis: str, **more: Any) -> Json:
    return {
        "key": key,
        "test_id": "metric-" + key.replace("_", "-"),
        "label": LABELS[key],
        "value": value,
        "interval": spread,
        "basis": basis,
        "definition": DEFINITIONS[key],
        "trend": [],
        "trend_rows": more.get("rows"),
        "is_share": False,
        "rows": None,
        "n": None,
        "also": [],
        **more,
    }


def _rated(found: BoardCounts, key: str, share: tuple[str, str], of: tuple[str, str], rows: str = "") -> Json:
    k, n = share
    total = rate(found.total(k), found.total(n))
    trend = rate_trend(found.weekly[k], found.weekly[n])
    basis = f"n = {how_many(total.n, *of)}"
    card = _card(key, percent(total.value), interval(total), basis, rows=rows or key, n=total.n)
    return card | {"trend": trend, "is_share": True}


def _eventual(found: BoardCounts) -> Json:
    if found.choice.actor is not None:
        return _not_told("eventual_approval", _BY_PERSON)
    approved = rate(found.total("units_approved"), found.total("units"))
    rejected = found.total("units_rejected")
    n_open = approved.n - approved.k - rejected
    states = (
        ("approved", "approved", approved.k),
        ("rejected", "sent back", rejected),
        ("open", "open", n_open),
    )
    also = [_also(f"{n:,} {words}", "units", n, "state", state) for state, words, n in states if n]
    trend = rate_trend(found.weekly["units_approved"], found.weekly["units"])
    basis = f"n = {how_many(approved.n, *THINGS)} begun"
    card = _card("eventual_approval", percent(approved.value), interval(approved), basis, rows="units")
    return card | {"trend": trend, "is_share": True, "n": approved.n, "also": also}


def _undone(found: BoardCounts) -> Json:
    card = _rated(found, "undo_rate", ("undone", "made"), ("decision made", "decisions made"), "made")
    n = found.total("undone")
    return card | {"also": [_also(f"{n:,} taken back", "undone", n)] if n else []}


def _also(label: str, rows: str, n: int, by: str = "", value: str = "") -> Json:
    """Describe a further number of a card and the rows behind it."""
    return {"label": label, "rows": rows, "n": n, "by": by, "value": value}


def _regenerations(found: BoardCounts) -> Json:
    if found.choice.actor is not None:
        return _not_told("regenerations", _BY_PERSON)
    tries = tries_summary(found.bins, found.choice)
    thing = ("segment", "segments") if tries.is_whole else THINGS
    spread = ""
    if tries.mean.n and tries.mean.low is not None:
        spread = f"95 % interval {number(tries.mean.low, 2)}–{number(tries.mean.high, 2)}"
    basis = f"n = {how_many(tries.mean.n, *thing)} begun" + (
        f"; half at most {number(tries.median)}, nine in ten at most {number(tries.p90)}"
        if tries.mean.n
        else ""
    )
    trend = value_trend(
        _share(found.weekly["regenerations"], found.weekly["effective"]),
        found.weekly["regenerations"],
        lambda share: f"{percent(share)} of that week's decisions led to a new attempt",
    )
    n_again = found.total("regenerations")
    also = [_also(f"{how_many(n_again, 'decision')} led to it", "again", n_again)] if n_again else []
    rows = "segments" if tries.is_whole else "units"
    card = _card("regenerations", number(tries.mean.value, 2), spread, basis, trend=trend, rows=rows)
    return card | {"n": tries.mean.n, "also": also, "trend_rows": "again"}


def _stay(found: BoardCounts, key: str, kind: str) -> Json:
    if found.choice.actor is not None:
        return _not_told(key, _BY_PERSON)
    stays = found.bins.pick(STAYS, kind)
    trend = lasting_trend({week: bins.pick(STAYS, kind) for week, bins in found.weekly_bins.items()})
    card = _lasting_card(key, stays, f"n = {stays.n:,}, {stays.n_open:,} still open", "stays")
    return card | {"trend": trend, "by": "kind", "by_value": kind}


def _render(found: BoardCounts) -> Json:
    if found.choice.actor is not None:
        return _not_told("render_time", _BY_PERSON)
    renders = found.binned(RENDER)
    kind = found.choice.kind
    trend = lasting_trend({week: bins.pick(RENDER, kind) for week, bins in found.weekly_bins.items()})
    card = _lasting_card("render_time", renders, f"n = {how_many(renders.n, 'task')} started", "renders")
    return card | {"trend": trend}


def _lasting_card(key: str, times: Binned, basis: str, rows: str) -> Json:
    half, most = times.quantile(0.5), times.quantile(0.9)
    value = duration(half.value_s) if half.value_s is not None else NOT_YET if times.n else NO_DATA
    spread = ""
    if half.low_s is not None:
        low = duration(half.low_s)
        known = f"{low} – {duration(half.high_s)}" if half.high_s is not None else f"at least {low}"
        spread = f"95 % interval {known}"
    if most.value_s is not None:
        basis = f"{basis}; nine in ten within {duration(most.value_s)}"
    return _card(key, value, spread, basis, rows=rows, n=times.n)


def _cost(found: BoardCounts, key: str, below: str, scale: float) -> Json:
    if found.choice.actor is not None:
        return _not_told(key, _BY_PERSON)
    of_segments = below == "segments_approved"
    if of_segments and (found.choice.engine is not None or found.choice.kind is not None):
        return _not_told(key, _BY_ENGINE)
    above = "segment_cost_micro_usd" if of_segments else "unit_cost_micro_usd"
    # weeks of entering are the clusters: within one, costs of segments go up and down together
    spent = found.by_week[above] + found.by_week["lost_micro_usd"]
    each: Ratio = ratio(spent / 1e6, found.by_week[below] / scale)
    spread = ""
    if each.low is not None and each.high is not None:
        spread = f"95 % interval {money(each.low)}–{money(each.high)}"
    n_below = found.total(below) / scale
    rows = "segments" if of_segments else "units"
    of = f"{n_below:,.0f} approved of {found.total('segments'):,} begun"
    basis = f"n = {of}" if of_segments else f"n = {n_below:,.0f} s of approved clips"
    trend = value_trend(
        _share(found.weekly[above] / 1e6, found.weekly[below] / scale),
        found.weekly[rows],
        lambda usd: f"{money(usd)} for what was begun that week",
    )
    basis = f"{basis}; {money(spent.sum() / 1e6)} spent"
    card = _card(key, money(each.value), spread, basis, rows=rows, n=found.total(rows), trend=trend)
    return card | {"also": _lost(found)}


def _lost(found: BoardCounts) -> list[Json]:
    n = found.total("bills")
    if not n:
        return []
    usd = money(found.total("lost_micro_usd") / 1e6)
    return [_also(f"{usd} of it for {how_many(n, 'task')} that made nothing", "bills", n)]


def _throughput(found: BoardCounts) -> Json:
    pace = per_hour(found.counts, found.bins)
    spread = f"95 % interval {number(pace.low)}–{number(pace.high)}" if pace.low is not None else ""
    basis = f"n = {how_many(pace.n, 'decision')} in {with_noun(number(pace.hours), 'active hour')}"
    trend = value_trend(
        found.weekly["effective"].astype("float64").where(found.weekly["made"] > 0),
        found.weekly["effective"],
        lambda n: how_many(round(n), "decision") if n is not None else NO_DATA,
    )
    return _card("throughput", number(pace.value), spread, basis, trend=trend, rows="decisions", n=pace.n)


def _agreement(found: BoardCounts) -> Json:
    if found.choice.actor is not None:
        return _not_told("agreement", _BY_PERSON)
    kappa, equal = agreement_of(found.bins)
    spread = ""
    if kappa.value is not None:
        spread = f"kappa {kappa.value:.2f}, 95 % interval {kappa.low:.2f} to {kappa.high:.2f}"
    basis = f"n = {how_many(kappa.n, 'version')} judged by two or more"
    trend = agreement_trend(found.weekly_bins)
    card = _card("agreement", percent(equal), spread, basis, rows="panel", n=kappa.n)
    return card | {"trend": trend, "is_share": True}


def _failures(found: BoardCounts) -> Json:
    if found.choice.actor is not None:
        return _not_told("failures", _BY_PERSON)
    lost = found.total("tasks_failed") + found.total("tasks_unknown")
    share: Rate = rate(lost, lost + found.total("tasks_succeeded"))
    weekly_lost = found.weekly["tasks_failed"] + found.weekly["tasks_unknown"]
    trend = rate_trend(weekly_lost, weekly_lost + found.weekly["tasks_succeeded"])
    basis = f"n = {how_many(share.n, 'task')} that ended {'by itself' if share.n == 1 else 'by themselves'}"
    card = _card("failures", percent(share.value), interval(share), basis, rows="ended", n=share.n)
    also = [_also(f"{lost:,} failed", "failed", lost)] if lost else []
    return card | {"trend": trend, "is_share": True, "also": also}


def _share(above: pd.Series[Any], below: pd.Series[Any]) -> pd.Series[Any]:
    """Divide week by week; NaN where nothing is below the line."""
    parts = below.to_numpy(dtype=float)
    return pd.Series(above.to_numpy() / np.where(parts > 0, parts, np.nan), index=above.index)


def _not_told(key: str, why: str) -> Json:
    return _card(key, "–", "", why)
