"""The rows behind the numbers of the live page, read from the newest records: as many as the number says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from director_lib.domain.people import Action
from director_lib.errors import InputError
from director_lib.metrics.board import gates_of, slice_of
from director_lib.metrics.board_checkpoints import stays_at_gates
from director_lib.metrics.board_choice import BoardChoice, running_week
from director_lib.metrics.board_row_fields import TITLES, RowWords
from director_lib.metrics.board_rows import (
    UnitsPart,
    decided_rows,
    panel_rows,
    task_rows,
    unit_rows,
    version_rows,
)
from director_lib.metrics.board_span_rows import gate_rows, gate_stay_rows, segment_rows, stay_rows, wait_rows
from director_lib.metrics.board_tries import MANY
from director_lib.metrics.trend import studio_zone
from director_lib.metrics.working_time import studio_hours
from director_lib.store.count_reads import read_segments
from director_lib.store.frames import checkpoints_frame
from director_lib.store.metric_rows import (
    TASK_ROWS,
    RowFilter,
    find_begun,
    find_decided,
    find_made,
    read_task_rows,
)
from director_lib.store.variant_sets import Hidden, find_hidden
from director_lib.workbench.insight_counts import ensure_counts, part_of
from director_lib.workbench.studio import Studio
from director_lib.workbench.withholding import told_frame, told_task_rows

Json = dict[str, Any]
Found = tuple[Json, int | None]
ROWS = 100
_LOOKS = 8


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which rows behind a number.

    Attributes:
        what: One of ``metrics.board_row_fields.TITLES``.
        cause: Error code of failures; None for all, "" for none recorded.
        before: Where an earlier answer ended (its ``more``); None begins with the newest.
        state: Stills and clips that stand so: "approved", "rejected" or "open".
        tries: Segments, stills and clips that were made again so often; ``board_tries.MANY`` is or more.
        checkpoint: Verdicts at "story", "spec" or "final".
        segment_id: Of one segment, whenever it was made; with the choice's stream.
    """

    what: str
    choice: BoardChoice
    cause: str | None = None
    before: int | None = None
    state: str | None = None
    tries: int | None = None
    checkpoint: str | None = None
    segment_id: int | None = None


def read_rows(studio: Studio, wanted: RowsWanted, titles: Mapping[str, str]) -> Json:
    """Read the rows behind a number, newest first, about ``ROWS`` at a time.

    Returns:
        ``what``, ``title``, ``columns``, ``rows`` (each with ``href`` to its segment), and ``more``: what to
        ask for as ``before`` to go on, None at the end.

    Raises:
        PermissionDeniedError: The actor may not look.
        InputError: There are no such rows, or the studio's time zone does not exist.
    """
    studio.require(Action.VIEW)
    if wanted.what not in TITLES:
        raise InputError(f"There are no rows called “{wanted.what}”. Reload the page.")
    words = RowWords(studio_zone(studio.settings.time_zone), titles, wanted.choice.stream_id is not None)
    before, rows = wanted.before, list[Json]()
    found: Json = {}
    if wanted.what == "segments":
        ensure_counts(studio)
    with studio.database.read() as connection:
        hidden = find_hidden(connection)
        for _ in range(_LOOKS):
            found, before = _look(connection, studio, replace(wanted, before=before), hidden, words)
            rows += found["rows"]
            if before is None or len(rows) >= ROWS:
                break
    return {**found, "rows": rows, "more": before}


def _look(
    connection: sa.Connection, studio: Studio, wanted: RowsWanted, hidden: Hidden, words: RowWords
) -> Found:
    what, looked = wanted.what, replace(_filter(studio, wanted), hidden=hidden)
    if what in TASK_ROWS:
        tasks = read_task_rows(connection, looked, ROWS, what)
        more = int(tasks["seq"].iloc[-1]) if len(tasks) == ROWS else None
        return task_rows(what, told_task_rows(connection, tasks), words), more
    if what == "segments":
        return _segments(connection, studio, wanted, words)
    if what in ("gates", "gate_stays"):
        return _gates(connection, studio, wanted, words)
    if what in ("units", "stays", "costs", "waits", "looks"):
        return _made(connection, wanted, looked, words)
    decided = find_decided(connection, looked, ROWS, undone=what == "undone", several=what == "panel")
    facts = (decided.decisions, told_frame(connection, decided.versions), decided.keys, words)
    return panel_rows(*facts) if what == "panel" else decided_rows(what, *facts), decided.oldest


def _made(connection: sa.Connection, wanted: RowsWanted, looked: RowFilter, words: RowWords) -> Found:
    """Look up versions; units and stays are counted for the engine of the version that decides."""
    what, engine = wanted.what, looked.engine
    if what == "units":
        begun = find_begun(connection, looked, ROWS)
        part = UnitsPart(engine, wanted.state, wanted.tries)
        versions = told_frame(connection, begun.versions)
        return unit_rows(begun.decisions, versions, begun.keys, words, part), begun.oldest
    made = find_made(connection, replace(looked, engine=None) if what == "stays" else looked, ROWS)
    facts = (made.decisions, told_frame(connection, made.versions), made.keys, words)
    if what == "stays":
        return stay_rows(*facts, engine=engine), made.oldest
    return version_rows(*facts) if what == "costs" else wait_rows(what, *facts), made.oldest


def _segments(connection: sa.Connection, studio: Studio, wanted: RowsWanted, words: RowWords) -> Found:
    skip, tries = wanted.before or 0, wanted.tries
    part = part_of(slice_of(wanted.choice, as_of=studio.clock(), time_zone=studio.settings.time_zone))
    at_most = None if tries is None or tries >= MANY else tries
    segments = read_segments(connection, part, at_least=tries or 0, at_most=at_most, skip=skip, limit=ROWS)
    return segment_rows(segments, words), skip + ROWS if len(segments) == ROWS else None


def _gates(connection: sa.Connection, studio: Studio, wanted: RowsWanted, words: RowWords) -> Found:
    choice, skip = wanted.choice, wanted.before or 0
    stays = checkpoints_frame(connection, choice.stream_id)
    decided, time_zone = wanted.what == "gates", studio.settings.time_zone
    known = (gates_of if decided else stays_at_gates)(
        stays, choice, as_of=studio.clock(), time_zone=time_zone
    )
    if wanted.checkpoint is not None:
        known = known[known["checkpoint"] == wanted.checkpoint]
    known = known.sort_values("decided_at" if decided else "entered_at", ascending=False)
    more = skip + ROWS if len(known) > skip + ROWS else None
    shown = known.iloc[skip : skip + ROWS]
    if decided:
        return gate_rows(shown, words), more
    return gate_stay_rows(shown, words, studio_hours(studio.settings.work_hours, time_zone)), more


def _filter(studio: Studio, wanted: RowsWanted) -> RowFilter:
    choice, time_zone = wanted.choice, studio.settings.time_zone
    if wanted.segment_id is not None:
        # what a segment took is counted whenever it happened, whoever and whatever made it
        choice = BoardChoice(stream_id=choice.stream_id)
    since, until = choice.span(running_week(studio.clock(), time_zone), time_zone)
    return RowFilter(
        stream_id=choice.stream_id,
        segment_id=wanted.segment_id,
        since=since,
        until=until,
        actor=choice.actor,
        engine=choice.engine,
        model=choice.model,
        kind=choice.kind,
        error_code=wanted.cause,
        before=wanted.before,
    )
