"""Writes a downloaded clip, and proves that it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from director_lib.errors import EngineError


@dataclass(frozen=True, slots=True)
class Clip:
    """A finished clip."""

    path: Path
    width: int
    height: int
    duration_s: float
    fps: float


def accept_clip(draft: Path, path: Path) -> Clip:
    """Give a downloaded file its name once it is proven to be a whole clip.

    Raises:
        EngineError: It is no clip, or a part of one.
    """
    import av

    try:
        with av.open(str(draft)) as container:
            stream = container.streams.video[0]
            next(container.decode(stream))
            container.seek(0)
            n_found = sum(1 for packet in container.demux(stream) if packet.size)
            fps = float(stream.average_rate or 0)
            n_frames = stream.frames or n_found
            clip = Clip(path, stream.width, stream.height, n_frames / fps if fps else 0.0, fps)
    except (av.FFmpegError, IndexError, StopIteration) as error:
        raise _unusable(str(error) or "it has no picture") from error
    if n_found < n_frames:
        raise _unusable(f"it ends after {n_found} of {n_frames} frames")
    draft.replace(path)
    return clip


def _unusable(why: str) -> EngineError:
    return EngineError(
        f"Google sent a clip that cannot be used ({why}) and probably charged it. Nothing was replaced. "
        "Look at it in Google AI Studio, or order it again."
    )
