"""Small pictures of stills and clips, made once and kept."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from director_lib.errors import DirectorError, InputError, InvalidMediaError, StorageError
from director_lib.media.clips import read_first_frame
from director_lib.media.files import VersionFiles
from director_lib.media.probe import CLIP_EXTENSIONS
from director_lib.media.stills import open_still

THUMBNAIL_WIDTHS = (320, 640, 1280)
PREPARED_WIDTHS = (1280, 320)
_QUALITY = 82


def thumbnail(files: VersionFiles, sha256: str, extension: str, width_px: int) -> Path:
    """Return a WebP picture of a version, at most ``width_px`` wide; of a clip, its first frame.

    Two processes may make the same one at once: each writes its own file and renames it into place.

    Raises:
        InputError: The width is none of ``THUMBNAIL_WIDTHS``, or the digest is not one.
        NotFoundError: There is no such version file.
        InvalidMediaError: It cannot be decoded.
        StorageError: The picture cannot be written.
    """
    if width_px not in THUMBNAIL_WIDTHS:
        raise InputError(
            f"Thumbnails are {', '.join(map(str, THUMBNAIL_WIDTHS))} pixels wide, not {width_px}."
        )
    source = files.get(sha256, extension)
    target = files.root / "thumbnails" / str(width_px) / sha256[:2] / f"{sha256}.webp"
    if target.is_file():
        return target
    picture = read_first_frame(source) if extension in CLIP_EXTENSIONS else _still(source, width_px)
    if picture.width > width_px:
        height_px = max(1, round(picture.height * width_px / picture.width))
        picture = picture.resize((width_px, height_px), Image.Resampling.LANCZOS, reducing_gap=2.0)
    _write(picture, target)
    return target


def _still(source: Path, width_px: int) -> Image.Image:
    with open_still(source) as still:
        try:
            still.draft("RGB", (width_px * 2, width_px * 2))
            return ImageOps.exif_transpose(still).convert("RGB")
        except (OSError, SyntaxError, ValueError) as error:
            raise InvalidMediaError(source, f"it is damaged ({error})") from error


def _write(picture: Image.Image, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                picture.save(file, "WEBP", quality=_QUALITY, method=2)
            Path(name).chmod(0o644)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"The thumbnail {target} cannot be written ({error.strerror}). The picture itself is safe. "
            "Make room on the disk, then reload the page."
        ) from error


def prepare_thumbnails(files: VersionFiles, sha256: str, extension: str) -> None:
    """Make the pictures that a page asks for first, so that a new version is shown at once.

    A picture that cannot be made is left to the page, which says why.
    """
    for width_px in PREPARED_WIDTHS:
        with contextlib.suppress(DirectorError):
            thumbnail(files, sha256, extension, width_px)
