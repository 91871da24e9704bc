"""What a first spec is written from, and putting what was written into production.json's text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from director_lib.domain.spec_edit import MOST_SEGMENTS
from director_lib.domain.story_match import find_differences, story_text
from director_lib.domain.stream import Stream
from director_lib.errors import EngineError, InputError
from director_lib.streams.json_file import text_sha256
from director_lib.streams.reader import read_spec_text


def story_form(stream: Stream) -> dict[str, Any]:
    """Return what a program is told of a story: no customer, nothing but what the spec is made from."""
    return {
        "stream": {"id": stream.id, "title": stream.title, "language": stream.language},
        "story": [{"title": scene.title, "text": scene.text} for scene in stream.story],
        "text": story_text(stream),
        "brief": stream.brief,
        "palette": stream.palette,
        "visual_direction": stream.visual_direction,
        "dimensions": f"{stream.width}x{stream.height}",
    }


def story_sha256(stream: Stream) -> str:
    """Return the digest of the story and the brief; what production.json says is not among it."""
    told = [story_text(stream), stream.brief]
    return text_sha256(json.dumps(told, sort_keys=True, ensure_ascii=False))


def merge_drafted(before: str | None, drafted: Mapping[str, Any]) -> str:
    """Return the new file's text: the drafted parts in place of the old ones, everything else kept."""
    kept = json.loads(before.removeprefix("\ufeff")) if before else {}
    merged = {**(kept if isinstance(kept, dict) else {}), **drafted}
    return json.dumps(merged, ensure_ascii=False, indent=2) + "\n"


def check_drafted(stream_id: str, text: str, name: str) -> None:
    """Refuse a spec that nothing could be made from.

    Raises:
        EngineError: It has no segments, too many, or some of them could not be told apart.
    """
    try:
        made = read_spec_text(stream_id, text)
    except (InputError, UnicodeError) as error:
        why = f"The spec engine “{name}” wrote no spec ({error}). Nothing was changed."
        raise EngineError(why) from error
    if not made.segments or len(made.segments) > MOST_SEGMENTS:
        raise EngineError(
            f"The spec engine “{name}” wrote {len(made.segments)} segments; a spec has 1 to "
            f"{MOST_SEGMENTS:,}. Nothing was changed."
        )
    wrong = [odd for odd in made.oddities if odd.path.startswith(("$.segments", "$.sections"))]
    if wrong:
        raise EngineError(
            f"The spec engine “{name}” wrote a spec with a fault at {wrong[0].path}: {wrong[0].message} "
            "Nothing was changed."
        )


def check_sections(stream: Stream, text: str, name: str) -> None:
    """Refuse a spec whose sections are not the stream's story to the character.

    Raises:
        EngineError: They are not.
    """
    made = replace(stream, sections=read_spec_text(stream.id, text).sections)
    if wrong := find_differences(made):
        raise EngineError(
            f"The spec engine “{name}” wrote sections that are not the story to the character (line "
            f"{wrong[0].line}, column {wrong[0].column}). Nothing was changed."
        )
