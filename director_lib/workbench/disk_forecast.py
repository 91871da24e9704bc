"""Measures how fast the version store's disk fills up."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

from director_lib.config import Settings
from director_lib.domain.disk_forecast import GROWTH_DAYS, DiskForecast
from director_lib.errors import StorageError
from director_lib.store.archive_reads import bytes_made_since, find_first_made
from director_lib.store.database import Database


def read_forecast(database: Database, settings: Settings, now: datetime) -> DiskForecast:
    """Say how long the disk of the version store lasts.

    Raises:
        StorageError: The disk cannot be asked.
    """
    folder = settings.media_dir
    with database.read() as connection:
        first_at = find_first_made(connection)
        made_bytes = bytes_made_since(connection, now - timedelta(days=GROWTH_DAYS))
    age_days = 1.0 if first_at is None else max(1.0, (now - first_at) / timedelta(days=1))
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    try:
        usage = shutil.disk_usage(there)
    except OSError as error:
        raise StorageError(
            f"The disk of {there} cannot be asked for its free room ({error.strerror}). Nothing was changed. "
            "Check that it is mounted and readable."
        ) from error
    return DiskForecast(usage.total, usage.free, made_bytes / min(GROWTH_DAYS, age_days))
