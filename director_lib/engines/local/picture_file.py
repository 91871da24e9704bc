"""Writes a finished still with its provenance inside."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from director_lib.domain.disclosure import PROVENANCE_KEY, STATEMENT
from director_lib.domain.task import GenerationRequest
from director_lib.engines.local.provenance import (
    SOFTWARE,
    XMP_KEYWORD,
    plain_text,
    provenance_json,
    provenance_xmp,
)
from director_lib.engines.protocol import ProgressCallback

_COMPRESSION = 3


def save_still(
    picture: Image.Image, request: GenerationRequest, folder: Path, progress: ProgressCallback
) -> Path:
    """Save a PNG as ``still.png``, complete or not at all.

    Raises:
        OSError: The folder cannot be written.
    """
    facts = PngInfo()
    facts.add_itxt("Description", plain_text(request.image_prompt))
    facts.add_itxt("Software", SOFTWARE)
    facts.add_itxt("Comment", STATEMENT)
    facts.add_itxt(XMP_KEYWORD, provenance_xmp(request))
    facts.add_itxt(PROVENANCE_KEY, provenance_json(request))
    progress("finishing", 88)
    draft, path = folder / "still.part", folder / "still.png"
    picture.save(draft, "PNG", pnginfo=facts, compress_level=_COMPRESSION)
    progress("finishing", 97)
    draft.replace(path)
    return path
