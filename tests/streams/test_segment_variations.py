from __future__ import annotations

from typing import Any

import pytest

from director_lib.streams.folder import StreamsRoot
from tests.streams.shapes import make_and_read, odd_paths, with_segments


@pytest.mark.parametrize(
    ("item", "title"),
    [({"title": "A", "name": "B"}, "A"), ({"name": "B"}, "B"), ({}, ""), ({"title": "", "name": "B"}, "B")],
)
def test_a_title_may_be_called_title_or_name_or_be_missing(
    root: StreamsRoot, item: dict[str, str], title: str
) -> None:
    stream = make_and_read(root, with_segments({"id": 1, **item}))
    assert stream.segments[0].title == title
    assert stream.oddities == ()


def test_two_differing_image_prompts_are_shown_as_a_conflict(root: StreamsRoot) -> None:
    stream = make_and_read(root, with_segments({"id": 1, "keyframe_prompt": "snow", "image_prompt": "rain"}))
    segment = stream.segments[0]
    assert segment.prompt_conflict == {"keyframe_prompt": "snow", "image_prompt": "rain"}
    assert segment.image_prompt_keys == ("keyframe_prompt", "image_prompt")
    assert odd_paths(stream) == ["$.segments[0].image_prompt"]


@pytest.mark.parametrize("other", ["rain", "", None])
def test_two_image_prompts_that_agree_or_one_empty_are_no_conflict(root: StreamsRoot, other: Any) -> None:
    stream = make_and_read(root, with_segments({"id": 1, "keyframe_prompt": "rain", "image_prompt": other}))
    segment = stream.segments[0]
    assert (segment.image_prompt, segment.prompt_conflict) == ("rain", {})
    assert segment.image_prompt_keys == ("keyframe_prompt", "image_prompt")


@pytest.mark.parametrize("key", ["motion_prompt", "animation_prompt"])
def test_the_clip_s_prompt_has_two_names(root: StreamsRoot, key: str) -> None:
    segment = make_and_read(root, with_segments({"id": 1, key: "pan left"})).segments[0]
    assert (segment.motion_prompt, segment.motion_prompt_keys) == ("pan left", (key,))


def test_two_differing_motion_prompts_are_an_oddity(root: StreamsRoot) -> None:
    stream = make_and_read(root, with_segments({"id": 1, "animation_prompt": "pan", "motion_prompt": "tilt"}))
    assert stream.segments[0].motion_prompt == "tilt"
    assert odd_paths(stream) == ["$.segments[0].motion_prompt"]


def test_segments_without_any_prompt_aremake_and_read(root: StreamsRoot) -> None:
    stream = make_and_read(root, with_segments({"id": 1, "concept": "x"}, {"id": 2}))
    assert [(segment.image_prompt, segment.image_prompt_keys) for segment in stream.segments] == [
        ("", ())
    ] * 2
    assert stream.oddities == ()


@pytest.mark.parametrize(
    ("item", "seconds"),
    [
        ({"duration": 7}, 7.0),
        ({"duration": "7.5"}, 7.5),
        ({"duration": "7 s"}, 7.0),
        ({"duration": "7,5 seconds"}, 7.5),
        ({"duration_seconds": 4}, 4.0),
        ({"frame_count": 96}, 4.0),
        ({"frame_count": "48"}, 2.0),
        ({}, 5.0),
        ({"duration": None, "duration_seconds": 3}, 3.0),
    ],
)
def test_a_duration_is_read_in_every_spelling(
    root: StreamsRoot, item: dict[str, Any], seconds: float
) -> None:
    stream = make_and_read(root, with_segments({"id": 1, **item}))
    assert stream.segments[0].duration_s == seconds
    assert stream.oddities == ()


@pytest.mark.parametrize(
    "value", [0, -1, "long", True, [], {"s": 5}, 1e9, pytest.param(10**400, id="huge"), "1e400"]
)
def test_an_impossible_duration_is_an_oddity_and_the_usual_one_is_used(root: StreamsRoot, value: Any) -> None:
    stream = make_and_read(root, with_segments({"id": 1, "duration": value}))
    assert stream.segments[0].duration_s == 5.0
    assert odd_paths(stream) == ["$.segments[0].duration"]


def test_nan_and_infinity_are_no_durations(root: StreamsRoot) -> None:
    stream = make_and_read(
        root, '{"segments": [{"id": 1, "duration": NaN}, {"id": 2, "duration": Infinity}]}'
    )
    assert [segment.duration_s for segment in stream.segments] == [5.0, 5.0]
    assert len(stream.oddities) == 2


