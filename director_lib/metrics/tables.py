"""The tables of the metrics page: the rows behind each card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from director_lib.metrics.approval import approval_by
from director_lib.metrics.findings import Findings, StudioFrames
from director_lib.metrics.frames import UNIT
from director_lib.metrics.words import (
    KIND_PAGES,
    KIND_WORDS,
    NOT_YET,
    VERDICT_WORDS,
    duration,
    instant,
    is_unknown,
    money,
    number,
    percent,
    span,
)

ROWS_SHOWN = 200
_STATES = {"approved": "approved", "rejected": "sent back", "open": "open"}
_GATES = {"story": "Story", "spec": "Spec", "keyframes": "Keyframes", "videos": "Videos", "final": "Final"}
_SPREAD = ["p50_s", "p50_low_s", "p50_high_s", "p90_s"]
_PARTS = {"queue": "waiting in the queue", "render": "rendering"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``align`` is "start" or "end"."""

    key: str
    label: str
    align: str = "start"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of ready texts by column key, each with "href" (None when it leads nowhere)."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[dict[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class _Field:
    column: Column
    text: Callable[[Any], str]


def make_tables(frames: StudioFrames, findings: Findings, *, of_one_stream: bool) -> tuple[Table, ...]:
    """Return the tables in the order of the page, most telling rows first, at most ``ROWS_SHOWN`` each."""
    tables = (
        _segments(frames, findings),
        _engines(frames, findings),
        _times(findings),
        _costs(findings),
        _units(frames, findings),
        _decided("first_pass", "First judged versions, newest first", findings.first, frames, findings),
        _decided("decisions", "Decisions that count, newest first", findings.judged, frames, findings),
    )
    if of_one_stream:
        return tuple(map(_without_stream, tables))
    return (_streams(frames, findings), *tables)


def _streams(frames: StudioFrames, findings: Findings) -> Table:
    first = approval_by(findings.first, ["stream_id"]).set_index("stream_id")
    segments = findings.per_segment[findings.per_segment["is_started"]].groupby("stream_id")
    rows = segments.agg(n=("segment_id", "size"), again=("regenerations", "mean"), cost=("cost_usd", "sum"))
    rows = rows.join(first.add_prefix("first_")).sort_values("again", ascending=False).reset_index()
    fields = (
        _stream_field(frames),
        _Field(Column("segments", "Segments begun", "end"), lambda row: number(row.n)),
        _Field(Column("first_pass", "First-pass approval", "end"), lambda row: percent(row.first_rate)),
        _Field(Column("interval", "95 % interval", "end"), lambda row: _first_span(row)),
        _Field(Column("again", "Regenerations per segment", "end"), lambda row: number(row.again)),
        _Field(Column("cost", "Spent", "end"), lambda row: money(row.cost)),
    )
    return _table("streams", "Streams", rows, fields, lambda row: f"/s/{row.stream_id}/metrics")


def _segments(frames: StudioFrames, findings: Findings) -> Table:
    rows = findings.per_segment[findings.per_segment["is_started"]].sort_values(
        ["regenerations", "rejections", "cost_usd", "open_since", "stream_id", "segment_id"],
        ascending=[False, False, False, True, True, True],
    )
    fields = (
        _stream_field(frames),
        _Field(Column("segment", "Segment", "end"), lambda row: str(row.segment_id)),
        _Field(Column("regenerations", "Regenerations", "end"), lambda row: str(row.regenerations)),
        _Field(Column("rejections", "Sent back", "end"), lambda row: str(row.rejections)),
        _Field(Column("versions", "Versions", "end"), lambda row: str(row.n_versions)),
        _Field(Column("cost", "Spent", "end"), lambda row: money(row.cost_usd)),
        _Field(Column("open", "Open since"), lambda row: instant(row.open_since, findings.zone)),
    )
    link = _segment_link("keyframes")
    return _table("segments", "Segments, most trouble first", rows, fields, link)


def _engines(frames: StudioFrames, findings: Findings) -> Table:
    made = frames.versions[["version_id", "engine", "model"]].fillna({"engine": "found on disk", "model": ""})
    rows = approval_by(findings.first.merge(made, on="version_id"), ["kind", "engine", "model"])
    fields = (
        _Field(Column("kind", "Made"), lambda row: KIND_WORDS[row.kind]),
        _Field(Column("engine", "Engine"), lambda row: row.engine),
        _Field(Column("model", "Model"), lambda row: row.model),
        _Field(Column("n", "n", "end"), lambda row: number(row.n)),
        _Field(Column("rate", "First-pass approval", "end"), lambda row: percent(row.rate)),
        _Field(Column("interval", "95 % interval", "end"), lambda row: span(row.low, row.high)),
    )
    return _table(
        "engines", "Engines and models, as observed", rows.sort_values("n", ascending=False), fields
    )


