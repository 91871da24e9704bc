from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import StatementError

from director_lib.errors import StorageError
from director_lib.store.changes import ChangeWatch
from director_lib.store.database import Database, open_database
from director_lib.store.events import last_event_seq, list_events, record_event
from director_lib.store.tables import events, metadata

NOW = datetime(2026, 11, 21, 10, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(tmp_path / "deep" / "director.db")


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_again_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        record_event(connection, "tested", "dora", NOW)
    again = open_database(database.path)
    with again.read() as connection:
        assert [event.verb for event in list_events(connection)] == ["tested"]


def test_a_database_of_a_newer_release_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="newer release"):
        open_database(database.path)


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "director.db"
    path.write_bytes(b"this is a letter, not a database" * 100)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"director\.db"):
        open_database(path)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="DIRECTOR_DB_PATH"):
        open_database(tmp_path / "file" / "director.db")


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def fail_halfway() -> None:
        with database.write() as connection:
            record_event(connection, "tested", "dora", NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    with database.read() as connection:
        assert list_events(connection) == []


def test_instants_come_back_exactly_and_naive_ones_are_refused(database: Database) -> None:
    with database.write() as connection:
        record_event(connection, "tested", "dora", NOW)
        naive = events.insert().values(verb="x", actor="y", happened_at=NOW.replace(tzinfo=None))
        with pytest.raises(StatementError, match="time zone"):
            connection.execute(naive)
    with database.read() as connection:
        assert list_events(connection)[0].happened_at == NOW


def test_the_database_is_in_wal_mode_and_keeps_foreign_keys(database: Database) -> None:
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_watch_notices_a_commit_by_anybody_once(database: Database) -> None:
    with ChangeWatch(database.path) as watch:
        assert not watch.has_changed()
        other = sqlite3.connect(database.path)
        other.execute("INSERT INTO events (verb, actor, details, happened_at) VALUES ('x', 'y', '{}', 1)")
        other.commit()
        other.close()
        assert watch.has_changed()
        assert not watch.has_changed()


def test_events_are_read_newest_first_and_by_stream(database: Database) -> None:
    with database.write() as connection:
        first = record_event(connection, "a", "dora", NOW, place=("one", 1, None))
        record_event(connection, "b", "dora", NOW, place=("two", None, None))
        third = record_event(connection, "c", "dora", NOW, place=("one", 2, None))
    with database.read() as connection:
        assert [event.seq for event in list_events(connection, stream_id="one")] == [third, first]
        assert [event.verb for event in list_events(connection, before_seq=third, limit=1)] == ["b"]
        assert last_event_seq(connection, "one") == third
        assert last_event_seq(connection, "nobody") == 0
