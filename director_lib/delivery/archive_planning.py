"""What would be archived now."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from director_lib.domain.archive_policy import ArchivePlan, FileKey, plan_archive
from director_lib.media.files import VersionFiles, hash_file
from director_lib.store.archive_reads import list_holds, list_old_versions
from director_lib.store.database import Database


def read_plan(database: Database, files: VersionFiles, keep_newest: int) -> ArchivePlan:
    """Say what would be archived now: what may go and is here."""
    with database.read() as connection:
        plan = plan_archive(list_old_versions(connection), list_holds(connection), keep_newest=keep_newest)
    return ArchivePlan(tuple(item for item in plan.items if files.path(*item.key).is_file()), plan.held)


def may_go(connection: sa.Connection, key: FileKey, keep_newest: int) -> bool:
    """Tell whether one file may go, as the caller's transaction sees it."""
    same_assets, held = list_old_versions(connection, key), list_holds(connection, key)
    plan = plan_archive(same_assets, held, keep_newest=keep_newest)
    return any(item.key == key for item in plan.items)


def find_digest(path: Path) -> str | None:
    """Return a file's digest; None when it cannot be read."""
    try:
        return hash_file(path)
    except OSError:
        return None
