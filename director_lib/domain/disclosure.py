"""What is written into each file that an engine made: how it was made, and that a machine made it.

The European AI act (article 50) asks for a mark that programs can read; the press's standard for it is IPTC's
digital source type. A marked file goes to the customer and onto public pages, so that it says nothing about
people or money: no author, no cost, no client.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind

DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
PROVENANCE_KEY = "director:provenance"
STATEMENT = "Made with artificial intelligence."
_OWN_NAMESPACE = "urn:director-workbench:provenance/1/"
_PROMPTS = ("prompt", "motion_prompt", "negative_prompt", "params", "palette")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Facts = Mapping[str, object]
"""What a mark says, as JSON values by name."""


def disclosure_facts(
    request: GenerationRequest,
    *,
    model: str,
    task_id: str,
    source_sha256: str | None = None,
    params: Facts | None = None,
) -> dict[str, object]:
    """Return what a generated file says about its making; equal arguments give equal facts.

    Args:
        source_sha256: Digest of the keyframe that a clip was made from.
        params: Further settings that the engine tells.
    """
    facts: dict[str, object] = {
        "ai_generated": True,
        "statement": STATEMENT,
        "digital_source_type": DIGITAL_SOURCE_TYPE,
        "engine": request.engine,
        "model": model,
        "kind": request.kind.value,
        "prompt": request.image_prompt,
        "negative_prompt": request.negative_prompt,
        "seed": request.seed,
        "palette": request.palette,
        "width": request.width,
        "height": request.height,
        "references": list(request.reference_sha256s),
        "params": dict(params or {}),
        "task": task_id,
    }
    if request.kind is Kind.VIDEO:
        facts |= {
            "motion_prompt": request.motion_prompt,
            "duration_s": request.duration_s,
            "fps": request.fps,
            "source_sha256": source_sha256,
        }
    return facts


def without_prompts(facts: Facts) -> dict[str, object]:
    """Return the facts without long texts, for formats that hold little; the disclosure always stays."""
    return {name: value for name, value in facts.items() if name not in _PROMPTS}


def described(facts: Facts) -> str:
    """Return the facts' prompt, as a picture's description; "" without one."""
    key = "motion_prompt" if facts.get("kind") == Kind.VIDEO else "prompt"
    return clean_text(str(facts.get(key, "")))


def made_with(facts: Facts) -> str:
    """Name the software that made the file."""
    return clean_text(f"Director Workbench ({facts.get('model')})")


def as_json(facts: Facts) -> str:
    """Write the facts as one JSON object."""
    return clean_text(json.dumps(facts, ensure_ascii=False, sort_keys=True))


def as_xmp(facts: Facts) -> str:
    """Write the facts as an XMP packet, with the properties that other programs look for."""
    properties = {
        "Iptc4xmpExt:DigitalSourceType": DIGITAL_SOURCE_TYPE,
        "Iptc4xmpExt:AISystemUsed": facts.get("engine"),
        "Iptc4xmpExt:AISystemVersionUsed": facts.get("model"),
        "Iptc4xmpExt:AIPromptInformation": described(facts),
        "xmp:CreatorTool": made_with(facts),
        "dl:provenance": as_json(facts),
    }
    lines = "".join(f"<{name}>{_xml(value)}</{name}>" for name, value in properties.items() if value)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f'xmlns:dl="{_OWN_NAMESPACE}">{lines}<dc:rights><rdf:Alt>'
        f'<rdf:li xml:lang="x-default">{STATEMENT}</rdf:li></rdf:Alt></dc:rights></rdf:Description></rdf:RDF>'
        '</x:xmpmeta><?xpacket end="r"?>'
    )


def clean_text(text: str) -> str:
    """Return text that every file format can hold: no control characters, no half characters."""
    return _NOT_XML.sub("", text)


def _xml(value: object) -> str:
    return escape(clean_text(str(value)), quote=False)
