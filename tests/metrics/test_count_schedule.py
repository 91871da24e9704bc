"""The worker counts ahead, settles, and compares every night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from director_lib.config import Settings
from director_lib.store import frame_cache
from director_lib.store.count_building import find_count_state
from director_lib.store.count_tables import count_durations
from director_lib.store.database import Database, open_database
from director_lib.tasks import count_schedule
from director_lib.tasks.count_schedule import is_due, look_after, look_after_apart
from director_lib.tasks.counting import build_counts
from tests.metrics.histories import History
from tests.metrics.test_counts_kept import EVENING

# two o'clock in the morning in Budapest, where the check is at three
BEFORE = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
AFTER = datetime(2026, 3, 9, 2, 30, tzinfo=UTC)


@pytest.fixture
def studio(settings: Settings) -> Settings:
    return settings.model_copy(update={"time_zone": "Europe/Budapest"})


@pytest.fixture
def database(studio: Settings) -> Iterator[Database]:
    """A review database with a history."""
    opened = open_database(studio.database)
    History(opened).play(EVENING)
    yield opened
    opened.close()


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history counts as long from its first decision on."""
    monkeypatch.setattr(count_schedule, "_LONG", 1)


def test_a_long_history_is_counted_at_once_and_compared_once_a_night(
    studio: Settings, database: Database, long: None
) -> None:
    assert is_due(studio, database, BEFORE)
    assert look_after(studio, database, BEFORE)
    assert not is_due(studio, database, BEFORE)
    assert is_due(studio, database, AFTER)
    look_after(studio, database, AFTER)
    assert not is_due(studio, database, AFTER)


def test_a_short_history_is_counted_by_the_page_and_compared_at_night(
    studio: Settings, database: Database
) -> None:
    assert not is_due(studio, database, BEFORE)
    build_counts(database, studio.time_zone)
    assert not is_due(studio, database, BEFORE)
    assert is_due(studio, database, AFTER)
    assert not is_due(studio, database, AFTER + timedelta(hours=2))


def test_another_time_zone_is_due_at_once(studio: Settings, database: Database, long: None) -> None:
    look_after(studio, database, AFTER)
    moved = studio.model_copy(update={"time_zone": "Asia/Kathmandu"})
    assert is_due(moved, database, AFTER)


def test_the_nightly_check_mends_what_is_wrong_and_records_it(studio: Settings, database: Database) -> None:
    look_after(studio, database, BEFORE)
    with database.write() as connection:
        connection.execute(count_durations.update().values(bins=count_durations.c.bins + "1"))
    assert not look_after(studio, database, AFTER)
    with database.read() as connection:
        state = find_count_state(connection)
    assert state is not None
    assert (state.checked_at, state.found_different) == (AFTER, True)
    assert look_after(studio, database, AFTER)


def test_a_process_of_its_own_compares(studio: Settings, database: Database) -> None:
    look_after(studio, database, BEFORE)
    look_after_apart(studio)
    with database.read() as connection:
        state = find_count_state(connection)
    assert state is not None
    assert state.is_complete
    assert state.checked_at is not None
    assert state.checked_at > AFTER


def test_the_file_of_decisions_is_written_ahead(
    studio: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_cache, "CACHED_FROM", 1)
    look_after(studio, database, AFTER)
    file = studio.data_dir / "cache" / "insight" / "decisions.arrow"
    first = file.stat().st_mtime_ns
    History.play(_going_on(database), [("decide", 0, 0, 0)])
    look_after(studio, database, AFTER)
    assert file.stat().st_mtime_ns > first


def _going_on(database: Database) -> History:
    history = History.__new__(History)
    history.database, history.streams, history._n = database, ["film", "other"], 100
    return history
