"""The live page of metrics, read from counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import sqlalchemy as sa

from director_lib.domain.people import Action
from director_lib.metrics.binned import RENDER, STAYS
from director_lib.metrics.board import BoardSources, make_board, slice_of
from director_lib.metrics.board_choice import BoardChoice, running_week
from director_lib.metrics.working_time import studio_hours
from director_lib.store.blind_counts import BlindCounts, read_blind_counts
from director_lib.store.count_reads import Part, read_durations, read_weekly_durations
from director_lib.store.frames import checkpoints_frame
from director_lib.workbench.insight_counts import read_counts
from director_lib.workbench.studio import Studio

Json = dict[str, Any]
_WEEKS = 12


def read_board(studio: Studio, choice: BoardChoice, titles: Mapping[str, str]) -> Json:
    """Describe the live page; see ``metrics.board.make_board``.

    Raises:
        PermissionDeniedError: The actor may not look.
        InputError: The studio's time zone does not exist.
    """
    studio.require(Action.VIEW)
    as_of, time_zone = studio.clock(), studio.settings.time_zone
    counts = read_counts(studio, slice_of(choice, as_of=as_of, time_zone=time_zone))
    everybody = counts
    if choice != choice.everybody():
        everybody = read_counts(studio, slice_of(choice.everybody(), as_of=as_of, time_zone=time_zone))
    with studio.database.read() as connection:
        gates = checkpoints_frame(connection, choice.stream_id)
        weekly = _weekly_durations(connection, choice, running_week(as_of, time_zone), time_zone)
    hours = studio_hours(studio.settings.work_hours, time_zone)
    sources = BoardSources(counts, everybody, gates, weekly, hours)
    return make_board(sources, choice, titles=titles, as_of=as_of, time_zone=time_zone)


def _weekly_durations(
    connection: sa.Connection, choice: BoardChoice, running: pd.Timestamp, time_zone: str
) -> dict[pd.Timestamp, pd.DataFrame]:
    """Read the durations whose trend is shown, for the latest weeks of the choice."""
    if choice.actor is not None:
        return {}
    values = {"metric": [*STAYS, *RENDER, "panel"]}
    if choice.engine is not None:
        values["engine"] = [choice.engine]
    if choice.kind is not None:
        values["kind"] = [choice.kind]
    n_weeks = min(choice.weeks or _WEEKS, _WEEKS)
    mondays = [running - pd.Timedelta(days=7 * back) for back in reversed(range(n_weeks))]
    days = [(monday - pd.Timestamp(0)).days for monday in mondays]
    part = Part(stream_id=choice.stream_id, since=days[0], until=days[-1] + 7, values=values)
    found = read_weekly_durations(connection, part)
    blind = read_blind_counts(connection, time_zone) if choice.engine is not None else BlindCounts()
    if len(found) < n_weeks:
        nothing = read_durations(connection, Part(values={"metric": []}))
        found = dict.fromkeys(days, nothing) | found
    return {
        monday: blind.durations(found[day], replace(part, since=day, until=day + 7))
        for monday, day in zip(mondays, days, strict=True)
    }
