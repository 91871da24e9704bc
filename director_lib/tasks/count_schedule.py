"""What a worker does for the counts: settling, building ahead, and the nightly comparison.

What takes more than a moment runs in a process of its own, which gives its memory back and stands behind all
others. A worker that has nothing to do asks two small questions now and then.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from datetime import datetime, timedelta

from director_lib.config import Settings
from director_lib.errors import DirectorError
from director_lib.store.advice_reads import newest_decision_seq
from director_lib.store.count_building import find_count_state
from director_lib.store.database import Database, open_database
from director_lib.tasks.budget import start_of_day

_log = logging.getLogger("director.worker")
_AT_NIGHT = timedelta(hours=3)
_HOUR = timedelta(hours=1)
_LONG = 2_000
_NICE = 10


def is_due(settings: Settings, database: Database, now: datetime) -> bool:
    """Tell whether something is to be counted or compared.

    A long history that was never counted by the studio's time zone is due at once; a short one is counted by
    the page that asks for it, before one would notice. What was counted is compared once a night at three
    o'clock of that zone; a worker that starts later catches up.

    Raises:
        ConfigError: The configured time zone does not exist.
        StorageError: The database cannot be asked now.
    """
    with database.read() as connection:
        state, is_long = find_count_state(connection), newest_decision_seq(connection) >= _LONG
    if state is None or not state.is_complete or state.time_zone != settings.time_zone:
        return is_long
    last_night = _last_night(settings, now)
    if state.checked_at is None:
        return is_long or now < last_night + _HOUR
    return state.checked_at < last_night


def look_after(settings: Settings, database: Database, now: datetime) -> bool:
    """Count what is not counted; when it was counted before, compare, and count anew what differs.

    Returns:
        Whether the counts were right, as far as they were compared.

    Raises:
        InputError: The configured time zone does not exist.
        StorageError: The database cannot be used now.
    """
    from director_lib.metrics.trend import studio_zone
    from director_lib.store.count_settling import forget_settled
    from director_lib.store.followed_frames import load_tasks, load_versions
    from director_lib.store.frame_cache import freshen_frames
    from director_lib.tasks.counting import check_counts

    zone = studio_zone(settings.time_zone).key
    found = check_counts(database, zone, now, may_rebuild=True)
    for each in found.differences:
        _log.error(
            "the counts were wrong and were counted anew: %s, %s rows, %s",
            each.table,
            each.n_rows,
            each.example,
        )
    folder = settings.data_dir / "cache" / "insight"
    if freshen_frames(database, folder):
        load_versions(database, folder)
        load_tasks(database, folder)
    with database.write() as connection:
        forget_settled(connection)
    return found.is_right


def look_after_apart(settings: Settings) -> None:
    """Do that in a process of its own; it ends when this one does. Why it failed is in the log."""
    process = multiprocessing.get_context("spawn").Process(target=_here, args=(settings,), daemon=False)
    process.start()
    process.join()
    if process.exitcode:
        _log.warning("the counts could not be compared (exit code %s); trying again later", process.exitcode)


def _here(settings: Settings) -> None:
    from director_lib.tasks.leash import tie_to_worker
    from director_lib.tasks.workshop import utc_now

    tie_to_worker()
    os.nice(_NICE)
    database = open_database(settings.database)
    try:
        # another worker may have been quicker
        if is_due(settings, database, utc_now()):
            look_after(settings, database, utc_now())
    except DirectorError as error:
        _log.warning("the counts could not be compared: %s", error)
    finally:
        database.close()


def _last_night(settings: Settings, now: datetime) -> datetime:
    today = start_of_day(settings, now) + _AT_NIGHT
    return today if today <= now else start_of_day(settings, now - timedelta(days=1)) + _AT_NIGHT
