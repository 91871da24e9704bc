"""What belongs to a story, a spec and a final cut, field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.content import CutItem, final_sha256, spec_content_sha256, story_sha256
from director_lib.domain.stream import Dialect, Oddity, Scene, Section, Segment, Stream
from director_lib.domain.version import Kind

SEGMENT = Segment(
    1,
    title="The harbour",
    image_prompt="a harbour at dawn",
    motion_prompt="push in",
    negative_prompt="text",
    represents="leaving",
    duration_s=5.0,
)
SECTION = Section("one", (1,), "Once upon a time.", "prose", "First")
STREAM = Stream(
    "film",
    "The film",
    "en",
    Dialect.SHORT,
    (SEGMENT, Segment(2, image_prompt="ice")),
    (SECTION, Section("two", (2,), "Then winter.")),
    (Scene("Start", "Once upon a time."), Scene("", "Then winter.")),
    {"tone": "quiet", "audience": "all"},
    {"night": "#0b1020", "ice": "#d0e0ff"},
    {"lighting": "low", "lens": "50 mm"},
    "on film",
    "blurry",
    1280,
    720,
    "f" * 64,
    "https://example.com",
    (),
)
CUT = tuple(CutItem(number, kind, f"{number}{kind}", approved=True) for number in (1, 2) for kind in Kind)

STORY_CHANGES: dict[str, Any] = {"story": STREAM.story[:1], "brief": {"tone": "loud", "audience": "all"}}
SPEC_CHANGES: dict[str, Any] = {
    "segments": STREAM.segments[:1],
    "sections": (SECTION,),
    "palette": {"night": "#0b1020"},
    "visual_direction": {"lighting": "high", "lens": "50 mm"},
    "prompt_suffix": "on paper",
    "negative_prompt": "",
    "width": 1920,
    "height": 1080,
}
FINAL_CHANGES: dict[str, Any] = {"title": "Another title", "language": "hu"}
NEITHER: dict[str, Any] = {
    "id": "feature",
    "dialect": Dialect.ART_FILM,
    "deployed_url": "",
    "oddities": (Oddity("production.json", "$", "odd"),),
    "spec_sha256": "e" * 64,
}
SEGMENT_CHANGES: dict[str, Any] = {
    "id": 9,
    "title": "A harbour",
    "image_prompt": "a harbour at night",
    "motion_prompt": "pull out",
    "negative_prompt": "",
    "represents": "arriving",
    "duration_s": 6.0,
}
SEGMENT_KEYS: dict[str, Any] = {
    "image_prompt_keys": ("keyframe_prompt",),
    "motion_prompt_keys": ("animation_prompt",),
    "prompt_conflict": {"keyframe_prompt": "another"},
}
SECTION_CHANGES: dict[str, Any] = {
    "id": "first",
    "segment_ids": (1, 2),
    "text": "Once.",
    "text_type": "poem",
    "heading": "",
    "footer": "The end",
    "form": ("Your name",),
    "layout": "left",
}


def final(stream: Stream, cut: tuple[CutItem, ...] = CUT) -> str | None:
    return final_sha256(stream, cut)


def test_every_field_of_a_stream_was_given_its_place() -> None:
    assert {*STORY_CHANGES, *SPEC_CHANGES, *FINAL_CHANGES, *NEITHER} == {
        field.name for field in fields(Stream)
    }
    assert {*SEGMENT_CHANGES, *SEGMENT_KEYS} == {field.name for field in fields(Segment)}
    assert set(SECTION_CHANGES) == {field.name for field in fields(Section)}


@pytest.mark.parametrize("field", sorted(STORY_CHANGES))
def test_the_story_is_another_one_and_the_spec_is_not(field: str) -> None:
    changed = replace(STREAM, **{field: STORY_CHANGES[field]})
    assert story_sha256(changed) != story_sha256(STREAM)
    assert spec_content_sha256(changed) == spec_content_sha256(STREAM)


@pytest.mark.parametrize("field", sorted(SPEC_CHANGES))
def test_the_spec_and_the_cut_are_other_ones_and_the_story_is_not(field: str) -> None:
    changed = replace(STREAM, **{field: SPEC_CHANGES[field]})
    assert spec_content_sha256(changed) != spec_content_sha256(STREAM)
    assert final(changed) != final(STREAM)
    assert story_sha256(changed) == story_sha256(STREAM)


@pytest.mark.parametrize("field", sorted(FINAL_CHANGES))
def test_what_only_readers_see_is_another_cut_and_the_same_story_and_spec(field: str) -> None:
    changed = replace(STREAM, **{field: FINAL_CHANGES[field]})
    assert final(changed) != final(STREAM)
    for digest in (story_sha256, spec_content_sha256):
        assert digest(changed) == digest(STREAM)


def test_a_story_that_readers_see_because_there_is_no_section_belongs_to_the_cut() -> None:
    bare = replace(STREAM, sections=())
    assert final(replace(bare, story=STORY_CHANGES["story"])) != final(bare)
    assert final(replace(STREAM, story=STORY_CHANGES["story"])) == final(STREAM)


@pytest.mark.parametrize("field", sorted(NEITHER))
def test_what_nobody_judges_there_changes_nothing(field: str) -> None:
    changed = replace(STREAM, **{field: NEITHER[field]})
    for digest in (story_sha256, spec_content_sha256, final):
        assert digest(changed) == digest(STREAM)


@pytest.mark.parametrize("field", sorted(SEGMENT_CHANGES))
def test_a_changed_segment_is_another_spec(field: str) -> None:
    segment = replace(SEGMENT, **{field: SEGMENT_CHANGES[field]})
    changed = replace(STREAM, segments=(segment, STREAM.segments[1]))
    assert spec_content_sha256(changed) != spec_content_sha256(STREAM)


@pytest.mark.parametrize("field", sorted(SEGMENT_KEYS))
def test_under_which_key_a_prompt_stands_changes_nothing(field: str) -> None:
    segment = replace(SEGMENT, **{field: SEGMENT_KEYS[field]})
    changed = replace(STREAM, segments=(segment, STREAM.segments[1]))
    assert spec_content_sha256(changed) == spec_content_sha256(STREAM)


@pytest.mark.parametrize("field", sorted(SECTION_CHANGES))
def test_a_changed_section_is_another_spec(field: str) -> None:
    section = replace(SECTION, **{field: SECTION_CHANGES[field]})
    changed = replace(STREAM, sections=(section, STREAM.sections[1]))
    assert spec_content_sha256(changed) != spec_content_sha256(STREAM)


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text + "  \n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", " \t\n"),
        lambda text: text.replace("é", "e\u0301"),
    ],
    ids=["space at the end", "line ends", "space at line ends", "letters put together"],
)
def test_how_a_text_is_written_changes_nothing(rewrite: Callable[[str], str]) -> None:
    text = "Él az éj.\nMegjött a tél."
    told = replace(STREAM, story=(Scene("", text),), visual_direction={"lighting": text})
    again = replace(STREAM, story=(Scene("", rewrite(text)),), visual_direction={"lighting": rewrite(text)})
    assert story_sha256(told) == story_sha256(again)
    assert spec_content_sha256(told) == spec_content_sha256(again)


@given(st.permutations(["brief", "tone", "audience", "cta"]))
def test_the_order_of_keys_changes_nothing(keys: list[str]) -> None:
    texts = {key: key.upper() for key in keys}
    changed = replace(STREAM, brief=texts, visual_direction=texts, palette=texts)
    known = {key: key.upper() for key in sorted(keys)}
    expected = replace(STREAM, brief=known, visual_direction=known, palette=known)
    assert story_sha256(changed) == story_sha256(expected)
    assert spec_content_sha256(changed) == spec_content_sha256(expected)


@given(st.text(), st.text())
def test_any_text_can_be_digested_and_words_never_run_together(one: str, other: str) -> None:
    told = replace(STREAM, story=(Scene(one, other),))
    joined = replace(STREAM, story=(Scene("", one + other),))
    assert (story_sha256(told) == story_sha256(joined)) == (not one.strip())


def test_nothing_to_judge_has_no_digest() -> None:
    assert story_sha256(Stream("film", "Film", brief={"tone": "quiet"})) is None
    assert spec_content_sha256(Stream("film", "Film")) is None
    assert final_sha256(Stream("film", "Film", spec_sha256="f" * 64), []) is None
    assert final_sha256(Stream("film", "Film"), CUT) is None


def test_one_thing_is_never_taken_for_another() -> None:
    assert len({story_sha256(STREAM), spec_content_sha256(STREAM), final(STREAM)}) == 3


@pytest.mark.parametrize("change", [{"sha256": "other"}, {"sha256": None}, {"approved": False}])
@pytest.mark.parametrize("which", range(4))
def test_each_file_and_its_approval_belong_to_the_cut(which: int, change: dict[str, Any]) -> None:
    items = [item._replace(**change) if number == which else item for number, item in enumerate(CUT)]
    assert final_sha256(STREAM, items) != final_sha256(STREAM, CUT)


def test_in_which_order_the_files_are_listed_changes_nothing() -> None:
    assert final_sha256(STREAM, reversed(CUT)) == final_sha256(STREAM, CUT)
