from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from director_lib.store.database import Database
from director_lib.store.events import record_event, verify_log

NOW = datetime(2026, 11, 21, 10, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def database(database: Database) -> Database:
    """A log of five events with every kind of value in them."""
    with database.write() as connection:
        for number in range(5):
            record_event(
                connection,
                "approved",
                "dóra",
                (NOW + timedelta(seconds=number)).astimezone(timezone(timedelta(hours=2))),
                place=("film", number, None),
                details={"note": "szép \u2602", "cost_usd": 0.1, "ids": (9, 10), "by": {10: "a", 9: "b"}},
            )
    return database


def faults(database: Database) -> list[int]:
    with database.read() as connection:
        return [fault.seq for fault in verify_log(connection)]


def test_a_log_that_nobody_touched_is_sound(database: Database) -> None:
    assert faults(database) == []


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE events SET actor = 'pal' WHERE seq = 3",
        "UPDATE events SET happened_at = happened_at + 1 WHERE seq = 3",
        "UPDATE events SET recorded_stream_id = 'other' WHERE seq = 3",
        "UPDATE events SET details = '{}' WHERE seq = 3",
        "UPDATE events SET chain_sha256 = '' WHERE seq = 3",
    ],
)
def test_a_changed_row_is_found(database: Database, tamper: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql(tamper)
    assert faults(database)[0] == 3


def test_a_removed_row_is_found(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM events WHERE seq = 3")
    assert faults(database) == [4]


def test_following_a_renamed_stream_is_no_tampering(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE events SET stream_id = 'film-2'")
    assert faults(database) == []


def test_an_empty_log_is_sound(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM events")
    assert faults(database) == []
