"""What is so on SQLite only."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.errors import StorageError
from director_lib.store.database import Database, open_database


@pytest.fixture
def file(tmp_path: Path) -> Database:
    return open_database(tmp_path / "deep" / "director.db")


def test_the_database_is_in_wal_mode_and_keeps_foreign_keys(file: Database) -> None:
    with file.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


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


def test_a_file_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be watched"):
        Database(tmp_path / "nowhere.db").watch()
