from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.domain.spec_edit import (
    AddSegment,
    Block,
    MoveSegment,
    RemoveSection,
    RemoveSegment,
    SectionField,
    SegmentField,
    SetColor,
    SetSection,
    SetSegment,
    SetText,
    SpecEdit,
    SplitSegment,
)
from director_lib.errors import InputError, NotFoundError, RuleError, StaleWriteError
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.spec_writer import write_spec_edit
from tests.streams.spec_samples import SPEC, data_of, edit, order, text_of, write


@pytest.fixture
def folder(root: StreamsRoot) -> Path:
    path = root.root / "film"
    path.mkdir()
    write(path, SPEC)
    return path


def test_a_new_segment_gets_a_number_that_none_ever_had_and_joins_its_neighbours_section(
    root: StreamsRoot, folder: Path
) -> None:
    made = edit(root, AddSegment(2, "Új"), taken_ids={9})
    assert made.new_id == 10
    assert order(folder) == [1, 2, 10, 3]
    assert data_of(folder)["segments"][2] == {
        "id": 10,
        "title": "Új",
        "image_prompt": "",
        "motion_prompt": "",
    }
    assert data_of(folder)["sections"][0]["segment_ids"] == [1, 2, 10]


def test_a_segment_can_begin_the_film(root: StreamsRoot, folder: Path) -> None:
    assert edit(root, AddSegment(None)).new_id == 4
    assert order(folder) == [4, 1, 2, 3]


def test_a_split_segment_keeps_its_number_and_shares_what_it_stands_for(
    root: StreamsRoot, folder: Path
) -> None:
    made = edit(root, SplitSegment(3, at=6))
    assert made.new_id == 4
    first, second = data_of(folder)["segments"][2:]
    assert (first["id"], first["represents"]) == (3, "first.")
    assert (second["id"], second["represents"]) == (4, "second.")
    assert second["image_prompt"] == "c"
    assert data_of(folder)["sections"][1]["segment"] == [3, 4]


def test_a_move_changes_the_order_and_no_number(root: StreamsRoot, folder: Path) -> None:
    edit(root, MoveSegment(3, before=1))
    assert order(folder) == [3, 1, 2]
    edit(root, MoveSegment(3, before=None))
    assert order(folder) == [1, 2, 3]
    assert text_of(folder) == json.dumps(SPEC, ensure_ascii=False, indent=2)


def test_a_removed_segment_leaves_its_sections_and_their_words(root: StreamsRoot, folder: Path) -> None:
    edit(root, RemoveSegment(2))
    assert order(folder) == [1, 3]
    assert data_of(folder)["sections"][0] == SPEC["sections"][0] | {"segment_ids": [1]}
    edit(root, RemoveSegment(3))
    assert data_of(folder)["sections"][1]["segment"] == []


def test_segments_that_went_by_their_position_get_their_numbers_written_before_they_move(
    root: StreamsRoot, folder: Path
) -> None:
    write(folder, {"segments": [{"title": "a"}, {"title": "b"}, {"id": 7, "title": "c"}]})
    assert order(folder) == [1, 2, 7]
    edit(root, MoveSegment(7, before=1))
    assert [(one["id"], one["title"]) for one in data_of(folder)["segments"]] == [
        (7, "c"),
        (1, "a"),
        (2, "b"),
    ]


def test_segments_with_the_same_number_are_left_to_a_person(root: StreamsRoot, folder: Path) -> None:
    write(folder, {"segments": [{"id": 1}, {"id": 1}, {"id": 2}]})
    before = text_of(folder)
    with pytest.raises(RuleError, match="own number"):
        edit(root, MoveSegment(2, before=1))
    assert text_of(folder) == before


def test_segments_that_are_listed_as_sections_can_be_edited_too(root: StreamsRoot, folder: Path) -> None:
    write(folder, {"sections": [{"id": "a", "segment": 1, "text": "x"}, {"id": "b", "segment": 2}]})
    assert edit(root, AddSegment(1)).new_id == 3
    edit(root, MoveSegment(2, before=1))
    assert order(folder) == [2, 1, 3]
    edit(root, RemoveSegment(1))
    assert order(folder) == [2, 3]
    assert data_of(folder)["sections"][1] == {"id": "a", "text": "x"}


