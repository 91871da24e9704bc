"""A spec in a handwriting of its own, and edits of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from director_lib.domain.spec_edit import SpecEdit
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_spec_text
from director_lib.streams.spec_writer import WrittenSpec, write_spec_edit

SPEC: dict[str, Any] = {
    "stream": {"id": "film", "title": "Film"},
    "visual_direction": {
        "style": "quiet",
        "color_palette": {"night": "#0B1020", "köd": "#d3d8d3"},
        "references": ["one", "two"],
        "grade": {"contrast": 1.50},
    },
    "composition_rules": {"prompt_suffix": "35 mm"},
    "segments": [
        {"id": 1, "title": "Egy", "image_prompt": "a", "motion_prompt": "m", "odd": {"x": 1.50}},
        {"id": 2, "name": "Kettő", "keyframe_prompt": "b", "animation_prompt": "n", "duration": 5.0},
        {"id": 3, "title": "Három", "image_prompt": "c", "represents": "first. second.", "frame_count": 96},
    ],
    "sections": [
        {"id": "s1", "segment_ids": [1, 2], "text_content": "Volt egyszer.", "word_count": 2},
        {"id": "s2", "segment": 3, "text": "hol nem volt."},
    ],
    "unknown": [1, 2.50, None],
}


def write(folder: Path, spec: Any, **style: Any) -> None:
    text = json.dumps(spec, ensure_ascii=False, **({"indent": 2} | style))
    (folder / "production.json").write_text(text, encoding="utf-8")


def text_of(folder: Path) -> str:
    return (folder / "production.json").read_text(encoding="utf-8")


def data_of(folder: Path) -> Any:
    return json.loads(text_of(folder))


def edit(root: StreamsRoot, one: SpecEdit, **more: Any) -> WrittenSpec:
    return write_spec_edit(root, "film", one, expected_sha256=None, **more)


def order(folder: Path) -> list[int]:
    return [segment.id for segment in read_spec_text("film", text_of(folder)).segments]
