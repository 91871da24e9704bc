"""Makes a marked copy of a file that an engine made, and proves that only the mark was added."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import av

from director_lib.domain.disclosure import (
    PROVENANCE_KEY,
    STATEMENT,
    Facts,
    as_json,
    as_xmp,
    described,
    made_with,
    without_prompts,
)
from director_lib.errors import InvalidMediaError
from director_lib.media.mark_clips import mark_clip
from director_lib.media.mark_stills import JPEG_ROOM_BYTES, XMP_KEYWORD, mark_jpeg, mark_png, mark_webp
from director_lib.media.probe import CLIP_EXTENSIONS, MediaFacts, probe

_FAULTS = (av.FFmpegError, OSError, ValueError, LookupError, struct.error)


def mark(source: Path, target: Path, found: MediaFacts, facts: Facts) -> MediaFacts:
    """Write a copy of a file with the facts and the disclosure inside. Pixels and frames stay as they are.

    Args:
        found: What probing the source told.
        facts: What ``disclosure_facts`` returns.

    Returns:
        The copy's own facts.

    Raises:
        InvalidMediaError: The file cannot carry a mark; the source is untouched, and there is no target.
    """
    try:
        if found.extension in CLIP_EXTENSIONS:
            mark_clip(source, target, found.extension, _tags(facts), as_xmp(facts))
        else:
            target.write_bytes(_marked_still(source.read_bytes(), found, facts))
        marked = probe(target)
    except (*_FAULTS, InvalidMediaError) as error:
        target.unlink(missing_ok=True)
        raise InvalidMediaError(source, f"its provenance cannot be written into it ({error})") from error
    if not _is_same(found, marked):
        target.unlink(missing_ok=True)
        raise InvalidMediaError(source, "writing its provenance into it would change it")
    return marked


def _marked_still(data: bytes, found: MediaFacts, facts: Facts) -> bytes:
    if found.extension == ".png":
        return mark_png(data, {**_texts(facts), XMP_KEYWORD: as_xmp(facts)})
    if found.extension == ".webp":
        return mark_webp(data, as_xmp(facts), (found.width, found.height))
    xmp = as_xmp(facts)
    if len(xmp.encode()) > JPEG_ROOM_BYTES:
        xmp = as_xmp(without_prompts(facts))
    return mark_jpeg(data, xmp)


def _texts(facts: Facts) -> dict[str, str]:
    texts = {"Description": described(facts), "Software": made_with(facts), "Comment": STATEMENT}
    return texts | {PROVENANCE_KEY: as_json(facts)}


def _tags(facts: Facts) -> dict[str, str]:
    return {name if name == PROVENANCE_KEY else name.lower(): text for name, text in _texts(facts).items()}


def _is_same(found: MediaFacts, marked: MediaFacts) -> bool:
    """Tell whether a copy has the same kind, size, frames and length; only bytes were added."""
    frame_s = 1 / found.fps if found.fps else 0.0
    lasts = abs((marked.duration_s or 0.0) - (found.duration_s or 0.0)) <= frame_s
    as_found = replace(marked, size_bytes=found.size_bytes, duration_s=found.duration_s, fps=found.fps)
    return lasts and as_found == found
