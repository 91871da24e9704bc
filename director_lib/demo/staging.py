"""Where demo streams are put together before they appear, whole, among the other streams."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from director_lib.demo.catalog import stream_files
from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind
from director_lib.errors import StorageError
from director_lib.streams.atomic import atomic_write, place_file
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import target_path
from director_lib.streams.reader import read_stream

STAGING_FOLDER = ".director-demo-unfinished"
_PICTURES_FOLDER = ".pictures"


class Staging:
    """A hidden folder inside a folder of streams; as long as it exists, a build is unfinished.

    Args:
        home: The folder that holds one folder per stream.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path = home / STAGING_FOLDER

    @property
    def pictures(self) -> Path:
        """Folder of finished pictures that are not yet in their stream."""
        return self.path / _PICTURES_FOLDER

    def is_unfinished(self) -> bool:
        """Tell whether a build was begun and not finished."""
        return self.path.is_dir()

    def is_published(self, stream_id: str) -> bool:
        """Tell whether the stream is among the other streams already."""
        return (self.home / stream_id).is_dir()

    def begin(self, stream_ids: Iterable[str]) -> None:
        """Write the JSON files of every stream that is not published.

        Raises:
            StorageError: The folder cannot be written.
        """
        try:
            self.pictures.mkdir(parents=True, exist_ok=True)
            for stream_id in stream_ids:
                if not self.is_published(stream_id):
                    (self.path / stream_id).mkdir(exist_ok=True)
        except OSError as error:
            raise _refused(self.path, error) from error
        for stream_id in stream_ids:
            if not self.is_published(stream_id):
                for name, data in stream_files(stream_id).items():
                    atomic_write(self.path / stream_id / name, data)

    def read(self, stream_id: str) -> Stream:
        """Read a stream, published or not."""
        return read_stream(self._root(stream_id), stream_id)

    def place(self, source: Path, stream_id: str, segment_id: int, kind: Kind) -> Path:
        """Copy a picture to where the stream keeps the current still or clip of a segment.

        Returns:
            The copy.

        Raises:
            StorageError: It cannot be written.
        """
        target = target_path(self._root(stream_id), stream_id, segment_id, kind, source.suffix)
        place_file(source, target)
        return target

    def publish(self, stream_id: str) -> None:
        """Let a stream appear at once and whole; one that is published already stays as it is.

        Raises:
            StorageError: It cannot be moved.
        """
        if self.is_published(stream_id):
            return
        try:
            (self.path / stream_id).rename(self.home / stream_id)
        except OSError as error:
            raise _refused(self.home / stream_id, error) from error

    def finish(self) -> None:
        """Remove the staging folder: the build is complete."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _root(self, stream_id: str) -> StreamsRoot:
        return StreamsRoot(self.home if self.is_published(stream_id) else self.path)


def _refused(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{path} cannot be written ({error.strerror or error}). No other file was touched. "
        "Make room or choose a folder that you may write, then run the same command again."
    )
