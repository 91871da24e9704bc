"""The archive of old versions: what would go, moving it, bringing it back, and how full the disk is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from director_lib.archive_settings import check_archive_url
from director_lib.delivery.archive_jobs import open_mover
from director_lib.delivery.archive_moving import ArchiveMover, MoveReport
from director_lib.delivery.archive_planning import read_plan
from director_lib.delivery.archive_trash import Trash
from director_lib.domain.archive_policy import ArchivePlan, FileKey
from director_lib.domain.disk_forecast import DiskForecast
from director_lib.domain.people import Action
from director_lib.domain.stream_task import ARCHIVE, BRING_BACK, StreamTask
from director_lib.domain.version import Version
from director_lib.errors import ConfigError, InputError
from director_lib.store.archived_files import ArchivedFile, find_away, list_archived, sum_archived
from director_lib.store.versions import get_version
from director_lib.workbench.disk_forecast import read_forecast
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.studio import Studio

Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class ArchiveGauge:
    """How full the disk and the archive are.

    Attributes:
        url: Where old versions go; "" when nothing is configured.
        at: Time of day at which the worker archives; "" for never.
        trash_bytes: What the trash holds and will give back.
    """

    url: str
    keep: int
    at: str
    disk: DiskForecast
    archived_files: int
    archived_bytes: int
    trash_bytes: int


class Archive:
    """Keeps the newest versions and everything that counts here, and the rest in the archive."""

    def __init__(self, studio: Studio, stream_tasks: StreamTasks) -> None:
        self._studio = studio
        self._tasks = stream_tasks

    def plan(self, keep: int | None = None) -> ArchivePlan:
        """Say what would be archived now, without touching anything.

        Args:
            keep: How many of an asset's newest versions stay; as configured when None.

        Raises:
            InputError: ``keep`` is less than 1.
        """
        self._studio.require(Action.VIEW)
        return read_plan(self._studio.database, self._studio.files, self._checked_keep(keep))

    def start(self, keep: int | None = None) -> StreamTask:
        """Have the worker archive what may go.

        Raises:
            PermissionDeniedError: The actor may not.
            ConfigError: No archive is configured.
        """
        self._studio.require(Action.RUN_BATCH)
        self._require_place()
        return self._tasks.queue(ARCHIVE, None, {"keep": self._checked_keep(keep)})

    def run(self, tell: Tell, *, keep: int | None = None, url: str = "") -> MoveReport:
        """Archive what may go, here and now, and empty the trash of what was there long enough.

        Args:
            url: Another archive than the configured one.

        Raises:
            PermissionDeniedError: The actor may not.
            ConfigError: No archive is configured, or its key or library is missing.
            RuleError: The archive is at work already.
            StorageError: The archive cannot be used. Nothing was moved.
        """
        self._studio.require(Action.RUN_BATCH)
        with self._mover(url) as mover:
            report = mover.archive(self._checked_keep(keep), self._studio.actor.username, tell)
            report.troubles += mover.empty_trash(self._studio.settings.archive_trash_days).troubles
            return report

    def verify(self, tell: Tell, *, url: str = "") -> MoveReport:
        """Read every copy in the archive and compare its digest.

        Raises:
            DirectorError: As for ``run``.
        """
        self._studio.require(Action.RUN_BATCH)
        with self._mover(url) as mover:
            return mover.verify(tell)

    def list(self) -> _Files:
        """Return what lies in archives, the latest first."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_archived(connection)

    def bring_back(self, version_ids: Collection[int]) -> StreamTask:
        """Have the worker bring versions' files back.

        Raises:
            PermissionDeniedError: The actor may not.
            NotFoundError: There is no such version.
            InputError: None of them is in the archive only.
            ConfigError: No archive is configured.
        """
        self._studio.require(Action.GENERATE)
        self._require_place()
        files = [list(key) for key in self._away_keys(version_ids)]
        return self._tasks.queue(BRING_BACK, None, {"files": files})

    def bring_back_now(self, version_ids: Collection[int], tell: Tell, *, url: str = "") -> MoveReport:
        """Bring versions' files back, here and now.

        Raises:
            DirectorError: As for ``bring_back`` and ``run``.
        """
        self._studio.require(Action.GENERATE)
        keys = self._away_keys(version_ids)
        with self._mover(url) as mover:
            return mover.bring_back(keys, self._studio.actor.username, tell)

    def is_away(self, version: Version) -> bool:
        """Tell whether a version's file lies in the archive and no longer here."""
        with self._studio.database.read() as connection:
            if not find_away(connection, [version.sha256]):
                return False
        return not self._studio.files.path(version.sha256, version.extension).is_file()

    def runs(self, limit: int = 10) -> _Tasks:
        """Return the last runs that the worker made or will make, the latest first."""
        return self._tasks.list(kinds=(ARCHIVE, BRING_BACK), limit=limit)

    def gauge(self) -> ArchiveGauge:
        """Say how full disk and archive are."""
        self._studio.require(Action.VIEW)
        settings = self._studio.settings
        with self._studio.database.read() as connection:
            archived_files, archived_bytes = sum_archived(connection)
        return ArchiveGauge(
            url=settings.archive_url,
            keep=settings.archive_keep,
            at=settings.archive_at,
            disk=self.forecast(),
            archived_files=archived_files,
            archived_bytes=archived_bytes,
            trash_bytes=sum(_size(one.path) for one in Trash(self._studio.files).files()),
        )

    def forecast(self) -> DiskForecast:
        """Say how long the disk of the version store lasts.

        Raises:
            StorageError: The disk cannot be asked.
        """
        studio = self._studio
        return read_forecast(studio.database, studio.settings, studio.clock())

    def _mover(self, url: str) -> AbstractContextManager[ArchiveMover]:
        return open_mover(self._studio.settings, _checked_url(url), clock=self._studio.clock)

    def _away_keys(self, version_ids: Collection[int]) -> _Keys:
        with self._studio.database.read() as connection:
            versions = [get_version(connection, version_id) for version_id in version_ids]
        keys = sorted({(one.sha256, one.extension) for one in versions if self.is_away(one)})
        if not keys:
            raise InputError("None of these versions is in the archive only; their files are here.")
        return keys

    def _checked_keep(self, keep: int | None) -> int:
        if keep is None:
            return self._studio.settings.archive_keep
        if keep < 1:
            raise InputError("At least the newest version of each still and clip stays: keep 1 or more.")
        return keep

    def _require_place(self) -> None:
        if not self._studio.settings.archive_url:
            raise ConfigError(
                "No archive is configured, so nothing was moved. Set DIRECTOR_ARCHIVE_URL, for example to "
                "file:///mnt/nas/film-archive, and start the workbench again."
            )


def _checked_url(url: str) -> str:
    try:
        if url:
            check_archive_url(url)
    except ValueError as error:
        raise InputError(f"That is no archive: {error}.") from error
    return url


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


_Files = list[ArchivedFile]
_Tasks = list[StreamTask]
_Keys = list[FileKey]
