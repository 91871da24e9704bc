"""Reading everything that the story page shows, as JSON values."""

from __future__ import annotations

from typing import Any

from director_lib.delivery.reading_view import Part, story_parts, story_text
from director_lib.delivery.site_text import direction_of
from director_lib.domain.brief import BriefField
from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.reading import measure_text
from director_lib.domain.stream import Stream
from director_lib.errors import DirectorError
from director_lib.pages.gate_state import describe_gate, describe_verdicts
from director_lib.pages.spec_drafting import read_drafting
from director_lib.streams.reader import FORM_FILE
from director_lib.workbench import Workbench
from director_lib.workbench.spec_drafts import BUILTIN
from director_lib.workbench.spec_orders import GOOGLE

Json = dict[str, Any]


def read_text(stream: Stream) -> Json:
    """Describe a story as it is read: its parts, its length, its language."""
    length = measure_text(story_text(stream), stream.language)
    return {
        "title": stream.title,
        "language": stream.language,
        "direction": direction_of(stream.language),
        "source": "story" if stream.story else "sections" if stream.sections else "none",
        "parts": [_part(part) for part in story_parts(stream)],
        "length": {
            "n_words": length.n_words,
            "n_characters": length.n_characters,
            "counts_letters": length.counts_letters,
            "reading_s": round(length.reading_s),
        },
    }


def read_standing(workbench: Workbench, stream: Stream) -> Json:
    """Describe the brief, the gate and its history, and what was odd in the order form."""
    gate = workbench.checkpoints.standing(stream.id)[0]
    made = workbench.checkpoints.history(stream.id)
    return {
        "gate": describe_gate(gate),
        "history": describe_verdicts(made, Checkpoint.STORY, gate.content_sha256),
        "oddities": [
            {"file": odd.file, "path": odd.path, "message": odd.message}
            for odd in stream.oddities
            if odd.file == FORM_FILE
        ],
        "has_spec": bool(stream.segments),
        # another program may take minutes, and is waited for on the spec's own page
        "drafts_here": workbench.studio.settings.engine_spec in (BUILTIN, GOOGLE),
        "drafting": read_drafting(workbench, stream),
        **_read_brief(workbench, stream.id),
    }


def _read_brief(workbench: Workbench, stream_id: str) -> Json:
    try:
        fields = workbench.stories.brief(stream_id)
    except DirectorError as error:
        return {"brief": [], "brief_error": error.user_message}
    lists = {one.path[:-1] for one in fields if isinstance(one.path[-1], int)}
    return {"brief": [_field(one, is_list=one.path in lists) for one in fields], "brief_error": None}


def _field(field: BriefField, *, is_list: bool) -> Json:
    return {
        "key": field.key,
        "name": field.path[-1],
        "words": field.words,
        "depth": len(field.path) - 1,
        "text": field.text,
        "kind": field.kind.value,
        "is_editable": field.is_editable,
        "is_list": is_list,
    }


def _part(part: Part) -> Json:
    return {
        "kind": part.kind.value,
        "heading": part.heading,
        "footer": part.footer,
        "section_id": part.section_id,
        "lines": [{"speaker": line.speaker, "text": line.text} for line in part.lines],
    }
