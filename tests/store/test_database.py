from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import StatementError

from director_lib.config import Settings
from director_lib.errors import StorageError
from director_lib.store.database import Database, open_database
from director_lib.store.events import last_event_seq, list_events, record_event, verify_log
from director_lib.store.presets import add_preset, list_presets
from director_lib.store.tables import events, metadata
from tests.tasks.scene import CHECKOUT, until

NOW = datetime(2026, 11, 21, 10, 30, 15, 123456, tzinfo=UTC)
ADD_A_PERSON = """
from director_lib.config import load_settings
from director_lib.store.database import open_database
from director_lib.workbench.people import People
People(open_database(load_settings().database)).add("dora", "director")
"""


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_again_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        record_event(connection, "tested", "dora", NOW)
    again = open_database(database.place)
    with again.read() as connection:
        assert [event.verb for event in list_events(connection)] == ["tested"]
    again.close()


def test_a_database_of_a_newer_release_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="newer release"):
        open_database(database.place)


def fail_halfway(database: Database) -> None:
    with database.write() as connection:
        record_event(connection, "tested", "dora", NOW)
        raise RuntimeError


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        fail_halfway(database)
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


def test_a_watch_notices_a_commit_by_anybody_once(database: Database) -> None:
    with database.watch() as watch:
        assert not watch.has_changed()
        other = Database(database.place)
        with other.write() as connection:
            record_event(connection, "tested", "dora", NOW)
        other.close()
        until(watch.has_changed, "the commit is noticed")
        assert not watch.has_changed()


def test_a_watch_notices_what_another_process_commits(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    with database.watch() as watch:
        environment = os.environ | settings.environment() | {"PYTHONPATH": str(CHECKOUT)}
        subprocess.run([sys.executable, "-c", ADD_A_PERSON], env=environment, cwd=tmp_path, check=True)
        until(watch.has_changed, "the commit is noticed")


def test_a_watch_hears_nothing_of_what_changed_nothing(database: Database) -> None:
    with database.watch() as watch:
        with pytest.raises(RuntimeError):
            fail_halfway(database)
        with database.write() as connection:
            list_events(connection)
        with database.write() as connection:
            record_event(connection, "tested", "dora", NOW)
        until(watch.has_changed, "the commit is noticed")
        assert not watch.has_changed()


def test_what_a_writer_read_stays_so_until_it_commits(database: Database) -> None:
    def add_two() -> None:
        for _ in range(20):
            with database.write() as connection:
                before = last_event_seq(connection)
                record_event(connection, "a", "dora", NOW)
                assert record_event(connection, "b", "dora", NOW) == before + 2

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(add_two) for _ in range(4)]:
            done.result()
    with database.read() as connection:
        assert last_event_seq(connection) == 160
        assert verify_log(connection) == []


def test_a_reader_keeps_one_view_and_never_waits_for_a_writer(database: Database) -> None:
    with database.read() as before:
        assert last_event_seq(before) == 0
        with database.write() as connection:
            record_event(connection, "tested", "dora", NOW)
            with database.read() as during:
                assert last_event_seq(during) == 0
        assert last_event_seq(before) == 0
    with database.read() as after:
        assert last_event_seq(after) == 1


def test_texts_are_ordered_alike_on_every_database(database: Database) -> None:
    names = ["Zoe", "anna", "Émile", "_x", "b-1", "B2", "a b"]
    with database.write() as connection:
        for name in names:
            add_preset(connection, name, "mood", "warm", author="dora", created_at=NOW)
    with database.read() as connection:
        assert [preset.name for preset in list_presets(connection)] == sorted(names)


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
