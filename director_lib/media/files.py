"""The version store: immutable files, each kept once, under the digest of their bytes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from director_lib.errors import InputError, NotFoundError, StorageError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_EXTENSION = re.compile(r"\.[a-z0-9]{1,5}")
_READ_ONLY = 0o444

Fault = Literal["missing", "damaged"]
"""What can be wrong with a file in the version store."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the version store."""

    sha256: str
    size_bytes: int
    path: Path


class VersionFiles:
    """Version files and what is derived from them, below one folder.

    Args:
        root: Folder that holds ``versions/`` and ``thumbnails/``; made when first written to.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str, extension: str) -> Path:
        """Return where a version's file belongs, whether it is there or not.

        Raises:
            InputError: The digest or the extension is not one.
        """
        if not _SHA256.fullmatch(sha256) or not _EXTENSION.fullmatch(extension):
            raise InputError("That is not the name of a version file.")
        return self.root / "versions" / sha256[:2] / f"{sha256}{extension}"

    def get(self, sha256: str, extension: str) -> Path:
        """Return a version's file.

        Raises:
            InputError: The digest or the extension is not one.
            NotFoundError: There is no such file.
        """
        path = self.path(sha256, extension)
        if not path.is_file():
            raise NotFoundError("version file", f"{sha256[:12]}{extension}")
        return path

    def find_fault(self, sha256: str, extension: str, size_bytes: int, *, read: bool = False) -> Fault | None:
        """Find out whether a version's file is as it was stored; None when it is.

        Args:
            read: Whether to read all of it; without that only its size is looked at, which costs nothing.

        Raises:
            InputError: The digest or the extension is not one.
        """
        path = self.path(sha256, extension)
        try:
            if path.stat().st_size != size_bytes or (read and hash_file(path) != sha256):
                return "damaged"
        except (FileNotFoundError, NotADirectoryError):
            return "missing"
        except OSError:
            return "damaged"  # it is there and the disk cannot read it
        return None

    def add(self, source: Path, extension: str) -> StoredFile:
        """Copy a file into the store, once; the same bytes again change nothing.

        The digest is that of the bytes that were copied: a source that changes meanwhile cannot be misnamed.

        Raises:
            StorageError: It cannot be read or there is no room; the store is as it was.
        """
        try:
            incoming = self.root / "incoming"
            incoming.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=incoming)
            temporary = Path(name)
            try:
                with os.fdopen(handle, "wb") as target, source.open("rb") as origin:
                    shutil.copyfileobj(origin, target, 1 << 20)
                    target.flush()
                    os.fsync(target.fileno())
                return self._keep(temporary, extension)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"{source.name} could not be kept in {self.root} ({error.strerror}). Nothing was changed. "
                "Make room or mend the folder's permissions, then try again."
            ) from error

    def find_temporaries(self) -> list[Path]:
        """Find files that were not finished: of writers that are at it, and of those that were killed.

        Returns:
            Their paths, sorted; empty when there are none.
        """
        halves = self.root.glob("thumbnails/*/*/.*")
        return sorted([*self.root.glob("incoming/*"), *halves])

    def _keep(self, temporary: Path, extension: str) -> StoredFile:
        sha256, size_bytes = hash_file(temporary), temporary.stat().st_size
        path = self.path(sha256, extension)
        if self.find_fault(sha256, extension, size_bytes, read=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.chmod(_READ_ONLY)
            temporary.replace(path)
            _sync_folder(path.parent)
        return StoredFile(sha256, size_bytes, path)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as lower-case hex.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
