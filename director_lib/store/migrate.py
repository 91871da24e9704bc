"""Bringing the schema up to date with Alembic, once per process start and quickly when nothing is to do."""

from __future__ import annotations

from pathlib import Path

import filelock
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from director_lib.errors import StorageError
from director_lib.store.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Upgrade the database to the newest schema; does nothing when it is there already.

    Raises:
        StorageError: The database was made by a newer release, or cannot be written.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    if current_revision(database) == head:
        return
    with filelock.FileLock(f"{database.path}.migrate.lock", timeout=60):
        found = current_revision(database)
        if found == head:
            return
        known = {script.revision for script in scripts.walk_revisions()}
        if found is not None and found not in known:
            raise StorageError(
                f"{database.path} was made by a newer release (schema {found}). Nothing was changed. "
                "Install that release, or point DIRECTOR_DB_PATH to another file."
            )
        with database.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def current_revision(database: Database) -> str | None:
    """Return the schema revision that the database is at, or None for an empty one."""
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return MigrationContext.configure(connection).get_current_revision()