@pytest.mark.parametrize("key", ["represents", "narrative", "text_excerpt"])
def test_what_a_segment_stands_for_has_three_names(root: StreamsRoot, key: str) -> None:
    assert make_and_read(root, with_segments({"id": 1, key: "grief"})).segments[0].represents == "grief"


def test_segments_come_in_the_files_order_whatever_their_numbers(root: StreamsRoot) -> None:
    stream = make_and_read(root, with_segments({"id": 3}, {"id": "1"}, {"id": 2.0}))
    assert [segment.id for segment in stream.segments] == [3, 1, 2]
    assert stream.oddities == ()


def test_of_segments_with_the_same_id_the_first_is_kept(root: StreamsRoot) -> None:
    stream = make_and_read(
        root, with_segments({"id": 1, "title": "first"}, {"id": "1", "title": "second"}, {"id": 2})
    )
    assert [(segment.id, segment.title) for segment in stream.segments] == [(1, "first"), (2, "")]
    assert odd_paths(stream) == ["$.segments[1].id"]
    assert "1 appears twice" in stream.oddities[0].message


@pytest.mark.parametrize("value", [None, "two", -2, 1.5, True, [], 10**12])
def test_a_missing_or_unusable_id_is_numbered_by_position(root: StreamsRoot, value: Any) -> None:
    stream = make_and_read(root, with_segments({"id": 1}, {"id": value, "title": "here"}, {"id": 3}))
    assert stream.get_segment(2).title == "here"
    assert odd_paths(stream) == ["$.segments[1].id"]


def test_a_segment_without_id_whose_position_is_taken_gets_the_next_free_number(root: StreamsRoot) -> None:
    stream = make_and_read(root, with_segments({"id": 2, "title": "a"}, {"title": "b"}, {"title": "c"}))
    assert [(segment.id, segment.title) for segment in stream.segments] == [(2, "a"), (3, "b"), (4, "c")]
    assert len(stream.oddities) == 2


@pytest.mark.parametrize("value", [7, True, ["a"], {"a": 1}, None])
@pytest.mark.parametrize("key", ["title", "image_prompt", "motion_prompt", "negative_prompt", "narrative"])
def test_a_text_of_the_wrong_type_is_an_oddity_at_most(root: StreamsRoot, key: str, value: Any) -> None:
    stream = make_and_read(root, with_segments({"id": 1, key: value}))
    listed_negatives = key == "negative_prompt" and value == ["a"]
    expected = [] if value is None or listed_negatives else [f"$.segments[0].{key}"]
    assert odd_paths(stream) == expected


@pytest.mark.parametrize("segments", [7, "none", {"1": {}}, True])
def test_segments_that_are_no_list_are_an_oddity(root: StreamsRoot, segments: Any) -> None:
    stream = make_and_read(root, {"stream": {}, "segments": segments})
    assert stream.segments == ()
    assert "$.segments" in odd_paths(stream)


def test_a_segment_that_is_no_object_is_left_out(root: StreamsRoot) -> None:
    stream = make_and_read(root, with_segments("text", {"id": 2}, None, 5))
    assert [segment.id for segment in stream.segments] == [2]
    assert odd_paths(stream) == ["$.segments[0]", "$.segments[2]", "$.segments[3]"]


def test_a_section_s_text_is_kept_to_the_character(root: StreamsRoot) -> None:
    text = "  Első sor.\n\n\tMásodik —  vége. \n"
    spec = {"segments": [{"id": 1}], "sections": [{"id": "s", "segment_ids": ["1"], "text_content": text}]}
    assert make_and_read(root, spec).sections[0].text == text


def test_odd_sections_are_read_as_well_as_possible(root: StreamsRoot) -> None:
    sections = [{"id": 4, "segment_ids": 1, "title": "T"}, "text", {"segment_ids": [9, "x"]}]
    stream = make_and_read(root, {"segments": [{"id": 1}], "sections": sections})
    assert [(section.id, section.segment_ids) for section in stream.sections] == [
        ("4", (1,)),
        ("section-3", (9,)),
    ]
    assert stream.sections[0].heading == "T"
    assert odd_paths(stream) == [
        "$.sections[1]",
        "$.sections[2].id",
        "$.sections[2].segment_ids",
        "$.sections[2].segment_ids",
    ]
