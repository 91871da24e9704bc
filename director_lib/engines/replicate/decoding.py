"""Proving that a downloaded file is a complete picture or clip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from director_lib.domain.version import Kind

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_PICTURE_ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}
_PICTURE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")
_END_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a file is; ``why_not`` says why it is neither picture nor clip."""

    kind: Kind | None
    ending: str = ""
    why_not: str = ""


def decode(path: Path) -> Decoded:
    """Open a file and decode enough of it to know that nothing is missing."""
    with path.open("rb") as file:
        start = file.read(4)
    return _picture(path) if start.startswith(_PICTURE_STARTS) else _clip(path)


def _picture(path: Path) -> Decoded:
    from PIL import Image

    try:
        with Image.open(path) as image:
            ending = _PICTURE_ENDINGS.get(image.format or "")
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return Decoded(None, why_not=f"the picture is damaged or cut off ({type(error).__name__})")
    return Decoded(Kind.KEYFRAME, ending) if ending else Decoded(None, why_not="no PNG, JPEG or WebP picture")


def _clip(path: Path) -> Decoded:
    import av

    try:
        with av.open(path) as container:
            if not container.streams.video:
                return Decoded(None, why_not="nothing in it can be seen")
            stream = container.streams.video[0]
            n_whole = sum(1 for packet in container.demux(stream) if packet.size)
            if n_whole < stream.frames:
                return Decoded(None, why_not=f"the clip is cut off after {n_whole} of {stream.frames} frames")
            if not _shows_start_and_end(container, stream):
                return Decoded(None, why_not="the clip has no frames")
            return Decoded(Kind.VIDEO, _clip_ending(container))
    except (av.FFmpegError, OSError, ValueError) as error:
        return Decoded(None, why_not=f"neither a picture nor a complete clip ({type(error).__name__})")


def _shows_start_and_end(container: InputContainer, stream: VideoStream) -> bool:
    container.seek(0)
    if next(container.decode(stream), None) is None:
        return False
    # a file that was cut off breaks in its last second
    container.seek(max(0, (container.duration or 0) - _END_US))
    return sum(1 for _ in container.decode(stream)) > 0


def _clip_ending(container: InputContainer) -> str:
    if "webm" in container.format.name:
        return ".webm"
    return ".mov" if container.metadata.get("major_brand", "").strip() == "qt" else ".mp4"
