"""Looking into a still or a clip far enough to know what it is and that it is complete."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from director_lib.domain.version import Kind
from director_lib.errors import InvalidMediaError
from director_lib.media.clips import read_clip_facts
from director_lib.media.containers import find_format
from director_lib.media.stills import read_still_size

CLIP_EXTENSIONS = frozenset({".mp4", ".mov", ".webm"})


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a file is.

    Attributes:
        width: Pixels.
        height: Pixels.
        duration_s: Seconds of a clip; None for a still.
        fps: Frames per second of a clip; None for a still.
        n_frames: Frames of a clip; None for a still.
        extension: The ending that belongs to the file's contents, with its dot, lower case.
    """

    kind: Kind
    width: int
    height: int
    duration_s: float | None
    fps: float | None
    n_frames: int | None
    size_bytes: int
    extension: str


def probe(path: Path) -> MediaFacts:
    """Read a file's facts and prove that it is complete.

    A still is decoded whole; of a clip, the first and the last frame are. What the file is called does not
    matter, only what is in it.

    Raises:
        InvalidMediaError: It is missing, empty, damaged, cut off, too large, or no still or clip.
    """
    try:
        size_bytes = path.stat().st_size
        extension = find_format(path)
    except OSError as error:
        raise InvalidMediaError(path, f"it cannot be read ({error.strerror})") from error
    if size_bytes == 0:
        raise InvalidMediaError(path, "it is empty")
    if extension is None:
        raise InvalidMediaError(path, "it is neither a PNG, JPEG or WebP still nor an MP4, MOV or WebM clip")
    if extension in CLIP_EXTENSIONS:
        clip = read_clip_facts(path, extension)
        return MediaFacts(
            Kind.VIDEO,
            clip.width,
            clip.height,
            clip.duration_s,
            clip.fps,
            clip.n_frames,
            size_bytes,
            extension,
        )
    width, height = read_still_size(path, extension)
    return MediaFacts(Kind.KEYFRAME, width, height, None, None, None, size_bytes, extension)
