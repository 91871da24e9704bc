"""Single frames as WebP files that say that a machine made them, written whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from director_lib.domain.disclosure import DIGITAL_SOURCE_TYPE, STATEMENT, as_xmp
from director_lib.errors import InvalidMediaError, StorageError
from director_lib.media.containers import check_riff
from director_lib.media.stills import open_still

COVER_PX = (1200, 630)
_ICON_PX = 96
_SMALLEST_BYTES = 20
_MARK = as_xmp(
    {
        "ai_generated": True,
        "statement": STATEMENT,
        "digital_source_type": DIGITAL_SOURCE_TYPE,
        "model": "frames of a site",
    }
).encode()


def is_whole(path: Path) -> bool:
    """Tell whether a WebP file is there with all of its bytes."""
    try:
        if path.stat().st_size < _SMALLEST_BYTES:
            return False
        check_riff(path)
    except (OSError, InvalidMediaError):
        return False
    return True


def encode_frame(picture: Image.Image, quality: int) -> bytes:
    """Return a picture as WebP, with the disclosure inside."""
    data = io.BytesIO()
    picture.save(data, "WEBP", quality=quality, method=0, xmp=_MARK)
    return data.getvalue()


def write_frame(data: bytes, target: Path) -> None:
    """Write an encoded frame; nobody ever sees half of it.

    The disk is not made to confirm each of hundreds of files. A frame that a power cut took is noticed by
    ``is_whole`` and made again.

    Raises:
        StorageError: It cannot be written. What was there before is untouched.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"The frame {target} cannot be written ({error.strerror}). Frames made so far stay. "
            "Make room on the disk, then start again: it goes on where it was."
        ) from error


def upright_still(path: Path, longest_px: int) -> Image.Image:
    """Return a still as it is meant to be seen, as RGB.

    Args:
        longest_px: What it will be shrunk to; a JPEG is decoded no larger than that asks for.

    Raises:
        InvalidMediaError: It cannot be decoded.
    """
    with open_still(path) as still:
        try:
            still.draft("RGB", (longest_px, longest_px))
            return ImageOps.exif_transpose(still).convert("RGB")
        except (OSError, SyntaxError, ValueError) as error:
            raise InvalidMediaError(path, f"it is damaged ({error})") from error


def encode_cover(still: Path) -> bytes:
    """Return the picture that other sites show beside a link to a page, as JPEG."""
    cover, data = ImageOps.fit(upright_still(still, 1920), COVER_PX), io.BytesIO()
    cover.save(data, "JPEG", quality=86, progressive=True, xmp=_MARK)
    return data.getvalue()


def encode_icon(still: Path) -> bytes:
    """Return the small picture of a page's tab, as PNG."""
    icon, data = ImageOps.fit(upright_still(still, 1920), (_ICON_PX, _ICON_PX)), io.BytesIO()
    icon.save(data, "PNG", optimize=True)
    return data.getvalue()


def shrunk(picture: Image.Image, longest_px: int) -> Image.Image:
    """Return a picture whose longer side is at most that long; a smaller one stays as it is."""
    scale = longest_px / max(picture.size)
    if scale >= 1:
        return picture
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
