"""Archiving once a day, at the time that is configured."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.stream_task import ARCHIVE
from director_lib.store.database import Database
from director_lib.store.stream_tasks import NewStreamTask, enqueue_stream_task, list_stream_tasks
from director_lib.tasks.budget import start_of_day

SCHEDULE = "schedule"
"""The author of what nobody in particular asked for."""

_LATE = timedelta(hours=6)
_LOOKED_AT = 50


def queue_if_due(settings: Settings, database: Database, now: datetime) -> bool:
    """Queue the day's archiving when its time has come and it was not queued yet.

    A worker that starts late catches up within six hours; after that it waits for the next day.

    Returns:
        Whether it was queued.

    Raises:
        ConfigError: The configured time zone does not exist.
        StorageError: The database cannot be asked now.
    """
    due_at = find_due(settings, now)
    if due_at is None:
        return False
    with database.read() as connection:
        if _is_queued(connection, due_at):
            return False
    with database.write() as connection:
        # another worker may have been quicker
        if _is_queued(connection, due_at):
            return False
        wanted = {"keep": settings.archive_keep}
        new = NewStreamTask(uuid.uuid4().hex, ARCHIVE, None, wanted, SCHEDULE, now)
        return enqueue_stream_task(connection, new)[1]


def find_due(settings: Settings, now: datetime) -> datetime | None:
    """Return since when today's archiving is due; None when it is not, or nothing is configured."""
    if not settings.archive_at or not settings.archive_url:
        return None
    hours, minutes = map(int, settings.archive_at.split(":"))
    for day in (now, now - timedelta(days=1)):
        due_at = start_of_day(settings, day) + timedelta(hours=hours, minutes=minutes)
        if due_at <= now < due_at + _LATE:
            return due_at
    return None


def _is_queued(connection: sa.Connection, due_at: datetime) -> bool:
    newest = list_stream_tasks(connection, kinds=(ARCHIVE,), limit=_LOOKED_AT)
    return any(task.author == SCHEDULE and task.queued_at >= due_at for task in newest)
