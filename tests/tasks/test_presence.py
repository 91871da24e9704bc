from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.errors import WorkerError
from director_lib.store.database import Database, open_database
from director_lib.store.holding import is_free_until_commit
from director_lib.tasks import presence
from director_lib.tasks.presence import claim_presence, find_worker, list_workers

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = open_database(settings.database)
    yield opened
    opened.close()


def test_nobody_works_before_the_first_claim(settings: Settings, database: Database) -> None:
    assert find_worker(settings, database) is None


def test_a_claim_is_seen_until_it_is_given_back(settings: Settings, database: Database) -> None:
    lock = claim_presence(settings, database, NOW)
    found = find_worker(settings, database)
    assert found is not None
    assert found.started_at == NOW
    lock.release()
    assert find_worker(settings, database) is None


def test_a_second_claim_is_refused_with_what_to_do(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "_PATIENCE_S", 0.0)
    lock = claim_presence(settings, database, NOW)
    with pytest.raises(WorkerError, match="already serves"):
        claim_presence(settings, database, NOW)
    lock.release()


def test_two_studios_have_a_worker_each(settings: Settings, database: Database) -> None:
    other = settings.model_copy(update={"home": settings.home.with_name("other")})
    locks = [claim_presence(settings, database, NOW), claim_presence(other, database, NOW)]
    assert find_worker(settings, database) is not None
    assert find_worker(other, database) is not None
    for lock in locks:
        lock.release()


def test_asking_who_works_does_not_keep_a_worker_from_starting(
    settings: Settings, database: Database
) -> None:
    claim_presence(settings, database, NOW).release()
    assert find_worker(settings, database) is None
    claim_presence(settings, database, NOW).release()


@pytest.mark.parametrize("database_kind", ["postgresql"])
class TestSeveralWorkers:
    """On PostgreSQL each worker has a name, which it holds as long as its connection lives."""

    def test_each_gets_a_name_of_its_own_and_is_seen(self, settings: Settings, database: Database) -> None:
        first, second = (claim_presence(settings, database, NOW) for _ in range(2))
        assert second.name == f"{first.name}-2"
        assert [info.name for info in list_workers(settings, database)] == [first.name, second.name]
        first.release()
        assert [info.name for info in list_workers(settings, database)] == [second.name]
        again = claim_presence(settings, database, NOW)
        assert again.name == first.name
        again.release()
        second.release()

    def test_a_name_that_was_given_back_is_free_at_once(self, settings: Settings, database: Database) -> None:
        seen = []
        for _ in range(40):
            claim_presence(settings, database, NOW).release()
            seen += list_workers(settings, database)
        assert seen == []

    def test_a_configured_name_that_is_taken_is_refused(self, settings: Settings, database: Database) -> None:
        named = settings.model_copy(update={"worker_name": "anna"})
        held = claim_presence(named, database, NOW)
        assert held.name == "anna"
        with pytest.raises(WorkerError, match="called “anna” already serves"):
            claim_presence(named, database, NOW)
        held.release()

    def test_a_lost_connection_is_made_again(self, settings: Settings, database: Database) -> None:
        held = claim_presence(settings, database, NOW)
        cut_all(database)
        assert held.is_held()
        assert list_workers(settings, database) != []
        held.release()

    def test_a_look_whether_it_is_dead_costs_a_worker_neither_its_name_nor_its_start(
        self, settings: Settings, database: Database
    ) -> None:
        named = settings.model_copy(update={"worker_name": "anna"})
        with looking_for_a_while(database, "anna", 0.1):
            held = claim_presence(named, database, NOW)
        cut_all(database)
        with looking_for_a_while(database, "anna", 1.0):
            assert held.is_held()
        held.release()

    def test_a_name_that_somebody_took_meanwhile_is_lost(
        self, settings: Settings, database: Database
    ) -> None:
        held = claim_presence(settings, database, NOW)
        cut_all(database)
        other = claim_presence(settings, database, NOW)
        assert other.name == held.name
        assert not held.is_held()
        other.release()


@contextmanager
def looking_for_a_while(database: Database, name: str, duration_s: float) -> Iterator[None]:
    """Look whether a worker is dead, and take that long for it."""
    begun = threading.Event()

    def look() -> None:
        with database.read() as connection:
            assert is_free_until_commit(connection, name)
            begun.set()
            time.sleep(duration_s)

    looker = threading.Thread(target=look)
    looker.start()
    begun.wait()
    yield
    looker.join()


def cut_all(database: Database) -> None:
    """Cut the connections that hold names, as a broken network would."""
    query = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with database.read() as connection:
        connection.execute(sa.text(query))
