"""Moving old versions into an archive and back; a file leaves only when its copy was read back."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from director_lib.delivery.archive_place import ArchivePlace
from director_lib.delivery.archive_planning import find_digest, may_go, read_plan
from director_lib.delivery.archive_trash import Trash, Trashed
from director_lib.domain.archive_policy import ArchiveItem, FileKey
from director_lib.errors import StorageError
from director_lib.media.files import VersionFiles, hash_file
from director_lib.media.thumbnails import prepare_thumbnails
from director_lib.store.archived_files import (
    ArchivedFile,
    list_archived,
    list_copies,
    mark_here,
    mark_purged,
    mark_trashed,
    mark_verified,
    record_archived,
)
from director_lib.store.database import Database
from director_lib.store.events import record_event

Tell = Callable[[str, float], None]
"""Called with what is being done and how far it is, from 0 to 100."""
Clock = Callable[[], datetime]
"""Gives the present instant, aware, in UTC."""

_log = logging.getLogger("director.archive")


@dataclass
class MoveReport:
    """What a run did.

    Attributes:
        n_files: Files that were moved.
        left: Files that had got a reason to stay meanwhile.
        troubles: Why others could not be moved, one sentence each; they are where they were.
    """

    n_files: int = 0
    size_bytes: int = 0
    left: int = 0
    troubles: list[str] = field(default_factory=list)


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def archive_name(key: FileKey) -> str:
    """Return what a version file is called in an archive."""
    return f"versions/{key[0][:2]}/{key[0]}{key[1]}"


class ArchiveMover:
    """Everything that moves version files between the version store, the trash and one archive."""

    def __init__(
        self,
        database: Database,
        files: VersionFiles,
        place: ArchivePlace,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._files = files
        self._place = place
        self._trash = Trash(files)
        self._clock = clock

    def archive(self, keep_newest: int, actor: str, tell: Tell) -> MoveReport:
        """Move everything that may go; one file that fails stops none of the others.

        Raises:
            StorageError: The archive cannot be used at all. Nothing was moved.
        """
        self._check()
        plan = read_plan(self._database, self._files, keep_newest)
        report, done_bytes = MoveReport(), 0
        for number, item in enumerate(plan.items, 1):
            words = f"file {number} of {len(plan.items)}"
            before_bytes = done_bytes

            def told(sent: int, words: str = words, before: int = before_bytes) -> None:
                tell(f"sending {words}", 100 * (before + sent) / max(1, plan.size_bytes))

            try:
                is_gone = self._move(item, keep_newest, actor, told)
            except StorageError as error:
                _log.warning("%s stays: %s", archive_name(item.key), error)
                report.troubles.append(error.user_message)
            else:
                report.n_files += is_gone
                report.size_bytes += item.size_bytes if is_gone else 0
                report.left += not is_gone
            done_bytes += item.size_bytes
        self._record("archived_versions", actor, report)
        return report

    def bring_back(self, keys: list[FileKey], actor: str, tell: Tell) -> MoveReport:
        """Bring files back into the version store; their copies in the archive stay.

        One that cannot be brought back stops none of the others.
        """
        report = MoveReport()
        for number, key in enumerate(keys, 1):
            tell(f"bringing back file {number} of {len(keys)}", 100 * (number - 1) / len(keys))
            try:
                size_bytes = self._bring_back(key)
            except StorageError as error:
                report.troubles.append(error.user_message)
            else:
                report.n_files += 1
                report.size_bytes += size_bytes
        self._record("brought_back_versions", actor, report)
        return report

    def verify(self, tell: Tell) -> MoveReport:
        """Read every copy in this archive and compare its digest; nothing is changed."""
        self._check()
        with self._database.read() as connection:
            files = [file for file in list_archived(connection) if file.place == self._place.url]
        report = MoveReport()
        for number, file in enumerate(files, 1):
            tell(f"reading file {number} of {len(files)}", 100 * (number - 1) / len(files))
            try:
                trouble = self._find_trouble(file.name, file.sha256)
            except StorageError as error:
                trouble = error.user_message
            if trouble:
                report.troubles.append(trouble)
                continue
            with self._database.write() as connection:
                mark_verified(connection, file, self._clock())
            report.n_files += 1
            report.size_bytes += file.size_bytes
        return report

    def empty_trash(self, days: int) -> MoveReport:
        """Remove what has been in the trash for so many days and is whole in the archive."""
        report = MoveReport()
        due = self._trash.list_due(self._clock(), days)
        if due:
            self._check()
        for trashed in due:
            try:
                if self._may_be_removed(trashed):
                    size_bytes = trashed.path.stat().st_size
                    with self._database.write() as connection:
                        mark_purged(connection, trashed.key, self._clock())
                    self._trash.remove(trashed)
                    report.n_files += 1
                    report.size_bytes += size_bytes
                else:
                    report.left += 1
            except StorageError as error:
                report.troubles.append(error.user_message)
        return report

    def _move(self, item: ArchiveItem, keep_newest: int, actor: str, sent: Callable[[int], None]) -> bool:
        """Move one file; False when it has got a reason to stay meanwhile."""
        source, name = self._files.path(*item.key), archive_name(item.key)
        if find_digest(source) != item.key[0]:
            raise StorageError(
                f"{source.name} is damaged in the version store and was not archived. Look with “director "
                "doctor --verify-files” and bring it back from a backup."
            )
        self._send(item, source, name, sent)
        now = self._clock()
        copy = ArchivedFile(*item.key, item.size_bytes, self._place.url, name, actor, now, now)
        with self._database.write() as connection:
            # somebody may have chosen it while it was being sent
            if not may_go(connection, item.key, keep_newest):
                record_archived(connection, copy)
                return False
            record_archived(connection, copy)
            mark_trashed(connection, item.key, now)
        # it will be looked for among the others, by its picture
        prepare_thumbnails(self._files, *item.key)
        self._trash.throw(item.key, now)
        self._look_again(item, keep_newest)
        return True

    def _look_again(self, item: ArchiveItem, keep_newest: int) -> None:
        """Put a file back that was chosen in the instant in which it was moved."""
        with self._database.read() as connection:
            is_old = may_go(connection, item.key, keep_newest)
        if not is_old and self._trash.put_back(item.key):
            with self._database.write() as connection:
                mark_here(connection, item.key)

    def _send(self, item: ArchiveItem, source: Path, name: str, sent: Callable[[int], None]) -> None:
        """Have a right copy in the archive; a wrong one is sent once more."""
        trouble = ""
        for _ in range(2):
            if self._place.find_size(name) != item.size_bytes:
                self._place.put(name, source, sent)
            trouble = self._find_trouble(name, item.key[0])
            if not trouble:
                return
            self._place.remove(name)
        raise StorageError(trouble)

    def _find_trouble(self, name: str, sha256: str) -> str:
        """Read a copy back; say what is wrong with it, nothing when it is right."""
        digest = hashlib.sha256()
        for chunk in self._place.read(name):
            digest.update(chunk)
        if digest.hexdigest() == sha256:
            return ""
        return (
            f"The copy of {name} in the archive {self._place.url} has other bytes than it should. What is "
            "here was not touched."
        )

    def _bring_back(self, key: FileKey) -> int:
        path = self._files.path(*key)
        if find_digest(path) != key[0] and not self._from_trash(key):
            self._fetch(key)
        with self._database.write() as connection:
            mark_here(connection, key)
        return path.stat().st_size

    def _from_trash(self, key: FileKey) -> bool:
        return self._trash.put_back(key) and find_digest(self._files.path(*key)) == key[0]

    def _fetch(self, key: FileKey) -> None:
        """Get a file from the archive, going on after what an earlier try got."""
        with self._database.read() as connection:
            everywhere = list_copies(connection, key)
        copies = [copy for copy in everywhere if copy.place == self._place.url]
        if not copies:
            known = everywhere[0].place if everywhere else "no archive that is known"
            raise StorageError(
                f"{key[0][:12]}{key[1]} is not in the archive {self._place.url} but in {known}. Nothing was "
                "changed. Name that archive: director archive bring-back … --to."
            )
        half = self._files.root / "incoming" / f"{key[0]}{key[1]}.part"
        try:
            half.parent.mkdir(parents=True, exist_ok=True)
            if half.is_file() and half.stat().st_size > copies[0].size_bytes:
                half.unlink()
            with half.open("ab") as target:
                for chunk in self._place.read(copies[0].name, target.tell()):
                    target.write(chunk)
            if hash_file(half) != key[0]:
                half.unlink()
                raise StorageError(
                    f"The copy of {key[0][:12]}{key[1]} in the archive {self._place.url} is damaged. Nothing "
                    "was changed. Try again, or bring it back from a backup."
                )
            self._files.add(half, key[1])
            half.unlink()
        except OSError as error:
            raise StorageError(
                f"{key[0][:12]}{key[1]} could not be brought back ({error.strerror}). Its copy in the "
                "archive is safe. Make room, then try again."
            ) from error

    def _may_be_removed(self, trashed: Trashed) -> bool:
        with self._database.read() as connection:
            copies = list_copies(connection, trashed.key)
        here = [copy for copy in copies if copy.place == self._place.url and copy.trashed_at is not None]
        return any(self._place.find_size(copy.name) == trashed.path.stat().st_size for copy in here)

    def _check(self) -> None:
        with self._database.read() as connection:
            is_known = any(file.place == self._place.url for file in list_archived(connection))
        self._place.check(is_known=is_known)

    def _record(self, verb: str, actor: str, report: MoveReport) -> None:
        if not report.n_files:
            return
        details = {"files": report.n_files, "size_bytes": report.size_bytes, "place": self._place.url}
        with self._database.write() as connection:
            record_event(connection, verb, actor, self._clock(), details=details)
