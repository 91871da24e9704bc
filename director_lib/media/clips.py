"""Reads clips: their facts, and single frames."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from director_lib.errors import InvalidMediaError
from director_lib.media.containers import check_boxes

MAX_SIDE_PX = 8192
_LAST_STRETCH_S = 1.0


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """Size, length and number of frames of a clip."""

    width: int
    height: int
    duration_s: float
    fps: float
    n_frames: int


def read_clip_facts(path: Path, extension: str) -> ClipFacts:
    """Return a clip's facts, after decoding its first and last frame.

    Args:
        path: The file.
        extension: The ending that belongs to its contents.

    Raises:
        InvalidMediaError: It is cut off, damaged, absurdly large, or has no pictures.
    """
    if extension in {".mp4", ".mov"}:
        check_boxes(path)
    with open_clip(path) as (container, stream):
        rate = stream.average_rate or stream.guessed_rate
        if not rate:
            raise InvalidMediaError(path, "it has no frame rate")
        n_frames = _count(container, stream)
        if not n_frames:
            raise InvalidMediaError(path, "it has no frames")
        duration_s = _duration_s(container, stream) or n_frames / float(rate)
    _check_ends(path, duration_s)
    return ClipFacts(stream.width, stream.height, duration_s, float(rate), n_frames)


def read_first_frame(path: Path) -> Image.Image:
    """Return a clip's first frame as an RGB picture.

    Raises:
        InvalidMediaError: The clip has no frame that can be decoded.
    """
    with open_clip(path) as (container, stream):
        for frame in container.decode(stream):
            return Image.fromarray(frame.to_ndarray(format="rgb24"))
    raise InvalidMediaError(path, "it has no frames")


@contextmanager
def open_clip(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a clip; faults of the decoder inside the block become errors that say so."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise InvalidMediaError(path, "it has no pictures, only sound or data")
            stream = container.streams.video[0]
            if not 0 < max(stream.width, stream.height) <= MAX_SIDE_PX:
                raise InvalidMediaError(path, f"it claims {stream.width} x {stream.height} pixels")
            yield container, stream
    except (av.FFmpegError, ValueError) as error:
        raise InvalidMediaError(path, f"it is cut off or damaged ({error})") from error


def _count(container: InputContainer, stream: VideoStream) -> int:
    """Return the number of coded frames, without decoding them."""
    return sum(1 for packet in container.demux(stream) if packet.size)


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _check_ends(path: Path, duration_s: float) -> None:
    with open_clip(path) as (container, stream):
        if next(container.decode(stream), None) is None:
            raise InvalidMediaError(path, "its first frame cannot be decoded")
        last = _last_frame(container, stream, duration_s)
        if last is None or last.time is None or last.time < duration_s - _LAST_STRETCH_S:
            raise InvalidMediaError(
                path, f"it is cut off: its last frames before {duration_s:.1f} s are missing"
            )


def _last_frame(container: InputContainer, stream: VideoStream, duration_s: float) -> VideoFrame | None:
    container.seek(max(0, int((duration_s - _LAST_STRETCH_S / 2) * 1_000_000)), backward=True)
    last = None
    for frame in container.decode(stream):
        last = frame
    return last
