"""What is so on PostgreSQL only: a server that is slow, away, full, or comes back."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from director_lib.errors import StorageError
from director_lib.store import postgresql as module
from director_lib.store.database import Database, open_database
from director_lib.store.events import last_event_seq, record_event, verify_log
from tests.postgres import Cluster, find_program, running_cluster
from tests.tasks.scene import CHECKOUT, is_alive, until

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
UNREACHABLE = SecretStr("postgresql://dora:geheim@127.0.0.1:1/review")


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


@pytest.fixture
def own_server() -> Iterator[Cluster]:
    """A server that a test may crash."""
    with running_cluster() as cluster:
        yield cluster


def record(database: Database, verb: str = "tested") -> int:
    with database.write() as connection:
        return record_event(connection, verb, "dora", NOW)


def record_and_then(database: Database, happens: Callable[[sa.Connection], object]) -> None:
    with database.write() as connection:
        record_event(connection, "lost", "dora", NOW)
        happens(connection)
        record_event(connection, "lost", "dora", NOW)


def fill_the_disk(connection: sa.Connection) -> None:
    connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$")


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError, match="read-only"), database.read() as connection:
        record_event(connection, "tested", "dora", NOW)
    assert record(database) == 1


def test_a_writer_waits_for_its_turn_only_so_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WRITER_TIMEOUT_S", "0.1")
    other = Database(database.place)
    with (
        database.write() as connection,
        pytest.raises(StorageError, match="Somebody else has been writing"),
        other.write(),
    ):
        raise AssertionError("two writers at a time")
    with other.write() as connection:
        record_event(connection, "tested", "dora", NOW)
    other.close()


def test_a_full_disk_is_told_and_the_next_write_works(database: Database) -> None:
    with pytest.raises(StorageError, match="refused.*disk has room"):
        record_and_then(database, fill_the_disk)
    assert record(database) == 1


def test_a_server_that_is_not_there_is_named_without_the_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StorageError) as refused:
        open_database(UNREACHABLE)
    said = refused.value.user_message
    assert "postgresql://dora@127.0.0.1:1/review cannot be reached" in said
    assert "DIRECTOR_DATABASE_URL" in said
    everything = "".join(traceback.format_exception(refused.value)) + caplog.text + repr(UNREACHABLE)
    assert "geheim" not in everything


def test_a_watch_on_a_server_that_is_not_there_is_refused() -> None:
    with pytest.raises(StorageError, match="cannot be watched") as refused:
        Database(UNREACHABLE).watch()
    assert "geheim" not in str(refused.value)


def test_both_spellings_of_an_address_mean_the_same(database: Database) -> None:
    assert isinstance(database.place, SecretStr)
    spelled = database.place.get_secret_value().replace("postgresql://", "postgresql+psycopg://")
    other = open_database(SecretStr(spelled))
    assert other.name == database.name
    record(database)
    with other.read() as connection:
        assert last_event_seq(connection) == 1
    other.close()


def test_a_lost_connection_does_not_reach_the_next_action(database: Database) -> None:
    record(database)
    with database.write() as connection:
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    other = Database(database.place)
    with other.read() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
    other.close()
    assert record(database) == 2


def test_a_watch_whose_connection_is_lost_listens_again_and_counts_it_as_a_change(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS_BETWEEN_RECONNECTS", 0.0)
    with database.watch() as watch:
        with database.read() as connection:
            end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%'"
            connection.exec_driver_sql(end)
        until(watch.has_changed, "the lost connection is noticed")
        record(database)
        until(watch.has_changed, "the next commit is noticed")


def test_a_server_that_crashes_in_the_middle_of_writes_keeps_what_was_acknowledged(
    own_server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS_BETWEEN_RECONNECTS", 0.0)
    with own_server.fresh() as url:
        database = open_database(url)
        watch = database.watch()
        acknowledged = [record(database) for _ in range(20)]
        with pytest.raises(StorageError, match="cannot be reached"):
            record_and_then(database, lambda _connection: own_server.crash())
        with pytest.raises(StorageError, match="cannot be reached"):
            record(database)
        watch.has_changed()  # hears of what came before the crash
        assert not watch.has_changed()
        own_server.start()
        acknowledged.append(record(database))
        until(watch.has_changed, "the restarted server is listened to")
        with database.read() as connection:
            assert acknowledged == list(range(1, 22))
            assert last_event_seq(connection) == 21
            assert verify_log(connection) == []
        watch.close()
        database.close()


def test_a_statement_that_is_wrong_is_no_failure_of_storage(database: Database) -> None:
    with pytest.raises(sa.exc.ProgrammingError) as wrong, database.read() as connection:
        connection.exec_driver_sql("SELECT nonsense")
    assert isinstance(wrong.value.orig, psycopg.errors.UndefinedColumn)


def test_a_machine_without_postgresql_says_how_to_install_it() -> None:
    with pytest.raises(AssertionError, match="sudo apt install postgresql"):
        find_program("no-such-program")


def test_a_test_run_that_is_killed_takes_its_server_with_it() -> None:
    source = (
        "from tests.postgres import *; c = Cluster(); c.start(); print(c.folder, flush=True); time.sleep(99)"
    )
    run = subprocess.Popen([sys.executable, "-c", source], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    folder = Path(run.stdout.readline().strip())
    server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    run.kill()
    run.communicate()
    until(lambda: not is_alive(server), "the server is gone")
    shutil.rmtree(folder)
