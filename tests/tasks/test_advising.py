"""Learning in a process of its own, as the worker does."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from director_lib.advice.model import advice_folder, current_id, read_facts
from director_lib.config import Settings
from director_lib.store.database import Database, open_database
from director_lib.tasks.advising import is_due, learn_apart
from tests.workbench.advised import record_decisions

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def opened(settings: Settings) -> Iterator[Database]:
    settings.streams_root.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database)
    yield database
    database.close()


def test_a_process_of_its_own_learns_and_is_gone(settings: Settings, opened: Database) -> None:
    with opened.write() as connection:
        record_decisions(connection, 40)
    learn_apart(settings)
    assert read_facts(advice_folder(settings.data_dir))["n_attempts"] == 40
    assert not is_due(settings, opened, datetime.now(UTC))
    assert multiprocessing.active_children() == []


def test_where_it_cannot_be_written_the_worker_goes_on(settings: Settings, opened: Database) -> None:
    with opened.write() as connection:
        record_decisions(connection, 5)
    advice_folder(settings.data_dir).parent.mkdir(parents=True)
    advice_folder(settings.data_dir).write_text("in the way")
    learn_apart(settings)
    assert current_id(advice_folder(settings.data_dir)) == ""
    assert is_due(settings, opened, NOW)
