"""Files that somebody hands in and that nothing was made of yet; each is its owner's alone."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from pathlib import Path
from typing import BinaryIO

from director_lib.domain.people import Action
from director_lib.errors import InputError, NotFoundError, StorageError
from director_lib.streams.story_files import LARGEST_BYTES
from director_lib.workbench.studio import Studio

_KEPT_S = 24 * 3_600.0
_MOST_KEPT = 10
_TOKEN = re.compile(r"[0-9a-f]{32}")


class Upload:
    """A file that is being handed in; nothing stays of it unless it is kept."""

    def __init__(self, folder: Path) -> None:
        self.token = secrets.token_hex(16)
        self.size_bytes = 0
        self._path = folder / self.token
        self._making = folder / f"{self.token}.part"
        self._file: BinaryIO = self._making.open("xb")

    def write(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            InputError: It is larger than a story's file may be.
        """
        self.size_bytes += len(chunk)
        if self.size_bytes > LARGEST_BYTES:
            raise InputError(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB. Nothing was kept.")
        self._file.write(chunk)

    def keep(self) -> str:
        """Keep it for a day, and return the token that it is found by."""
        self._file.close()
        self._making.rename(self._path)
        return self.token

    def drop(self) -> None:
        """Forget it; does nothing when it was kept or dropped already."""
        self._file.close()
        self._making.unlink(missing_ok=True)


class Uploads:
    """The acting person's files."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        owner = hashlib.sha256(studio.actor.username.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        self._folder = studio.settings.data_dir / "uploads" / owner

    def begin(self) -> Upload:
        """Begin to take a file; the oldest ones of the same person make room.

        Raises:
            PermissionDeniedError: The actor may not make streams.
            StorageError: The disk refused.
        """
        self._studio.require(Action.MAKE_STREAMS)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._clear()
            return Upload(self._folder)
        except OSError as error:
            raise StorageError(
                f"The file cannot be kept ({error.strerror}). Nothing was made; check the disk of "
                f"{self._studio.settings.data_dir}, then try again."
            ) from error

    def get(self, token: str) -> bytes:
        """Return the bytes of one of the person's own files.

        Raises:
            NotFoundError: There is no such file, or not any more.
        """
        self._studio.require(Action.MAKE_STREAMS)
        if not _TOKEN.fullmatch(token):
            raise NotFoundError("file", token[:40])
        try:
            return (self._folder / token).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError("file", token) from error

    def discard(self, token: str) -> None:
        """Forget a file that is not needed any more."""
        if _TOKEN.fullmatch(token):
            (self._folder / token).unlink(missing_ok=True)

    def _clear(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for place, path in enumerate(files):
            if place >= _MOST_KEPT or time.time() - path.stat().st_mtime > _KEPT_S:
                path.unlink(missing_ok=True)
