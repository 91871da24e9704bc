"""The live page read from the kept counts is the page made from counting everything from scratch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.metrics.board import BoardSources, make_board, slice_of
from director_lib.metrics.board_choice import BoardChoice, running_week
from director_lib.metrics.counts import Counts, CountTables, slice_counts
from director_lib.metrics.working_time import studio_hours
from director_lib.store.count_parts import Part, conditions_of, one_by_one
from director_lib.store.count_tables import count_decisions
from director_lib.store.database import Database, open_database
from director_lib.store.frames import checkpoints_frame
from director_lib.tasks.counting import build_counts
from director_lib.workbench import Workbench
from director_lib.workbench.insight_board import read_board
from tests.metrics.both_databases import database_kind
from tests.metrics.from_scratch import count_from_scratch
from tests.metrics.histories import PEOPLE, History
from tests.metrics.test_counts_kept import EVENING, ZONE

__all__ = ["database_kind"]

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """A review database after a busy evening."""
    opened = open_database(settings.database)
    History(opened).play(EVENING)
    yield opened
    opened.close()


def sources_from_scratch(made: CountTables, choice: BoardChoice, gates: pd.DataFrame) -> BoardSources:
    """Count everything for a page, in the plainest way."""

    def part(each: BoardChoice) -> Counts:
        return slice_counts(made, slice_of(each, as_of=NOW, time_zone=ZONE))

    running, n_weeks = running_week(NOW, ZONE), 0 if choice.actor else min(choice.weeks or 12, 12)
    weeks = [running - pd.Timedelta(days=7 * back) for back in reversed(range(n_weeks))]
    followed = replace(choice, model=None)
    weekly = {week: part(replace(followed, week=week)).durations for week in weeks}
    durations = pd.concat(weekly, names=["week"]).reset_index("week") if weekly else None
    hours = studio_hours(Settings().work_hours, ZONE)
    return BoardSources(part(choice), part(choice.everybody()), gates, weeks, durations, hours=hours)


@pytest.mark.parametrize(
    "choice",
    [
        BoardChoice(),
        BoardChoice(stream_id="film"),
        BoardChoice(weeks=4),
        BoardChoice(actor=PEOPLE[0]),
        BoardChoice(engine="local", kind="video"),
        BoardChoice(week=pd.Timestamp("2026-03-02"), actor=PEOPLE[1]),
    ],
)
def test_the_page_is_the_one_made_from_scratch(
    settings: Settings, database: Database, choice: BoardChoice
) -> None:
    with database.read() as connection:
        made, gates = count_from_scratch(connection, ZONE), checkpoints_frame(connection, choice.stream_id)
    sources = sources_from_scratch(made, choice, gates)
    with Workbench.open(settings.model_copy(update={"time_zone": ZONE})) as workbench:
        studio = replace(workbench.studio, clock=lambda: NOW)
        found = read_board(studio, choice, {})
    assert found == make_board(sources, choice, titles={}, as_of=NOW, time_zone=ZONE)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=False)
def test_those_of_one_person_are_found_by_their_key_and_not_among_everybodys(database: Database) -> None:
    build_counts(database, ZONE)
    with database.read() as connection:
        weeks = one_by_one(connection, count_decisions, Part())
        query = sa.select(count_decisions.c.made).where(
            count_decisions.c.actor == "", *conditions_of(count_decisions, Part(), weeks=weeks)
        )
        compiled = query.compile(connection.engine, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
    assert ["week=? AND actor=?" in row[-1] for row in plan] == [True]
