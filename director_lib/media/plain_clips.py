"""Copies of clips that tell nothing of how they were made."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import av
from av.error import FFmpegError

from director_lib.errors import InvalidMediaError, StorageError
from director_lib.media.files import VersionFiles


def plain_clip(files: VersionFiles, sha256: str, extension: str) -> Path:
    """Return a copy of a clip with the same pictures, and without titles, marks or comments in the file.

    Raises:
        NotFoundError: There is no such version file.
        InvalidMediaError: It cannot be read.
        StorageError: The copy cannot be written.
    """
    source = files.get(sha256, extension)
    target = files.root / "thumbnails" / "plain" / sha256[:2] / f"{sha256}.mp4"
    if target.is_file():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".mp4")
        os.close(handle)
        try:
            _copy_pictures(source, name)
            Path(name).chmod(0o644)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except FFmpegError as error:
        raise InvalidMediaError(source, f"it cannot be copied ({error})") from error
    except OSError as error:
        raise StorageError(
            f"A copy of a clip cannot be written ({error.strerror}). The clip itself is safe. Make room on "
            "the disk, then reload the page."
        ) from error
    return target


def _copy_pictures(source: Path, target: str) -> None:
    with (
        av.open(str(source)) as read,
        av.open(
            target, "w", format="mp4", options={"movflags": "faststart", "fflags": "+bitexact"}
        ) as written,
    ):
        stream = read.streams.video[0]
        copied = written.add_stream_from_template(stream)
        copied.metadata.clear()
        for packet in read.demux(stream):
            if packet.dts is not None:
                packet.stream = copied
                written.mux(packet)