@pytest.mark.parametrize(
    ("one", "key", "value"),
    [
        (SetSegment(1, SegmentField.TITLE, "Új cím"), "title", "Új cím"),
        (SetSegment(2, SegmentField.TITLE, "Új cím"), "name", "Új cím"),
        (SetSegment(2, SegmentField.DURATION, "4,5 s"), "duration", 4.5),
        (SetSegment(3, SegmentField.DURATION, "5"), "frame_count", 120),
        (SetSegment(1, SegmentField.DURATION, "6"), "duration", 6),
        (SetSegment(1, SegmentField.REPRESENTS, "x"), "represents", "x"),
    ],
)
def test_a_field_is_written_under_the_key_that_the_segment_uses(
    root: StreamsRoot, folder: Path, one: SetSegment, key: str, value: object
) -> None:
    edit(root, one)
    changed = data_of(folder)["segments"][one.segment_id - 1]
    assert changed == SPEC["segments"][one.segment_id - 1] | {key: value}


def test_an_edit_over_words_that_its_writer_did_not_see_is_refused(root: StreamsRoot, folder: Path) -> None:
    before = text_of(folder)
    for one in (
        SetSegment(1, SegmentField.TITLE, "mine", base="old"),
        SetSection("s1", SectionField.TEXT, "mine", base="old"),
        SetText(Block.DIRECTION, "style", "mine", base="old"),
    ):
        with pytest.raises(StaleWriteError):
            edit(root, one)
    assert edit(root, SetSegment(1, SegmentField.TITLE, "Egy", base="old")).after == before
    with pytest.raises(StaleWriteError):
        write_spec_edit(root, "film", MoveSegment(1, None), expected_sha256="0" * 64)
    assert text_of(folder) == before


@pytest.mark.parametrize(
    "one", [MoveSegment(8, 1), MoveSegment(1, 8), RemoveSegment(8), AddSegment(8), RemoveSection("x")]
)
def test_what_is_not_there_cannot_be_edited(root: StreamsRoot, folder: Path, one: SpecEdit) -> None:
    with pytest.raises(NotFoundError):
        edit(root, one)


_EDITS = st.one_of(
    st.builds(MoveSegment, st.integers(1, 4), st.none() | st.integers(1, 4)),
    st.builds(RemoveSegment, st.integers(1, 4)),
    st.builds(SplitSegment, st.integers(1, 4)),
    st.builds(AddSegment, st.none() | st.integers(1, 4), st.text(max_size=5)),
    st.builds(SetSegment, st.integers(1, 4), st.just(SegmentField.TITLE), st.text('aé"\\\n', max_size=5)),
    st.builds(
        SetColor, st.sampled_from(["night", None]), st.sampled_from(["night", "új"]), st.just("#abcdef")
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(_EDITS, max_size=6),
    style=st.sampled_from([{"indent": 2}, {"indent": "\t"}, {"indent": None}]),
)
def test_whatever_is_edited_unknown_keys_and_spelling_survive_and_no_number_changes_its_segment(
    root: StreamsRoot, folder: Path, edits: list[SpecEdit], style: dict[str, Any]
) -> None:
    write(folder, SPEC, **style)
    taken: set[int] = {1, 2, 3}
    marks = {1: {"x": 1.5}}
    for one in edits:
        try:
            made = edit(root, one, taken_ids=taken)
        except (NotFoundError, InputError):
            continue
        if made.new_id is not None:
            assert made.new_id not in taken
            taken.add(made.new_id)
            if isinstance(one, SplitSegment) and one.segment_id in marks:
                marks[made.new_id] = marks[one.segment_id]
    spec = data_of(folder)
    assert spec["unknown"] == SPEC["unknown"]
    assert '"contrast": 1.5' in text_of(folder)
    ids = [segment["id"] for segment in spec["segments"]]
    assert len(ids) == len(set(ids))
    assert {one["id"]: one["odd"] for one in spec["segments"] if "odd" in one}.items() <= marks.items()
    assert all(set(one.get("segment_ids", [])) <= set(ids) for one in spec["sections"])
