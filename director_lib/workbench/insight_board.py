"""The live page of metrics, read from counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from director_lib.domain.people import Action
from director_lib.metrics.binned import RENDER, STAYS
from director_lib.metrics.board import BoardSources, make_board, slice_of
from director_lib.metrics.board_choice import BoardChoice, running_week
from director_lib.metrics.working_time import studio_hours
from director_lib.store.blind_counts import BlindCounts
from director_lib.store.blind_keeping import read_blind_counts
from director_lib.store.count_histograms import read_weekly_durations
from director_lib.store.count_parts import Part
from director_lib.store.count_reads import read_cells
from director_lib.store.frames import checkpoints_frame
from director_lib.workbench.insight_counts import counts_of, ensure_counts, part_of
from director_lib.workbench.studio import Studio

Json = dict[str, Any]
_WEEKS = 12
_MADE_OF = ("kind", "engine", "model")
_OF_PEOPLE = ("made", "effective", "first", "first_approved", "active_us", "stretches")


def read_board(studio: Studio, choice: BoardChoice, titles: Mapping[str, str]) -> Json:
    """Describe the live page; see ``metrics.board.make_board``.

    Raises:
        PermissionDeniedError: The actor may not look.
        InputError: The studio's time zone does not exist.
    """
    studio.require(Action.VIEW)
    as_of, time_zone = studio.clock(), studio.settings.time_zone
    chosen, everyone = (
        slice_of(each, as_of=as_of, time_zone=time_zone) for each in (choice, choice.everybody())
    )
    weeks = _weeks_followed(choice, running_week(as_of, time_zone))
    ensure_counts(studio)
    # all in one view, so that what the page says of one thing twice is the same
    with studio.database.read() as connection:
        blind, part = read_blind_counts(connection, time_zone), part_of(chosen)
        counts = everybody = counts_of(connection, chosen, blind, _MADE_OF, _OF_PEOPLE)
        if everyone != chosen:
            everybody = counts_of(connection, everyone, blind, _MADE_OF, _OF_PEOPLE)
        by_week = blind.cells(read_cells(connection, part, ("week",)), part).set_index("week")
        gates = checkpoints_frame(connection, choice.stream_id)
        weekly = _weekly_durations(connection, choice, weeks, blind) if weeks else None
    hours = studio_hours(studio.settings.work_hours, time_zone)
    sources = BoardSources(counts, everybody, gates, weeks, weekly, by_week, hours)
    return make_board(sources, choice, titles=titles, as_of=as_of, time_zone=time_zone)


def _weeks_followed(choice: BoardChoice, running: pd.Timestamp) -> list[pd.Timestamp]:
    """Return the latest weeks of the choice, rising; durations are not counted by person."""
    if choice.actor is not None:
        return []
    n_weeks = min(choice.weeks or _WEEKS, _WEEKS)
    return [running - pd.Timedelta(days=7 * back) for back in reversed(range(n_weeks))]


def _weekly_durations(
    connection: sa.Connection, choice: BoardChoice, weeks: Sequence[pd.Timestamp], blind: BlindCounts
) -> pd.DataFrame:
    """Read the durations whose trend is shown."""
    values = {"metric": [*STAYS, *RENDER, "panel"]}
    if choice.engine is not None:
        values["engine"] = [choice.engine]
    if choice.kind is not None:
        values["kind"] = [choice.kind]
    first, last = ((monday - pd.Timestamp(0)).days for monday in (weeks[0], weeks[-1]))
    part = Part(stream_id=choice.stream_id, since=first, until=last + 7, values=values)
    return blind.weekly_durations(read_weekly_durations(connection, part), part)
