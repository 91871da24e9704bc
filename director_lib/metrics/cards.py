"""The cards of the metrics page: one number each, with its interval, its n and its definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from director_lib.domain.how_many import how_many
from director_lib.metrics.findings import Findings
from director_lib.metrics.words import NOT_YET, THINGS, duration, interval, is_unknown, money, number, percent

_WEEKS_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Card:
    """One metric, ready to be shown.

    Attributes:
        value: Such as "47 %"; "no data" when there is none.
        interval: The uncertainty or spread beside it; "" when there is none.
        basis: What it is counted from, beginning with n.
        definition: What exactly was counted, in a sentence or two.
        trend: The latest weeks' values, oldest first; None where a week has no data; empty when not followed.
        rows: Key of the table with the rows behind it.
    """

    key: str
    test_id: str
    label: str
    value: str
    interval: str
    basis: str
    definition: str
    trend: tuple[float | None, ...] = ()
    rows: str | None = None


def make_cards(findings: Findings) -> tuple[Card, ...]:
    """Return the cards in the order of the page."""
    return (
        _approval(findings),
        _first_pass(findings),
        _eventual(findings),
        _regenerations(findings),
        _time(findings, "keyframes", "a still"),
        _time(findings, "videos", "a clip"),
        _render(findings),
        _cost(findings),
    )


def _approval(findings: Findings) -> Card:
    rate = findings.approval
    return Card(
        "approval_rate",
        "metric-approval-rate",
        "Decision approval rate",
        percent(rate.value),
        interval(rate),
        f"n = {how_many(rate.n, 'decision')}",
        "Of all decisions that count, the share that approved, with or without notes. A decision that was "
        "taken back does not count. Every retry adds a decision, so this measures the work of deciding, not "
        "quality.",
        _trend(findings.weekly, "rate"),
        "decisions",
    )


def _first_pass(findings: Findings) -> Card:
    rate = findings.first_pass
    return Card(
        "first_pass",
        "metric-first-pass",
        "First-pass approval",
        percent(rate.value),
        interval(rate),
        f"n = {how_many(rate.n, *THINGS)} judged",
        "Of the stills and clips that were judged, the share whose first judged version was approved. This "
        "is the measure of quality. Later versions look worse than first ones because only the hard "
        "segments are left.",
        _trend(findings.weekly, "first_pass_rate"),
        "first_pass",
    )


def _eventual(findings: Findings) -> Card:
    found = findings.eventual
    return Card(
        "eventual_approval",
        "metric-eventual-approval",
        "Approved so far",
        percent(found.approved.value),
        f"{found.rejected:,} sent back, {found.open:,} open" if found.entered else "",
        f"n = {how_many(found.entered, *THINGS)} begun",
        "Of the stills and clips that have a version, the share whose current version is approved now. "
        "Those sent back and those still open are below the line too, so a young stream is low because it "
        "is young.",
        (),
        "units",
    )


def _regenerations(findings: Findings) -> Card:
    found = findings.regenerations
    never = f", {found.n_never_started:,} not begun" if found.n_never_started else ""
    return Card(
        "regenerations",
        "metric-regenerations",
        "Regenerations per segment",
        number(found.mean),
        f"half at most {number(found.median)}, nine in ten at most {number(found.p90)}" if found.n else "",
        f"n = {how_many(found.n, 'segment')} begun{never}",
        "How often a segment's still or clip was sent back and made again: decisions “regenerate” and "
        "“adjust prompt” that led to a new version, on average per segment that was begun. Retries after a "
        "technical failure are not counted here.",
        (),
        "segments",
    )


def _time(findings: Findings, checkpoint: str, thing: str) -> Card:
    row = _row(findings.times, checkpoint=checkpoint)
    return Card(
        f"time_{checkpoint}",
        f"metric-time-{checkpoint}",
        f"Time to approve {thing}",
        duration(row["p50_s"]) if not row["n"] or not is_unknown(row["p50_s"]) else NOT_YET,
        _p90(row),
        f"n = {row['n']:,}, {row['n_open']:,} open{_working(row)}",
        f"From the first version of {thing} to its approval, in calendar time: half took at most this long. "
        "Those still open count as lasting at least until now (Kaplan–Meier), so slow ones do not vanish. "
        f"Working time is what of it lies within {findings.hours.text} ({findings.hours.zone}).",
        (),
        "times",
    )


def _render(findings: Findings) -> Card:
    still = _row(findings.parts, kind="keyframe", part="render")
    clip = _row(findings.parts, kind="video", part="render")
    waits = findings.parts[findings.parts["part"] == "queue"]
    failed = f", {findings.n_failed:,} failed" if findings.n_failed else ""
    return Card(
        "render_time",
        "metric-render-time",
        "Render time of a clip",
        duration(clip["p50_s"]),
        f"a still {duration(still['p50_s'])}" if still["n"] else "",
        f"n = {how_many(int(waits['n'].sum()), 'task')}{failed}",
        "From the start of a task to its finished file: half took at most this long. Time spent waiting in "
        "the queue is apart, in the table behind this card. Failed and cancelled tasks count as lasting at "
        "least that long.",
        (),
        "times",
    )


def _cost(findings: Findings) -> Card:
    cost = findings.costs["both"]
    return Card(
        "cost_per_segment",
        "metric-cost-per-segment",
        "Cost per approved segment",
        money(cost.per_approved_usd),
        f"{money(cost.cost_usd)} spent" if cost.n_segments else "",
        f"n = {cost.n_approved:,} approved of {cost.n_segments:,} begun",
        "What all versions cost, those thrown away and failed attempts that were billed included, divided "
        "by the segments whose still and clip are both approved.",
        (),
        "costs",
    )


def _trend(weekly: pd.DataFrame, column: str) -> tuple[float | None, ...]:
    return tuple(None if is_unknown(value) else value for value in weekly[column].tail(_WEEKS_SHOWN).tolist())


def _row(table: pd.DataFrame, **where: str) -> dict[str, Any]:
    chosen = table[(table[list(where)] == pd.Series(where)).all(axis=1)]
    return {str(column): value for column, value in chosen.iloc[0].items()}


def _working(row: dict[str, Any]) -> str:
    if is_unknown(row["working_p50_s"]):
        return ""
    return f"; working time {duration(row['working_p50_s'])}"


def _p90(row: dict[str, Any]) -> str:
    return "" if is_unknown(row["p90_s"]) else f"nine in ten within {duration(row['p90_s'])}"
