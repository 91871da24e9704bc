"""Restoring into PostgreSQL, and from it: the same studio wherever it was, wholly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from director_lib.config import Settings
from director_lib.delivery.backup import write_backup
from director_lib.delivery.restore import restore_backup
from director_lib.delivery.restore_staging import Staging
from director_lib.domain.people import Role
from director_lib.errors import StorageError
from director_lib.store.migrate import has_tables
from tests.delivery.conftest import Saved
from tests.delivery.studio import Part, elsewhere, files_of, furnish, rewrite, rows_of
from tests.lifecycle.house import House
from tests.postgres import Cluster


@pytest.fixture
def place(postgresql: Cluster, tmp_path: Path) -> Iterator[Settings]:
    """An empty place on PostgreSQL."""
    with postgresql.bare() as url:
        yield elsewhere(tmp_path / "restored").model_copy(update={"database_url": url})


def connect(place: Settings) -> psycopg.Connection[tuple[object, ...]]:
    assert place.database_url is not None
    return psycopg.connect(place.database_url.get_secret_value(), autocommit=True)


def nothing_is_there(place: Settings) -> bool:
    left = [path for path in place.home.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return left == [] and list(place.home.rglob(".restore-*")) == [] and not has_tables(place.database)


def is_restored(place: Settings, original: Settings) -> bool:
    return (
        rows_of(place) == rows_of(original)
        and files_of(place.media_dir / "versions") == files_of(original.media_dir / "versions")
        and files_of(place.streams_root) == files_of(original.streams_root)
        and list(place.home.rglob(".restore-*")) == []
    )


def test_a_studio_moves_from_sqlite_to_postgresql_and_back(
    saved: Saved, place: Settings, tmp_path: Path
) -> None:
    result = restore_backup(saved.file, place)
    assert result.database_name == place.database_name
    assert is_restored(place, saved.settings)
    again = write_backup(place, tmp_path / "again")
    assert again.tables == saved.manifest.tables
    home = elsewhere(tmp_path / "home")
    restore_backup(tmp_path / "again", home)
    assert is_restored(home, saved.settings)


def test_a_studio_moves_from_one_postgresql_database_to_another(
    postgresql: Cluster, place: Settings, tmp_path: Path
) -> None:
    with postgresql.fresh() as url:
        source = elsewhere(tmp_path / "source").model_copy(update={"database_url": url})
        furnish(source).close()
        write_backup(source, tmp_path / "b")
        restore_backup(tmp_path / "b", place)
        assert is_restored(place, source)


def test_a_studio_restored_to_postgresql_can_be_worked_in(saved: Saved, place: Settings) -> None:
    restore_backup(saved.file, place)
    house = House(place)
    assert house.notes("film") == ["about film"]
    house.approve("film")
    assert [decision.seq for decision in house.decisions("film")] == [1, 4]
    [entry] = house.lifecycle().list_trash()
    house.lifecycle().restore(entry.id)
    assert house.notes("draft") == ["about draft"]
    assert house.open_as(Role.ADMIN).people.add("pia", Role.VIEWER).id == 2
    assert house.log_faults() == []
    house.close()


def change_table(name: str, change: Callable[[bytes], bytes]) -> Callable[[Part], list[Part]]:
    return lambda part: [Part(part.name, change(part.data)) if part.name == f"tables/{name}.jsonl" else part]


def test_a_damaged_backup_leaves_nothing(saved: Saved, place: Settings, tmp_path: Path) -> None:
    other = rewrite(saved.file, tmp_path / "b", change_table("decisions", lambda data: data[:-2] + b"!\n"))
    with pytest.raises(StorageError, match="decisions"):
        restore_backup(other, place)
    assert nothing_is_there(place)


def test_rows_that_do_not_fit_leave_nothing(
    saved: Saved, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "director_lib.delivery.restore._lines"
    monkeypatch.setattr(lines, lambda _folder, table: [b'{"id": 1}'] if table == "people" else [])
    with pytest.raises(StorageError, match="people do not fit"):
        restore_backup(saved.file, place)
    assert nothing_is_there(place)


def test_another_number_of_rows_leaves_nothing(
    saved: Saved, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("director_lib.delivery.restore._lines", lambda _folder, _table: [])
    with pytest.raises(StorageError, match="another number"):
        restore_backup(saved.file, place)
    assert nothing_is_there(place)


def test_a_database_with_any_table_is_left_alone(saved: Saved, place: Settings) -> None:
    with connect(place) as connection:
        connection.execute("CREATE TABLE invoices (id int)")
        with pytest.raises(StorageError, match="empty place"):
            restore_backup(saved.file, place)
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() == (1,)
    assert not list(place.home.rglob("*.json"))


class LostPowerError(BaseException):
    """Nothing in the product catches this."""


@pytest.mark.parametrize("is_killed", [True, False])
def test_a_restore_that_ends_before_its_commit_is_as_if_it_never_began(
    saved: Saved, place: Settings, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    publish = Staging.publish

    def publish_and_die(staging: Staging) -> None:
        publish(staging)
        assert (place.streams_root / "film").is_dir()
        raise LostPowerError

    with monkeypatch.context() as patch:
        patch.setattr(Staging, "publish", publish_and_die)
        if is_killed:
            patch.setattr(Staging, "take_back", lambda _staging: None)
        with pytest.raises(LostPowerError):
            restore_backup(saved.file, place)
    assert not has_tables(place.database)
    assert is_killed or nothing_is_there(place)
    restore_backup(saved.file, place)
    assert is_restored(place, saved.settings)


def test_a_commit_that_the_server_refuses_takes_everything_back(
    saved: Saved, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = Staging.publish

    def publish_and_lose_the_server(staging: Staging) -> None:
        publish(staging)
        with connect(place) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid()"
            )

    with monkeypatch.context() as patch:
        patch.setattr(Staging, "publish", publish_and_lose_the_server)
        with pytest.raises(StorageError, match="cannot be reached"):
            restore_backup(saved.file, place)
    assert nothing_is_there(place)


def test_a_server_that_is_not_there_is_named_without_the_password(saved: Saved, empty: Settings) -> None:
    settings = Settings(
        home=empty.home,
        database_url="postgresql://dora:geheim@127.0.0.1:1/review",  # type: ignore[arg-type]
        _env_file=None,
    )
    for action in (lambda: restore_backup(saved.file, settings), lambda: write_backup(settings, saved.file)):
        with pytest.raises(StorageError, match="dora@127.0.0.1:1/review cannot be reached") as refused:
            action()
        assert "geheim" not in refused.value.user_message


def test_there_is_nothing_to_save_in_a_database_without_tables(place: Settings, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="DIRECTOR_DATABASE_URL"):
        write_backup(place, tmp_path / "b")
    assert not has_tables(place.database)
    assert not (tmp_path / "b").exists()
