"""What is written into each file about its making."""

from __future__ import annotations

import json

from director_lib.domain.disclosure import DIGITAL_SOURCE_TYPE, as_xmp
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind

MODEL = "local-render/1"
SOFTWARE = f"Director Workbench ({MODEL})"
XMP_KEYWORD = "XML:com.adobe.xmp"


def plain_text(text: str) -> str:
    """Return text that every file format can hold: no NUL, no half characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def provenance_json(request: GenerationRequest) -> str:
    """Return the provenance as one JSON object; equal requests give equal text."""
    return json.dumps(_facts(request), ensure_ascii=False, sort_keys=True)


def provenance_xmp(request: GenerationRequest) -> str:
    """Return the provenance as the XMP packet that other programs read."""
    return as_xmp(_facts(request))


def _facts(request: GenerationRequest) -> dict[str, object]:
    facts: dict[str, object] = {
        "engine": "local",
        "model": MODEL,
        "kind": request.kind.value,
        "prompt": plain_text(request.image_prompt),
        "negative_prompt": plain_text(request.negative_prompt),
        "seed": request.seed,
        "palette": request.palette,
        "width": request.width,
        "height": request.height,
        "ai_generated": True,
        "digital_source_type": DIGITAL_SOURCE_TYPE,
    }
    if request.kind is Kind.VIDEO:
        facts |= {
            "motion_prompt": plain_text(request.motion_prompt),
            "duration_s": request.duration_s,
            "fps": request.fps,
            "source_version_id": request.source_version_id,
        }
    return facts
