"""The tables of a week: streams, segments that gave trouble, engines, failures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from director_lib.batch.paper_blocks import Grid
from director_lib.batch.weekly_facts import WeekFacts
from director_lib.metrics.approval import approval_by
from director_lib.metrics.frames import SEGMENT
from director_lib.metrics.words import money, number, percent, span

_ROWS = 12
_KINDS = {"keyframe": "still", "video": "clip"}


def week_grids(facts: WeekFacts) -> tuple[Grid, ...]:
    """Return the tables of a week."""
    return (_streams(facts), _segments(facts), _engines(facts), _failures(facts))


def _streams(facts: WeekFacts) -> Grid:
    table = pd.DataFrame(
        {
            "decisions": facts.judged.groupby("stream_id").size(),
            "approved": facts.judged.groupby("stream_id")["is_approved"].sum(),
            "again": facts.again.groupby("stream_id").size(),
            "made": facts.made.groupby("stream_id").size(),
            "made_usd": facts.made.groupby("stream_id")["cost_usd"].sum(),
            "lost_usd": facts.lost.groupby("stream_id")["billed_usd"].sum(),
        }
    )
    first = approval_by(facts.first, ["stream_id"]).set_index("stream_id")
    is_open = facts.standings["state"] == "open"
    table["open"] = facts.standings[is_open].groupby("stream_id").size()
    table = table.fillna(0).join(first[["k", "n", "low", "high"]]).sort_values("decisions", ascending=False)
    rows = [
        (
            facts.history.title(str(stream_id)),
            number(row["decisions"]),
            number(row["approved"]),
            *_passed(row),
            number(row["again"]),
            number(row["made"]),
            money(row["made_usd"] + row["lost_usd"]),
            number(row["open"]),
        )
        for stream_id, row in table.iterrows()
    ]
    columns = (
        ("Stream", "start"),
        ("Decisions", "end"),
        ("Approved", "end"),
        ("First pass", "end"),
        ("95 %", "end"),
        ("Again", "end"),
        ("Versions", "end"),
        ("Spent", "end"),
        ("Open", "end"),
    )
    return _grid("Streams", columns, rows, "Nothing was decided or made on any stream.")


def _segments(facts: WeekFacts) -> Grid:
    counted = facts.again.groupby(SEGMENT).size().sort_values(ascending=False, kind="stable")
    notes = facts.again.sort_values("seq").drop_duplicates(SEGMENT, keep="last").set_index(SEGMENT)["note"]
    rows = [
        (facts.history.title(key[0]), str(key[1]), number(count), str(notes[key]) or "–")
        for key, count in counted.items()
        if isinstance(key, tuple)
    ]
    columns = (("Stream", "start"), ("Segment", "end"), ("Made again", "end"), ("Last note", "start"))
    return _grid("Segments that were made again most often", columns, rows, "No segment was made again.")


def _engines(facts: WeekFacts) -> Grid:
    made = facts.history.versions[["version_id", "engine", "model"]]
    named = made.fillna({"engine": "found on disk", "model": ""})
    table = approval_by(facts.first.merge(named, on="version_id"), ["kind", "engine", "model"])
    rows = [
        (_KINDS[row["kind"]], row["engine"], row["model"], number(row["n"]), *_passed(row))
        for _, row in table.sort_values("n", ascending=False).iterrows()
    ]
    columns = (
        ("Made", "start"),
        ("Engine", "start"),
        ("Model", "start"),
        ("n", "end"),
        ("First pass", "end"),
        ("95 %", "end"),
    )
    return _grid("Engines and models, as observed", columns, rows, "Nothing was judged for the first time.")


def _failures(facts: WeekFacts) -> Grid:
    named = facts.failed.assign(error_code=facts.failed["error_code"].replace("", pd.NA).fillna("not said"))
    billed = named.merge(facts.lost[["task_id", "billed_usd"]], on="task_id", how="left")
    causes = billed.groupby(["engine", "error_code"], as_index=False).agg(
        n=("task_id", "size"), billed_usd=("billed_usd", "sum")
    )
    rows = [
        (row["engine"], row["error_code"], number(row["n"]), money(row["billed_usd"]))
        for row in causes.sort_values("n", ascending=False, kind="stable").to_dict("records")
    ]
    columns = (("Engine", "start"), ("Cause", "start"), ("Tasks", "end"), ("Billed all the same", "end"))
    return _grid("Why tasks failed", columns, rows, "No task failed.")


def _passed(row: Any) -> tuple[str, str]:
    if pd.isna(row["n"]) or not row["n"]:
        return "–", "–"
    return percent(row["k"] / row["n"]), span(row["low"], row["high"])


def _grid(
    title: str, columns: tuple[tuple[str, str], ...], rows: Sequence[tuple[str, ...]], nothing: str
) -> Grid:
    left_out = len(rows) - _ROWS
    note = f"{left_out:,} more." if left_out > 0 else ""
    return Grid(title, columns, tuple(rows[:_ROWS]), note if rows else nothing)
