"""Pictures that go with a request: a clip's keyframe, and references."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from director_lib.errors import EngineError

_TAKEN = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
# Google takes 7 MB for each picture inside a request.
_LARGEST_BYTES = 7_000_000
_JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture as Google takes it."""

    mime_type: str
    data: bytes

    @property
    def base64(self) -> str:
        """The bytes as text."""
        return base64.b64encode(self.data).decode("ascii")


def read_attachment(path: Path, role: str) -> Attachment:
    """Read a picture; one that is too large or of another format is sent as JPEG.

    Args:
        role: What the picture is, for the error: "keyframe", "reference picture".

    Raises:
        EngineError: It is missing, no picture, or damaged.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        data = path.read_bytes()
        with Image.open(BytesIO(data)) as picture:
            picture.load()
            mime_type = _TAKEN.get(picture.format or "")
            if mime_type is None or len(data) > _LARGEST_BYTES:
                return Attachment("image/jpeg", _as_jpeg(picture))
    except (OSError, UnidentifiedImageError, SyntaxError, Image.DecompressionBombError) as error:
        raise EngineError(
            f"The {role} {path.name} cannot be read as a picture ({error}). Nothing was sent to Google or "
            f"charged. Choose or make another {role}."
        ) from error
    return Attachment(mime_type, data)


def read_references(paths: tuple[Path, ...], most: int, model: str) -> list[Attachment]:
    """Read the reference pictures of a request.

    Raises:
        EngineError: One cannot be read, or there are more than the model takes.
    """
    if len(paths) > most:
        raise EngineError(
            f"The model “{model}” takes up to {most} reference pictures, not {len(paths)}. Nothing was sent "
            f"or charged. Remove {len(paths) - most} of them."
        )
    return [read_attachment(path, "reference picture") for path in paths]


def _as_jpeg(picture: object) -> bytes:
    from PIL import Image

    assert isinstance(picture, Image.Image)
    written = BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=_JPEG_QUALITY)
    return written.getvalue()
