"""The streams root: the only way from a stream's id to its folder."""

from __future__ import annotations

import os
from pathlib import Path

from director_lib.domain.stream import check_stream_id
from director_lib.errors import InvalidIdError, NotFoundError, StorageError

LOCKS_FOLDER = ".locks"
_MARKERS = ("production.json", "input.json", "keyframes", "videos")


class StreamsRoot:
    """The folder that holds one folder per stream.

    Attributes:
        root: Absolute, with every symbolic link resolved.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))

    def list_ids(self) -> list[str]:
        """List the ids of all streams.

        A stream is a folder with a valid id that holds input.json, production.json, keyframes/ or videos/.
        Anything else in the root is ignored. What lies deeper is never looked at.

        Returns:
            Sorted ids; empty when the root holds no stream.

        Raises:
            StorageError: The root is missing or may not be listed.
        """
        try:
            with os.scandir(self.root) as entries:
                return sorted(entry.name for entry in entries if self._is_stream(entry))
        except OSError as error:
            raise self._unusable(error) from error

    def path(self, stream_id: str) -> Path:
        """Return the folder of a stream.

        Returns:
            An absolute folder directly inside the root, with symbolic links resolved.

        Raises:
            InvalidIdError: The id is not valid, or leads out of the root through a symbolic link.
            NotFoundError: No stream has that id.
            StorageError: The root itself is missing.
        """
        folder = self.root / check_stream_id(stream_id)
        if folder.is_symlink():
            folder = self._follow(folder, stream_id)
        if _has_marker(folder):
            return folder
        if not self.root.is_dir():
            raise self._unusable(None)
        raise NotFoundError("stream", stream_id)

    def lock_file(self, stream_id: str) -> Path:
        """Return where a stream's lock lives: outside its folder, the same one for every alias.

        Raises:
            InvalidIdError: As for ``path``.
            NotFoundError: As for ``path``.
            StorageError: As for ``path``.
        """
        return self.root / LOCKS_FOLDER / f"{self.path(stream_id).name}.lock"

    def _is_stream(self, entry: os.DirEntry[str]) -> bool:
        try:
            check_stream_id(entry.name)
            folder = Path(entry.path)
            if entry.is_symlink():
                folder = self._follow(folder, entry.name)
        except InvalidIdError:
            return False
        return _has_marker(folder)

    def _follow(self, link: Path, stream_id: str) -> Path:
        target = Path(os.path.realpath(link))
        if target.parent != self.root:
            raise InvalidIdError("stream", stream_id)
        check_stream_id(target.name)
        return target

    def _unusable(self, error: OSError | None) -> StorageError:
        why = "does not exist" if not self.root.exists() else "cannot be listed"
        detail = f" ({error.strerror})" if error and self.root.exists() else ""
        return StorageError(
            f"The streams folder {self.root} {why}{detail}. Create it, or set DIRECTOR_STREAMS_DIR to the "
            "folder that holds one folder per stream."
        )


def _has_marker(folder: Path) -> bool:
    # os.path and plain strings: a root of 1,000 streams is listed for every page
    return any(os.path.exists(f"{folder}/{marker}") for marker in _MARKERS)  # noqa: PTH110
