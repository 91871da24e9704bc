"""The files of a large studio's versions and tasks give the frames that the database gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from director_lib.config import Settings
from director_lib.store import followed_frames, frames
from director_lib.store.count_tables import count_settled
from director_lib.store.database import open_database
from director_lib.tasks.counting import build_counts, rebuild_counts
from tests.metrics.both_databases import database_kind
from tests.metrics.histories import Event, History
from tests.metrics.test_counts_kept import EVENING, EVENTS, ZONE

__all__ = ["database_kind"]

LATER: list[Event] = [
    ("version", 1, 3, 0),
    ("decide", 0, 3, 0),
    ("restore", 0, 0, 0),
    ("ask", 0, 1, 0),
    ("start", 0, 1, 0),
    ("rename", 0, 0, 0),
    ("end", 0, 0, 0),
]


@pytest.fixture
def history(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    """A studio that is small, and counts as large."""
    monkeypatch.setattr(followed_frames, "FOLLOWED_FROM", 1)
    database = open_database(settings.database)
    played = History(database)
    played.play(EVENING)
    build_counts(database, ZONE)
    yield played
    database.close()


def assert_same(history: History, folder: Path) -> None:
    made = followed_frames.load_versions(history.database, folder)
    asked = followed_frames.load_tasks(history.database, folder)
    with history.database.read() as connection:
        pd.testing.assert_frame_equal(made, frames.versions_frame(connection))
        pd.testing.assert_frame_equal(asked, frames.tasks_frame(connection))


def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note how often everything, and how often only what changed, is read."""
    real, calls = followed_frames.read_arrow, []

    def read(place: Any, query: Any, columns: Any) -> Any:
        calls.append("all" if query.whereclause is None else "changed")
        return real(place, query, columns)

    monkeypatch.setattr(followed_frames, "read_arrow", read)
    return calls


def test_only_what_changed_is_read_again(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = reading(monkeypatch)
    assert_same(history, tmp_path)
    assert calls == ["all", "all"]
    assert_same(history, tmp_path)
    assert calls == ["all", "all"]
    for event in LATER:
        history.play([event])
        assert_same(history, tmp_path)
    assert set(calls[2:]) == {"changed"}


@given(EVENTS)
@hypothesis_settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_files_follow_any_history(history: History, tmp_path: Path, events: list[Event]) -> None:
    for first in range(0, len(events), 10):
        history.play(events[first : first + 10])
        assert_same(history, tmp_path)


def test_many_changes_are_put_into_the_file(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followed_frames, "_SAVED_FROM", 0)
    assert_same(history, tmp_path)
    history.play(LATER)
    assert_same(history, tmp_path)
    calls = reading(monkeypatch)
    assert_same(history, tmp_path)
    assert calls == []


def test_after_counting_from_nothing_the_files_are_made_anew(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same(history, tmp_path)
    history.play(LATER)
    rebuild_counts(history.database, ZONE)
    calls = reading(monkeypatch)
    assert_same(history, tmp_path)
    assert calls == ["all", "all"]


def test_another_history_under_the_same_numbers_is_not_taken_for_this_one(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same(history, tmp_path)
    with history.database.write() as connection:
        connection.execute(count_settled.update().values(settled_at=history_start()))
    calls = reading(monkeypatch)
    assert_same(history, tmp_path)
    assert calls == ["all", "all"]


def history_start() -> Any:
    from tests.metrics.histories import START

    return START


def test_without_a_driver_the_frames_come_from_rows(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise OSError("no driver")

    monkeypatch.setattr(followed_frames, "read_arrow", refuse)
    assert_same(history, tmp_path)