def _times(findings: Findings) -> Table:
    names = findings.times["checkpoint"].map(_GATES)
    gates = findings.times.assign(what=names)
    working = gates[[f"working_{name}" for name in _SPREAD]].set_axis(_SPREAD, axis=1)
    worked = gates.assign(what=names + ", in working time", **working)[gates["n"] > 0]
    parts = findings.parts.assign(
        what="A " + findings.parts["kind"].map(KIND_WORDS) + ", " + findings.parts["part"].map(_PARTS)
    )
    fields = (
        _Field(Column("what", "What"), lambda row: row.what),
        _Field(Column("n", "n", "end"), lambda row: number(row.n)),
        _Field(Column("open", "Not ended", "end"), lambda row: number(row.n_open)),
        _Field(Column("p50", "Half within", "end"), lambda row: _lasting(row, row.p50_s)),
        _Field(Column("interval", "95 % interval", "end"), lambda row: _lasting_span(row)),
        _Field(Column("p90", "90 % within", "end"), lambda row: _lasting(row, row.p90_s)),
    )
    return _table(
        "times",
        f"Time per checkpoint, in calendar time and within {findings.hours.text}",
        pd.concat([gates, worked, parts]),
        fields,
    )


def _costs(findings: Findings) -> Table:
    names = {"keyframe": "Stills", "video": "Clips", "both": "Whole segments"}
    rows = pd.DataFrame(
        [
            {
                "what": names[kind],
                "cost_usd": cost.cost_usd,
                "n_approved": cost.n_approved,
                "n_segments": cost.n_segments,
                "each_usd": cost.per_approved_usd,
            }
            for kind, cost in findings.costs.items()
        ]
    )
    fields = (
        _Field(Column("what", "What"), lambda row: row.what),
        _Field(Column("cost", "Spent", "end"), lambda row: money(row.cost_usd)),
        _Field(Column("approved", "Approved", "end"), lambda row: number(row.n_approved)),
        _Field(Column("begun", "Begun", "end"), lambda row: number(row.n_segments)),
        _Field(Column("each", "Per approved segment", "end"), lambda row: money(row.each_usd)),
    )
    return _table("costs", "Cost", rows, fields)


def _units(frames: StudioFrames, findings: Findings) -> Table:
    order = findings.standings["state"].map({"open": 0, "rejected": 1, "approved": 2})
    rows = findings.standings.assign(order=order).sort_values(["order", "entered_at", *UNIT])
    fields = (
        _stream_field(frames),
        _Field(Column("segment", "Segment", "end"), lambda row: str(row.segment_id)),
        _Field(Column("kind", "What"), lambda row: KIND_WORDS[row.kind]),
        _Field(Column("state", "Stands"), lambda row: _STATES[row.state]),
        _Field(Column("entered", "First version"), lambda row: instant(row.entered_at, findings.zone)),
        _Field(Column("versions", "Versions", "end"), lambda row: str(row.n_versions)),
    )
    return _table("units", "Stills and clips, open ones first", rows, fields, _unit_link)


def _decided(key: str, title: str, judged: pd.DataFrame, frames: StudioFrames, findings: Findings) -> Table:
    fields = (
        _Field(Column("when", "When"), lambda row: instant(row.decided_at, findings.zone)),
        _stream_field(frames),
        _Field(Column("segment", "Segment", "end"), lambda row: str(row.segment_id)),
        _Field(Column("kind", "What"), lambda row: KIND_WORDS[row.kind]),
        _Field(Column("version", "Version", "end"), lambda row: str(row.attempt)),
        _Field(Column("decision", "Decision"), lambda row: VERDICT_WORDS.get(row.decision, row.decision)),
        _Field(Column("actor", "By"), lambda row: row.actor),
    )
    return _table(key, title, judged.sort_values("seq", ascending=False), fields, _unit_link)


def _table(
    key: str,
    title: str,
    rows: pd.DataFrame,
    fields: tuple[_Field, ...],
    link: Callable[[Any], str | None] = lambda _row: None,
) -> Table:
    shown = tuple(
        {**{field.column.key: field.text(row) for field in fields}, "href": link(row)}
        for row in rows.head(ROWS_SHOWN).itertuples(index=False)
    )
    return Table(key, title, tuple(field.column for field in fields), shown)


def _without_stream(table: Table) -> Table:
    columns = tuple(column for column in table.columns if column.key != "stream")
    rows = tuple({key: text for key, text in row.items() if key != "stream"} for row in table.rows)
    return Table(table.key, table.title, columns, rows)


def _stream_field(frames: StudioFrames) -> _Field:
    titles = frames.titles
    return _Field(Column("stream", "Stream"), lambda row: titles.get(row.stream_id) or row.stream_id)


def _segment_link(page: str) -> Callable[[Any], str]:
    return lambda row: f"/s/{row.stream_id}/{page}?segment={row.segment_id}"


def _unit_link(row: Any) -> str:
    return f"/s/{row.stream_id}/{KIND_PAGES[row.kind]}?segment={row.segment_id}"


def _lasting(row: Any, seconds: float) -> str:
    if not row.n:
        return ""
    return NOT_YET if is_unknown(seconds) else duration(seconds)


def _lasting_span(row: Any) -> str:
    if is_unknown(row.p50_low_s):
        return ""
    low = duration(row.p50_low_s)
    return f"at least {low}" if is_unknown(row.p50_high_s) else f"{low} – {duration(row.p50_high_s)}"


def _first_span(row: Any) -> str:
    return "" if is_unknown(row.first_n) else span(row.first_low, row.first_high)
