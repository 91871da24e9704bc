"""Bringing the schema up to date with Alembic, once per process start and quickly when nothing is to do."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from director_lib.errors import StorageError
from director_lib.store.database import Database, Place

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Upgrade the database to the newest schema; does nothing when it is there already.

    Raises:
        StorageError: The database was made by a newer release, or cannot be written.
    """
    head = _head()
    if current_revision(database) == head:
        return
    with database.migration_lock():
        found = current_revision(database)
        if found == head:
            return
        if found is not None and found not in known_revisions():
            raise StorageError(
                f"{database.name} was made by a newer release (schema {found}). Nothing was changed. "
                f"Install that release, or point {database.setting} to another database."
            )
        with database.write() as connection:
            upgrade_to(connection, "head")


def upgrade_to(connection: sa.Connection, revision: str) -> None:
    """Upgrade to one schema, in the caller's transaction, which must be a writing one."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def known_revisions() -> set[str]:
    """Return the schemas that this release knows."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def current_revision(database: Database) -> str | None:
    """Return the schema revision that the database is at, or None for an empty one."""
    with database.read() as connection:
        return find_revision(connection)


def find_revision(connection: sa.Connection) -> str | None:
    """Find the schema revision that the connection sees; None in an empty database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return MigrationContext.configure(connection).get_current_revision()


def has_tables(place: Place) -> bool:
    """Tell whether there is any table in a database; a file that does not exist is made.

    Raises:
        StorageError: The database cannot be reached.
    """
    database = Database(place)
    try:
        with database.read() as connection:
            return bool(sa.inspect(connection).get_table_names())
    finally:
        database.close()


@cache
def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
