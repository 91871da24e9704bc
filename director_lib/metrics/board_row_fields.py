"""How rows behind a number are put into words: fields, the place of a still or clip, a link to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from director_lib.metrics.groups import FOUND_ON_DISK
from director_lib.metrics.words import KIND_PAGES, KIND_WORDS, VERDICT_WORDS, duration, is_unknown

Json = dict[str, Any]
NOTE = 140
"""Longest note shown, in characters."""

TITLES = {
    "decisions": "Decisions that count",
    "first_pass": "First judged attempts",
    "again": "Decisions that led to a new attempt",
    "made": "All decisions made",
    "undone": "Decisions taken back",
    "panel": "Versions judged by two or more",
    "gates": "Decisions at the checkpoint",
    "gate_stays": "Stays at the checkpoint",
    "units": "Stills and clips, as they stand",
    "segments": "Segments begun",
    "stays": "From the first version to the approval",
    "waits": "Versions, and when they were seen",
    "looks": "Versions that were looked at",
    "costs": "Versions and what they cost",
    "tasks": "Tasks",
    "renders": "Tasks that started",
    "ended": "Tasks that ended by themselves",
    "failed": "Tasks that failed, by when they were asked for",
    "failures": "Tasks that failed",
    "bills": "Tasks that were billed and made nothing",
}
"""What can be asked for, and what it is called; newest first each."""


@dataclass(frozen=True, slots=True)
class RowWords:
    """What rows are put into words with: the studio's time zone, titles of streams, and whose streams."""

    zone: ZoneInfo
    titles: Mapping[str, str]
    of_one_stream: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key, what stands above it, and what a row says in it."""

    key: str
    label: str
    text: Callable[[Any], str]
    is_number: bool = False


def place_fields(words: RowWords) -> list[Field]:
    """Return the fields that say which still or clip: its stream where there are several, and its segment."""
    place = Field("segment", "Segment", lambda row: f"{row.segment_id}, {KIND_WORDS.get(row.kind, row.kind)}")
    return [*stream_field(words), place]


def stream_field(words: RowWords) -> list[Field]:
    """Return the field of the stream; none when all rows are of one."""
    if words.of_one_stream:
        return []
    return [Field("stream", "Stream", lambda row: words.titles.get(row.stream_id) or row.stream_id)]


def verdict(decision: Any) -> str:
    """Put a decision into words; "" without one."""
    return "" if is_unknown(decision) else VERDICT_WORDS.get(decision, str(decision))


def known_text(value: Any) -> str:
    """Return a text; "" when it is unknown."""
    return "" if is_unknown(value) else str(value)


def made_by(row: Any) -> str:
    """Say which engine and model made a version, or that it was found on disk."""
    known = [str(part) for part in (row.engine, row.model) if not is_unknown(part) and part]
    return " · ".join(dict.fromkeys(known)) or FOUND_ON_DISK


def lasted(begin: Any, end: Any) -> str:
    """Put the time between two instants into words; "" when one is unknown."""
    if is_unknown(begin) or is_unknown(end):
        return ""
    return duration(max(0.0, (end - begin).total_seconds()))


def segment_link(row: Any) -> str:
    """Return the address of a row's still or clip on its desk."""
    kind = str(getattr(row, "kind", ""))
    return f"/s/{row.stream_id}/{KIND_PAGES.get(kind, 'keyframes')}?segment={row.segment_id}"


def row_table(
    what: str, rows: pd.DataFrame, fields: list[Field], link: Callable[[Any], str] = segment_link
) -> Json:
    """Describe rows: ``what``, ``title``, ``columns``, and ``rows`` of texts, each with ``href``."""
    shown = [
        {**{field.key: field.text(row) for field in fields}, "href": link(row)}
        for row in rows.itertuples(index=False)
    ]
    columns = [
        {"key": field.key, "label": field.label, "align": "end" if field.is_number else "start"}
        for field in fields
    ]
    return {"what": what, "title": TITLES[what], "columns": columns, "rows": shown}
