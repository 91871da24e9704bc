"""The tables of the counts: what the metrics page reads instead of a million decisions.

``scope`` is a stream's id, or "" for the whole studio; ``week`` is the local Monday in days since 1970, or
``ALL_WEEKS`` in rows that add up every week, which only the whole studio has. A row with the actor "" adds up
all people.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, Table

from director_lib.domain.measures import (
    DECISION_MEASURES,
    SEGMENT_MEASURES,
    TASK_MEASURES,
    UNIT_MEASURES,
    VERSION_MEASURES,
)
from director_lib.store.column_types import Instant, Text
from director_lib.store.schema import metadata

STUDIO = ""
ALL_WEEKS = -1_000_000
WORK_MEASURES = (*VERSION_MEASURES, *UNIT_MEASURES, *SEGMENT_MEASURES, *TASK_MEASURES)


def _number(name: str) -> Column[int]:
    return Column(name, sa.BigInteger, nullable=False, server_default="0")


def _part_of_key(name: str, kind: type[Integer] | type[Text] = Text) -> Column[object]:
    return Column(name, kind, primary_key=True, autoincrement=False)


count_decisions = Table(
    "count_decisions",
    metadata,
    _part_of_key("scope"),
    _part_of_key("week", Integer),
    _part_of_key("actor"),
    _part_of_key("kind"),
    _part_of_key("engine"),
    _part_of_key("model"),
    *map(_number, DECISION_MEASURES),
    sqlite_with_rowid=False,
)

count_works = Table(
    "count_works",
    metadata,
    _part_of_key("scope"),
    _part_of_key("week", Integer),
    _part_of_key("kind"),
    _part_of_key("engine"),
    _part_of_key("model"),
    *map(_number, WORK_MEASURES),
    sqlite_with_rowid=False,
)

count_durations = Table(
    "count_durations",
    metadata,
    _part_of_key("scope"),
    _part_of_key("week", Integer),
    _part_of_key("metric"),
    _part_of_key("kind"),
    _part_of_key("engine"),
    Column("bins", Text, nullable=False),
)
"""How long things took: a histogram in each row (``store/histograms.py``)."""

count_failures = Table(
    "count_failures",
    metadata,
    _part_of_key("scope"),
    _part_of_key("week", Integer),
    _part_of_key("kind"),
    _part_of_key("engine"),
    _part_of_key("error_code"),
    _number("n"),
    sqlite_with_rowid=False,
)

count_segments = Table(
    "count_segments",
    metadata,
    _part_of_key("stream_id"),
    _part_of_key("segment_id", Integer),
    Column("week", Integer, nullable=False),
    Column("entered_at", Instant, nullable=False),
    _number("n_versions"),
    _number("regenerations"),
    _number("rejections"),
    _number("cost_micro_usd"),
    _number("n_open"),
    Column("open_since", Instant),
    Column("is_approved", sa.Boolean, nullable=False),
    Index("ix_count_segments_worst", "regenerations", "rejections", "cost_micro_usd"),
    sqlite_with_rowid=False,
)

count_touched_segments = Table(
    "count_touched_segments",
    metadata,
    Column("asset_id", Integer, primary_key=True, autoincrement=False),
    Column("before", Text, nullable=False),
)
"""The segments that are not counted as they are: by one of its assets, and how to read what is (JSON)."""

count_touched_tasks = Table(
    "count_touched_tasks",
    metadata,
    Column("task_id", Text, primary_key=True),
    Column("before", Text, nullable=False),
)
"""The tasks that are not counted as they are, and what is counted of them (JSON; null when nothing is)."""

count_settled = Table(
    "count_settled",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("asset_id", Integer),
    Column("task_id", Text),
    Column("settled_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)
"""What was counted again, the newest of it, in that order; the first row (of nothing) began the counting.

Whoever keeps what was read knows from it what to read again. A number is never given twice."""

count_state = Table(
    "count_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("time_zone", Text, nullable=False),
    Column("is_complete", sa.Boolean, nullable=False),
    Column("checked_at", Instant),
    Column("found_different", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""At most one row: in which time zone the weeks are, and whether everything is counted."""

COUNT_TABLES = (
    count_decisions,
    count_works,
    count_durations,
    count_failures,
    count_segments,
    count_touched_segments,
    count_touched_tasks,
    count_settled,
    count_state,
)
