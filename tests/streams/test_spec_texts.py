from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.spec_edit import (
    AddSection,
    Block,
    RemoveSection,
    SectionField,
    SetColor,
    SetSection,
    SetText,
)
from director_lib.errors import InputError, StreamFileError
from director_lib.streams.folder import StreamsRoot
from tests.streams.spec_samples import SPEC, data_of, edit, text_of, write


@pytest.fixture
def folder(root: StreamsRoot) -> Path:
    path = root.root / "film"
    path.mkdir()
    write(path, SPEC)
    return path


def test_a_section_is_matched_with_other_segments_and_its_words_are_counted(
    root: StreamsRoot, folder: Path
) -> None:
    edit(root, SetSection("s1", SectionField.SEGMENTS, "2, 3"))
    edit(root, SetSection("s1", SectionField.TEXT, "Egyszer volt, hol nem."))
    edit(root, SetSection("s2", SectionField.SEGMENTS, "1"))
    one, other = data_of(folder)["sections"]
    assert one == {
        "id": "s1",
        "segment_ids": [2, 3],
        "text_content": "Egyszer volt, hol nem.",
        "word_count": 4,
    }
    assert other["segment"] == 1
    with pytest.raises(InputError, match="no segment 8"):
        edit(root, SetSection("s2", SectionField.SEGMENTS, "8"))


def test_sections_are_added_and_removed(root: StreamsRoot, folder: Path) -> None:
    edit(root, AddSection("s1", (2,), "új"))
    assert [one["id"] for one in data_of(folder)["sections"]] == ["s1", "section-3", "s2"]
    edit(root, RemoveSection("section-3"))
    assert text_of(folder) == json.dumps(SPEC, ensure_ascii=False, indent=2)


def test_a_color_is_changed_named_added_and_taken_out_where_it_stands(
    root: StreamsRoot, folder: Path
) -> None:
    edit(root, SetColor("night", "éj", "#101010"))
    edit(root, SetColor(None, "new", "#ffffff"))
    edit(root, SetColor("köd", "köd", None))
    palette = data_of(folder)["visual_direction"]["color_palette"]
    assert list(palette.items()) == [("éj", "#101010"), ("new", "#ffffff")]
    with pytest.raises(InputError, match="already"):
        edit(root, SetColor("new", "éj", "#ffffff"))


@pytest.mark.parametrize(
    ("palette", "changed"),
    [
        ([{"name": "a", "hex": "#000000", "use": "x"}], [{"name": "b", "hex": "#111111", "use": "x"}]),
        ({"a": {"hex": "#000000", "share": 0.5}}, {"b": {"hex": "#111111", "share": 0.5}}),
        ({"group": {"a": "#000000 – deep"}}, {"group": {"b": "#111111 – deep"}}),
    ],
)
def test_a_palette_in_any_form_keeps_it(root: StreamsRoot, folder: Path, palette: Any, changed: Any) -> None:
    write(folder, {**SPEC, "visual_direction": {"palette": palette}})
    edit(root, SetColor("a", "b", "#111111"))
    assert data_of(folder)["visual_direction"]["palette"] == changed


def test_a_stream_without_direction_gets_a_palette(root: StreamsRoot, folder: Path) -> None:
    write(folder, {"visual_direction": "quiet", "segments": [{"id": 1}]})
    edit(root, SetColor(None, "a", "#000000"))
    direction = {"aesthetic": "quiet", "color_palette": {"a": "#000000"}}
    assert data_of(folder)["visual_direction"] == direction


def test_named_texts_are_set_added_and_taken_out_and_lists_stay_lists(
    root: StreamsRoot, folder: Path
) -> None:
    edit(root, SetText(Block.DIRECTION, "references", "one\nthree\n\nfour"))
    edit(root, SetText(Block.DIRECTION, "style", ""))
    edit(root, SetText(Block.RULES, "safe_zone", "right third"))
    spec = data_of(folder)
    assert spec["visual_direction"]["references"] == ["one", "three", "four"]
    assert "style" not in spec["visual_direction"]
    assert spec["composition_rules"] == {"prompt_suffix": "35 mm", "safe_zone": "right third"}
    with pytest.raises(StreamFileError, match="text editor"):
        edit(root, SetText(Block.DIRECTION, "grade", "high"))
