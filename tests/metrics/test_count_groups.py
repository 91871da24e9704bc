"""Counting some streams at a time, and comparing so what is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import given, settings

from director_lib.config import Settings
from director_lib.store.count_building import find_count_state
from director_lib.store.count_tables import count_durations
from director_lib.store.database import Database, open_database
from director_lib.tasks.count_groups import count_in_groups
from director_lib.workbench import Workbench
from tests.metrics.both_databases import database_kind
from tests.metrics.from_scratch import count_from_scratch
from tests.metrics.histories import Event, History
from tests.metrics.test_counts_kept import EVENING, EVENTS, SETTINGS, ZONE

__all__ = ["database_kind"]


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty review database."""
    opened = open_database(settings.database)
    yield opened
    opened.close()


@given(EVENTS)
@settings(SETTINGS, max_examples=4)
def test_some_streams_at_a_time_are_counted_as_all_of_them_at_once(
    database: Database, events: list[Event]
) -> None:
    History(database).play(EVENING + events)
    with database.read() as connection, pytest.MonkeyPatch.context() as few:
        few.setattr("director_lib.store.counted_frames._ROWS_AT_ONCE", 2)
        groups = list(count_in_groups(connection, ZONE, assets_at_once=1))
        whole = count_from_scratch(connection, ZONE)
    assert [len(group.stream_ids) for group in groups] == [1] * groups[0].n_groups != [1]
    for name in ("cells", "durations", "failures", "segments"):
        joined = pd.concat([getattr(group.tables, name) for group in groups], ignore_index=True)
        expected = getattr(whole, name)
        keys = [column for column in expected.columns if expected[column].dtype != "bool"]
        pd.testing.assert_frame_equal(
            joined.sort_values(keys, ignore_index=True),
            expected.sort_values(keys, ignore_index=True),
            obj=name,
        )


def test_a_check_finds_counts_of_a_stream_that_is_no_more(settings: Settings, database: Database) -> None:
    History(database).play(EVENING)
    with Workbench.open(settings) as workbench:
        workbench.insight.counts()
        with database.write() as connection:
            row = {"scope": "gone", "week": 0, "metric": "handling", "kind": "video", "engine": ""}
            connection.execute(count_durations.insert().values(**row, bins="1 3"))
        [found] = workbench.insight.check_counts(may_rebuild=False).differences
        assert (found.table, found.n_rows, found.example.split(",")[0]) == (
            "count_durations",
            1,
            "scope gone",
        )
        assert workbench.insight.check_counts().was_rebuilt
        assert workbench.insight.check_counts().is_right


def test_a_check_finds_what_is_wrong_and_counts_anew(settings: Settings, database: Database) -> None:
    History(database).play(EVENING)
    with Workbench.open(settings) as workbench:
        assert workbench.insight.check_counts().is_right
        with database.write() as connection:
            connection.execute(count_durations.update().values(bins=count_durations.c.bins + "1"))
        found = workbench.insight.check_counts(may_rebuild=False)
        assert ([each.table for each in found.differences], found.was_rebuilt) == (["count_durations"], False)
        assert workbench.insight.check_counts().was_rebuilt
        assert workbench.insight.check_counts().is_right
    with database.read() as connection:
        state = find_count_state(connection)
    assert state is not None
    assert (state.found_different, state.checked_at is None) == (False, False)
