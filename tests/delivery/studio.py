"""Studios to save and to restore to, and backups that somebody has changed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from director_lib.config import Settings, load_settings
from director_lib.domain.people import Role
from director_lib.store.database import Database, open_database
from director_lib.store.tables import metadata
from director_lib.workbench.people import People
from tests.lifecycle.house import House

PASSWORD = "calm unrelated words"


def furnish(settings: Settings) -> House:
    """Make a studio with two streams, one in the trash, a link, decisions, and somebody who may sign in."""
    house = House(settings)
    for stream_id, color in (("film", "navy"), ("sequel", "teal"), ("draft", "olive")):
        house.make(stream_id, color)
        house.approve(stream_id, f"about {stream_id}")
    house.lifecycle().trash("draft", "shot twice")
    (house.root / "alias").symlink_to("film")
    people = People(house.open_as(Role.ADMIN).studio.database)
    people.add("dora", Role.DIRECTOR, PASSWORD)
    people.sign_in("dora", PASSWORD)
    return house


def elsewhere(folder: Path) -> Settings:
    """Settings of an empty place."""
    return load_settings(home=folder, local_pace_s=0.0, _env_file=None)


def rows_of(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table of a studio as it is stored, but sessions."""
    database = open_database(settings.database)
    try:
        return rows_in(database)
    finally:
        database.close()


def rows_in(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table as it is stored, but sessions; the same from every database."""
    with database.read() as connection:
        return {
            table.name: _raw(connection, table)
            for table in metadata.sorted_tables
            if table.name != "sessions"
        }


def _raw(connection: sa.Connection, table: sa.Table) -> list[tuple[Any, ...]]:
    columns = ", ".join(
        f"CAST({column.name} AS TEXT)" if isinstance(column.type, sa.JSON) else column.name
        for column in table.columns
    )
    keys = [list(table.columns).index(column) for column in table.primary_key.columns]
    rows = [tuple(row) for row in connection.exec_driver_sql(f"SELECT {columns} FROM {table.name}")]  # noqa: S608
    return sorted(rows, key=lambda row: tuple(row[key] for key in keys))


def files_of(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, but locks and what the database keeps beside itself."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix != ".lock"
    }


@dataclass(frozen=True)
class Part:
    """One member of a backup."""

    name: str
    data: bytes


def rewrite(source: Path, target: Path, change: Callable[[Part], list[Part]]) -> Path:
    """Write a backup anew with each member replaced by what ``change`` gives; the ZIP itself is sound."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            for part in change(Part(name, before.read(name))):
                after.writestr(part.name, part.data)
    return target
