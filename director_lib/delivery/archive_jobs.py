"""Archiving, verifying and bringing back, as the worker and the command line carry them out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from director_lib.delivery.archive_moving import ArchiveMover, Clock, MoveReport, utc_now
from director_lib.delivery.archive_place import open_place
from director_lib.errors import RuleError, StorageError
from director_lib.media.files import VersionFiles
from director_lib.store.database import open_database

if TYPE_CHECKING:
    from director_lib.config import Settings
    from director_lib.domain.stream_task import StreamJob, StreamNews

_LOCK = ".archive.lock"


@contextmanager
def open_mover(settings: Settings, url: str = "", *, clock: Clock = utc_now) -> Iterator[ArchiveMover]:
    """Open the archive for one run; two runs of one studio never move files at the same time.

    Raises:
        ConfigError: No archive is configured.
        RuleError: Another run is under way.
    """
    place = open_place(settings, url)
    lock = FileLock(settings.beside(_LOCK))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise RuleError(
            "The archive is at work already. Nothing was changed; wait until it is done."
        ) from error
    database = open_database(settings.database)
    try:
        yield ArchiveMover(database, VersionFiles(settings.media_dir), place, clock=clock)
    finally:
        database.close()
        place.close()
        lock.release()


def archive(job: StreamJob, news: StreamNews) -> dict[str, Any]:
    """Archive what may go, then empty the trash of what has been there long enough."""
    settings = job.settings
    keep = int(job.parameters.get("keep", settings.archive_keep))
    with open_mover(settings) as mover:
        moved = mover.archive(keep, job.author, news.progress)
        emptied = mover.empty_trash(settings.archive_trash_days)
    return _outcome(moved, news) | {"emptied_files": emptied.n_files, "emptied_bytes": emptied.size_bytes}


def bring_back(job: StreamJob, news: StreamNews) -> dict[str, Any]:
    """Bring version files back from the archive."""
    keys = [(str(sha256), str(extension)) for sha256, extension in job.parameters["files"]]
    with open_mover(job.settings) as mover:
        return _outcome(mover.bring_back(keys, job.author, news.progress), news)


def _outcome(report: MoveReport, news: StreamNews) -> dict[str, Any]:
    """Return what was done; fail when nothing was and there was trouble."""
    for trouble in report.troubles:
        news.line(trouble)
    if report.troubles and not report.n_files:
        more = len(report.troubles) - 1
        raise StorageError(report.troubles[0] + (f" ({more} more are in the task's lines.)" if more else ""))
    return {**asdict(report), "troubles": len(report.troubles)}
