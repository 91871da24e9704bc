"""Finding what a generator program made, and making sure that it is a picture or a clip.

An exit code tells nothing: some programs end with 0 although they failed. Only a file does.
"""

from __future__ import annotations

from pathlib import Path

from director_lib.domain.version import Kind
from director_lib.errors import EngineError

_STILLS = (".png", ".jpg", ".jpeg", ".webp")
_CLIPS = (".mp4", ".webm", ".mov")
_ENDINGS_BY_FORMAT = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


def find_made(folder: Path, kind: Kind) -> Path | None:
    """Find the file that a program made in a folder that was empty before.

    Programs may choose another ending than the one they were asked for.

    Returns:
        The newest file of the right sort that is not empty; None when there is none.
    """
    endings = _STILLS if kind is Kind.KEYFRAME else _CLIPS
    made = [path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in endings]
    return max(
        (path for path in made if path.stat().st_size), key=lambda path: path.stat().st_mtime_ns, default=None
    )


def checked(path: Path, kind: Kind) -> Path:
    """Return the file, named after what is really in it.

    Raises:
        EngineError: It is not a complete picture or clip.
    """
    try:
        return _checked_still(path) if kind is Kind.KEYFRAME else _checked_clip(path)
    except (OSError, ValueError, SyntaxError) as error:
        raise EngineError(
            f"The program made {path.name}, but it cannot be opened ({error}). Nothing was replaced. Look at "
            "the program's output and try again."
        ) from error


def _checked_still(path: Path) -> Path:
    from PIL import Image

    with Image.open(path) as picture:
        picture.load()
        ending = _ENDINGS_BY_FORMAT.get(picture.format or "")
    if ending is None or ending == path.suffix.lower().replace(".jpeg", ".jpg"):
        return path
    return path.rename(path.with_suffix(ending))


def _checked_clip(path: Path) -> Path:
    import av

    with av.open(path) as container:
        if not container.streams.video:
            raise ValueError("it has no picture")
        next(container.decode(video=0))
    return path
