"""The file of a large studio's decisions gives the frame that the database gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from director_lib.config import Settings
from director_lib.store import frame_arrow, frame_cache, frames
from director_lib.store.database import Database, open_database
from director_lib.store.frame_queries import (
    DECISIONS,
    DECISIONS_QUERY,
    TASKS,
    TASKS_QUERY,
    VERSIONS,
    VERSIONS_QUERY,
)
from tests.metrics.both_databases import database_kind
from tests.metrics.histories import Event, History

__all__ = ["database_kind"]

BEGIN: list[Event] = [
    ("version", 0, 0, 0),
    ("version", 3, 1, 3),
    ("ask", 0, 0, 0),
    ("start", 0, 1, 0),
    ("end", 0, 0, 0),
    *(("decide", number, 2 * number, 1) for number in range(8)),
    ("undo", 1, 0, 0),
]


@pytest.fixture
def history(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    """A studio that is small, and counts as large."""
    monkeypatch.setattr(frame_cache, "CACHED_FROM", 1)
    database = open_database(settings.database)
    played = History(database)
    played.play(BEGIN)
    yield played
    database.close()


def assert_same(database: Database, folder: Path) -> None:
    found = frame_cache.load_decisions(database, folder)
    with database.read() as connection:
        pd.testing.assert_frame_equal(found, frames.decisions_frame(connection))


def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note how often everything, and how often only what is new, is read."""
    real, calls = frame_arrow.read_arrow, []

    def read(place: Any, query: Any, columns: Any) -> Any:
        calls.append("new" if "BETWEEN" in str(query) else "all")
        return real(place, query, columns)

    monkeypatch.setattr(frame_cache, "read_arrow", read)
    return calls


def test_columns_come_as_rows_do(history: History) -> None:
    for name, query, columns in (
        ("decisions", DECISIONS_QUERY, DECISIONS),
        ("versions", VERSIONS_QUERY, VERSIONS),
        ("tasks", TASKS_QUERY, TASKS),
    ):
        quick = frame_arrow.to_frame(frame_arrow.read_arrow(history.database.place, query, columns), columns)
        with history.database.read() as connection:
            slow = getattr(frames, f"{name}_frame")(connection)[list(columns)]
        pd.testing.assert_frame_equal(quick, slow, obj=name)


def test_only_what_is_new_is_read(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = reading(monkeypatch)
    assert_same(history.database, tmp_path)
    assert_same(history.database, tmp_path)
    assert calls == ["all"]
    history.play([("decide", 1, 4, 0), ("undo", 0, 0, 0), ("undo", 7, 0, 0), ("redo", 0, 0, 0)])
    assert_same(history.database, tmp_path)
    history.play([("decide", 1, 5, 0), ("undo", 2, 0, 0)])
    assert_same(history.database, tmp_path)
    assert calls == ["all", "new", "new"]


def test_a_file_takes_in_what_is_new_once_that_is_much(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same(history.database, tmp_path)
    monkeypatch.setattr(frame_cache, "_ADDED_AT_MOST", 0)
    calls = reading(monkeypatch)
    history.play([("decide", 1, 4, 0), ("undo", 3, 0, 0)])
    assert_same(history.database, tmp_path)
    assert_same(history.database, tmp_path)
    assert calls == ["new"]


@pytest.mark.parametrize("change", [[("quorum", 0, 1, 0)], [("rename", 0, 0, 0)]])
def test_a_stream_that_changed_is_read_anew(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Sequence[Event]
) -> None:
    assert_same(history.database, tmp_path)
    calls = reading(monkeypatch)
    history.play(change)
    assert_same(history.database, tmp_path)
    assert calls == ["all"]


def test_another_history_is_read_anew(history: History, tmp_path: Path) -> None:
    assert_same(history.database, tmp_path)
    other = History(history.database)
    other.play([*BEGIN, ("decide", 3, 3, 3)])
    assert_same(other.database, tmp_path)


def test_a_broken_file_is_made_anew(history: History, tmp_path: Path) -> None:
    assert_same(history.database, tmp_path)
    (tmp_path / "decisions.arrow").write_bytes(b"ARROW1 and no more")
    assert_same(history.database, tmp_path)


def test_a_driver_that_makes_nothing_of_it_leaves_the_rows(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_what: object) -> None:
        raise OSError("Type mismatch in column 1: expected INT64 but got STRING/BINARY")

    monkeypatch.setattr(frame_cache, "read_arrow", refuse)
    assert_same(history.database, tmp_path)


def test_what_was_read_may_be_changed_without_changing_the_file(history: History, tmp_path: Path) -> None:
    assert_same(history.database, tmp_path)
    found = frame_cache.load_decisions(history.database, tmp_path)
    found.loc[0, "attempt"] = 99
    found.loc[0, "note"] = "mine"
    assert_same(history.database, tmp_path)
