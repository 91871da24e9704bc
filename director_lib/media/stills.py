"""Reads pictures, refusing incomplete and absurdly large ones."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from director_lib.errors import InvalidMediaError
from director_lib.media.containers import check_riff

MAX_PIXELS = 80_000_000
_PNG_END = b"IEND\xaeB`\x82"
_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def read_still_size(path: Path, extension: str) -> tuple[int, int]:
    """Return width and height of a picture in pixels, after decoding all of it.

    Args:
        path: The file.
        extension: The ending that belongs to its contents.

    Raises:
        InvalidMediaError: It is cut off, damaged or absurdly large.
    """
    if extension == ".webp":
        check_riff(path)
    else:
        _check_end(path, extension)
    if extension == ".png":
        with open_still(path) as image, _refusing(path):
            image.verify()
    with open_still(path) as image, _refusing(path):
        image.load()
        return image.size


@contextmanager
def open_still(path: Path) -> Iterator[Image.Image]:
    """Open a picture without decoding it yet.

    Raises:
        InvalidMediaError: It cannot be opened or is absurdly large.
    """
    with _refusing(path):
        opened = Image.open(path)
    with opened as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise InvalidMediaError(path, f"it claims {width} x {height} pixels, more than {MAX_PIXELS:,}")
        yield image


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise InvalidMediaError(path, f"it is cut off or damaged ({error})") from error


def _check_end(path: Path, extension: str) -> None:
    """Refuse a picture without its end mark: decoders let the loss of the last few bytes pass.

    Some cameras append data of their own, so the mark need not be the very end.
    """
    data = path.read_bytes()
    complete = _PNG_END in data if extension == ".png" else data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda")
    if not complete:
        raise InvalidMediaError(path, "it is cut off (its end mark is missing)")
