"""Reading everything that the spec page shows, as JSON values."""

from __future__ import annotations

from typing import Any

from director_lib.delivery.site_text import direction_of
from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.spec_diff import ItemChange
from director_lib.domain.spec_edit import shown_duration
from director_lib.domain.spec_lint import LintFinding
from director_lib.domain.spec_state import SpecState
from director_lib.domain.story_match import story_text
from director_lib.domain.stream import Section, Segment, Stream
from director_lib.pages.cards import instant
from director_lib.pages.gate_state import describe_gate, describe_verdicts
from director_lib.streams.direction_fields import named_texts, palette_colors
from director_lib.streams.reader import SPEC_FILE
from director_lib.streams.spec_outline import parse_spec
from director_lib.streams.spec_writer import find_spec_text
from director_lib.workbench import Workbench

Json = dict[str, Any]


def read_content(workbench: Workbench, stream: Stream) -> Json:
    """Describe what the files say of the spec, and what a look over it finds."""
    text = find_spec_text(workbench.studio.root, stream.id)
    data = parse_spec(text) if text is not None and stream.spec_sha256 is not None else {}
    return {
        "sha256": stream.spec_sha256,
        "language": stream.language,
        "direction": direction_of(stream.language),
        "story": story_text(stream),
        "order": [segment.id for segment in stream.segments],
        "segments": {str(segment.id): _segment(segment) for segment in stream.segments},
        "sections": [_section(section) for section in stream.sections],
        "colors": [
            {"name": color.name, "hex": color.hex, "is_color": color.is_color}
            for color in palette_colors(data)
        ],
        "texts": [
            {
                "block": one.block.value,
                "key": one.key,
                "text": one.text,
                "is_list": one.is_list,
                "is_editable": one.is_editable,
            }
            for one in named_texts(data)
        ],
        "lint": [lint_line(one) for one in workbench.specs.lint(stream.id)],
        "oddities": [
            {"path": odd.path, "message": odd.message} for odd in stream.oddities if odd.file == SPEC_FILE
        ],
    }


def read_gate(workbench: Workbench, stream_id: str) -> Json:
    """Describe the spec's gate and the verdicts on it, the newest first."""
    gates = {gate.checkpoint: gate for gate in workbench.checkpoints.standing(stream_id)}
    gate = gates[Checkpoint.SPEC]
    made = workbench.checkpoints.history(stream_id)
    verdicts = describe_verdicts(made, Checkpoint.SPEC, gate.content_sha256)
    return {"gate": describe_gate(gate), "verdicts": verdicts}


def lint_line(one: LintFinding) -> Json:
    """Describe one finding."""
    return {
        "code": one.code,
        "severity": one.severity.value,
        "place": one.place.value,
        "id": one.place_id,
        "field": one.field,
        "words": one.words,
        "advice": one.advice,
    }


def state_line(state: SpecState) -> Json:
    """Describe one state of the history."""
    return {
        "seq": state.seq,
        "sha256": state.sha256,
        "origin": state.origin.value,
        "label": state.label,
        "by": state.actor,
        "at": instant(state.happened_at),
    }


def change_line(change: ItemChange) -> Json:
    """Describe one part that differs, with its words."""
    return {
        "kind": change.kind.value,
        "id": change.item_id,
        "label": change.label,
        "change": change.change.value,
        "from_place": change.from_place,
        "to_place": change.to_place,
        "is_moved": change.is_moved,
        "fields": [
            {
                "name": field.name,
                "words": [{"change": part.change, "text": part.text} for part in field.words],
            }
            for field in change.fields
        ],
    }


def _segment(segment: Segment) -> Json:
    return {
        "id": segment.id,
        "title": segment.title,
        "represents": segment.represents,
        "image_prompt": segment.image_prompt,
        "motion_prompt": segment.motion_prompt,
        "negative_prompt": segment.negative_prompt,
        "duration_s": shown_duration(segment.duration_s),
        "has_conflict": bool(segment.prompt_conflict),
    }


def _section(section: Section) -> Json:
    return {
        "id": section.id,
        "heading": section.heading,
        "text": section.text,
        "text_type": section.text_type,
        "segment_ids": list(section.segment_ids),
    }
