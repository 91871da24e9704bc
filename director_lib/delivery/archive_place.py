"""Where old versions are archived: what every place can do, and the folder as the simplest one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from director_lib.delivery.disk import sync_file, sync_folder
from director_lib.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from director_lib.config import Settings

PART_BYTES = 8 << 20
Sent = Callable[[int], None]
"""Told how many bytes of a file have arrived."""

_MARK = "director-archive.json"


class ArchivePlace(Protocol):
    """An archive: files by name, which never change once they are whole."""

    @property
    def url(self) -> str:
        """Its address, which holds no secret."""
        ...

    def check(self, *, is_known: bool) -> None:
        """Make sure that it can be used.

        Args:
            is_known: Whether something was archived there before.

        Raises:
            StorageError: It cannot be reached, or is not the archive that it was.
        """
        ...

    def find_size(self, name: str) -> int | None:
        """Return the size of a whole file there, or None."""
        ...

    def put(self, name: str, source: Path, sent: Sent) -> None:
        """Send a file; what arrived in an earlier, interrupted try is not sent again.

        Raises:
            StorageError: It did not arrive. What arrived so far is kept for the next try.
        """
        ...

    def read(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """Read a file back from there, from an offset on.

        Raises:
            StorageError: It is not there or cannot be read.
        """
        ...

    def remove(self, name: str) -> None:
        """Remove a copy that turned out to be damaged; nothing when it is not there."""
        ...

    def close(self) -> None:
        """End its connections."""
        ...


def open_place(settings: Settings, url: str = "") -> ArchivePlace:
    """Open the archive at an address; the configured one without any.

    Raises:
        ConfigError: No archive is configured, or what it needs is not installed or not set.
    """
    url = url or settings.archive_url
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderPlace(Path(unquote(parts.path)))
    # each is loaded on first use: most studios have one of them or none
    if parts.scheme == "s3":
        from director_lib.delivery.archive_s3 import open_s3

        return open_s3(parts.netloc, parts.path.strip("/"))
    if parts.scheme == "gdrive":
        from director_lib.delivery.archive_drive import open_drive

        return open_drive(settings, parts.netloc)
    raise ConfigError(
        "No archive is configured. Set DIRECTOR_ARCHIVE_URL, for example to file:///mnt/nas/film-archive, "
        "s3://bucket/prefix or gdrive://folder-id."
    )


class FolderPlace:
    """A folder, usually on another disk or on the network; it has to exist already."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def url(self) -> str:
        """Its address."""
        return self._root.as_uri()

    def check(self, *, is_known: bool) -> None:
        """Refuse a folder that is not there, or that lost its mark: its disk may not be mounted."""
        mark = self._root / _MARK
        if not self._root.is_dir() or (is_known and not mark.is_file()):
            raise StorageError(
                f"The archive {self._root} is not there, or is not the one that was used before "
                f"({_MARK} is missing). Nothing was changed. Look whether its disk is mounted; a new archive "
                "has to be an existing folder."
            )
        try:
            if not mark.is_file():
                mark.write_text(json.dumps({"archive": "director-workbench"}) + "\n")
                sync_folder(self._root)
        except OSError as error:
            raise self._refused(error) from error

    def find_size(self, name: str) -> int | None:
        """Return a file's size, or None."""
        try:
            return (self._root / name).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._refused(error) from error

    def put(self, name: str, source: Path, sent: Sent) -> None:
        """Copy a file, going on after what an earlier try copied."""
        target = self._root / name
        half = target.with_name(f"{target.name}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as origin, half.open("ab") as copy:
                done = copy.tell()
                if done > source.stat().st_size:
                    copy.truncate(0)
                    done = 0
                origin.seek(done)
                while chunk := origin.read(PART_BYTES):
                    copy.write(chunk)
                    done += len(chunk)
                    sent(done)
            sync_file(half)
            half.replace(target)
            sync_folder(target.parent)
        except OSError as error:
            raise self._refused(error) from error

    def read(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """Read a file."""
        try:
            with (self._root / name).open("rb") as file:
                _forget_cached(file.fileno())
                file.seek(offset)
                while chunk := file.read(PART_BYTES):
                    yield chunk
        except OSError as error:
            raise self._refused(error) from error

    def remove(self, name: str) -> None:
        """Remove a file."""
        try:
            (self._root / name).unlink(missing_ok=True)
        except OSError as error:
            raise self._refused(error) from error

    def close(self) -> None:
        """Do nothing: a folder has no connection."""

    def _refused(self, error: OSError) -> StorageError:
        return StorageError(
            f"The archive {self._root} refused ({error.strerror or error}). Nothing was removed here. Make "
            "room there or mend its permissions; the next try goes on where this one ended."
        )


def _forget_cached(handle: int) -> None:
    """Let what is read come from the disk, not from what was just written to it."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
