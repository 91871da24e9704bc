from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.camera_words import camera_moves
from director_lib.domain.prompt_lint import lint_prompts
from director_lib.domain.spec_lint import EngineReach, LintedSpec, LintFinding, lint_palette, lint_structure
from director_lib.domain.story_match import find_differences, lint_story
from director_lib.domain.story_split import split_story
from director_lib.domain.stream import Scene, Section, Segment, Stream

STILL = "An old lighthouse on a cliff above the sea at dusk, wide shot"


def film(*segments: Segment, **more: object) -> Stream:
    return Stream("film", "Film", segments=segments, **more)  # type: ignore[arg-type]


def segment(number: int, motion: str = "Slow push in", image: str = STILL, **more: object) -> Segment:
    return Segment(number, image_prompt=image, motion_prompt=motion, **more)  # type: ignore[arg-type]


def codes(found: list[LintFinding]) -> list[tuple[str, str]]:
    return [(one.code, one.place_id) for one in found]


def prompts(*segments: Segment, **more: object) -> list[tuple[str, str]]:
    return codes(list(lint_prompts(LintedSpec(film(*segments), **more))))  # type: ignore[arg-type]


def test_a_good_spec_has_nothing_to_say() -> None:
    assert prompts(segment(1), segment(2, "Slow pan left"), segment(3, "Slow tilt up")) == []


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ("", "missing_image_prompt"),
        ("  ", "missing_image_prompt"),
        ("a beautiful scene", "vague_image_prompt"),
        ("nagyon szép jelenet", "vague_image_prompt"),
        ("eine sehr schöne Szene", "vague_image_prompt"),
    ],
)
def test_a_missing_or_vague_image_prompt_is_found(image: str, code: str) -> None:
    assert (code, "1") in prompts(segment(1, image=image))


@pytest.mark.parametrize("motion", ["movement", "cinematic motion", "mozgás", "dynamic", "schöne Bewegung"])
def test_a_vague_motion_prompt_is_found(motion: str) -> None:
    assert ("vague_motion_prompt", "1") in prompts(segment(1, motion))


@pytest.mark.parametrize(
    "motion",
    ["Lassan közelít a kamera", "Slow push in", "Langsamer Schwenk nach links", "the reeds bend in the wind"],
)
def test_a_motion_prompt_that_names_a_movement_is_none(motion: str) -> None:
    assert prompts(segment(1, motion)) == []


def test_a_missing_motion_prompt_and_a_cut_within_a_clip_are_found() -> None:
    assert prompts(segment(1, "")) == [("missing_motion_prompt", "1")]
    assert ("motion_cut", "1") in prompts(segment(1, "Slow push in, then cut to the window"))


def test_a_conflict_of_two_prompts_is_found() -> None:
    odd = segment(1, prompt_conflict={"image_prompt": "a", "keyframe_prompt": "b"})
    assert prompts(odd) == [("prompt_conflict", "1")]


def test_the_same_camera_twice_in_a_row_is_found_and_not_with_another_between() -> None:
    assert prompts(segment(1), segment(2, "A gentle push in")) == [("repeated_camera", "2")]
    assert prompts(segment(1), segment(2, "Slow pan left"), segment(3)) == []


@pytest.mark.parametrize(("seconds", "found"), [(0.5, True), (1, False), (8, False), (8.5, True)])
def test_a_duration_out_of_the_engines_range_is_found(seconds: float, found: bool) -> None:
    reach = {1: EngineReach("google", 1.0, 8.0)}
    one = segment(1, duration_s=float(seconds))
    assert (("duration_beyond_engine", "1") in prompts(one, reaches=reach)) is found


def test_a_motion_without_a_camera_is_beyond_an_engine_that_only_moves_the_camera() -> None:
    one = segment(1, "The girl runs through the reeds")
    assert prompts(one, reaches={1: EngineReach("local", camera_only=True)}) == [
        ("motion_beyond_engine", "1")
    ]
    assert prompts(one, reaches={1: EngineReach("google")}) == []


def test_a_last_picture_that_takes_up_nothing_of_the_first_is_found() -> None:
    moves = ("Slow pan left", "Slow tilt up", "Slow pan right")
    middle = [segment(number, move) for number, move in enumerate(moves, start=2)]
    last = replace(middle[-1], image_prompt="A crowded market street under red paper lanterns")
    assert prompts(segment(1), *middle) == []
    assert prompts(segment(1), *middle[:-1], last) == [("missing_bookend", "4")]


def test_palette_entries_that_are_no_rrggbb_are_found() -> None:
    spec = LintedSpec(film(segment(1)), colors=(("night", "#0b1020"), ("red", "crimson"), ("short", "#fff")))
    assert codes(list(lint_palette(spec))) == [("palette_color", "red"), ("palette_color", "short")]
    assert codes(list(lint_palette(LintedSpec(film(segment(1)))))) == [("no_palette", "")]


def test_numbers_and_matches_are_checked() -> None:
    sections = (Section("a", (1, 9)), Section("b", ()), Section("b", (1,)))
    stream = film(segment(1), segment(2), sections=sections)
    spec = LintedSpec(stream, repeated_ids=(1,), unnumbered_ids=(2,))
    assert codes(list(lint_structure(spec))) == [
        ("repeated_id", "1"),
        ("missing_id", "2"),
        ("repeated_section", "b"),
        ("unknown_segment", "a"),
        ("section_without_segment", "b"),
        ("segment_without_section", "2"),
    ]
    assert codes(list(lint_structure(LintedSpec(film())))) == [("no_segments", "")]


def with_text(story: str, *texts: str) -> Stream:
    sections = tuple(Section(f"s{number}", (1,), text) for number, text in enumerate(texts, start=1))
    return film(segment(1), story=(Scene("", story),), sections=sections)


def test_the_place_where_a_section_leaves_the_story_is_told_to_the_character() -> None:
    stream = with_text("Volt egyszer.\nHol nem volt.", "Volt egyszer.", "Hol nem vólt.")
    [one] = find_differences(stream)
    assert (one.section_id, one.offset, one.line, one.column) == ("s2", 9, 2, 10)
    [found] = lint_story(stream)
    assert "character 10 (line 2, column 10" in found.words


def test_a_section_after_one_that_differs_is_still_compared() -> None:
    story = "The first part has many words in it, all of them good. The second part follows here. The end."
    first = "The first part hax many words in it, all of them good."
    found = find_differences(with_text(story, first, "The second part follows here.", "The ent."))
    assert [one.section_id for one in found] == ["s1", "s3"]


def test_a_story_that_goes_on_after_the_last_section_is_found() -> None:
    [one] = find_differences(with_text("One. Two.", "One."))
    assert (one.section_id, one.story) == ("", "Two.")


def test_forms_and_footers_are_not_the_story() -> None:
    stream = with_text("One.", "One.")
    more = (*stream.sections, Section("form", (1,), "Write to us", text_type="form"))
    assert find_differences(replace(stream, sections=more)) == []


@given(
    st.lists(st.text(st.characters(categories=["Ll", "Lu", "Po", "Zs"]), max_size=30), max_size=6), st.data()
)
def test_any_division_of_a_story_into_sections_is_the_story_and_one_other_letter_is_not(
    lines: list[str], data: st.DataObject
) -> None:
    story = "\n".join(lines)
    texts = [part.text for part in split_story((Scene("", story),), wanted=data.draw(st.integers(1, 5)))]
    assert find_differences(with_text(story, *texts)) == []
    assert "".join("".join(texts).split()) == "".join(story.split())
    if texts:
        number = data.draw(st.integers(0, len(texts) - 1))
        at = data.draw(st.integers(0, len(texts[number]) - 1))
        texts[number] = f"{texts[number][:at]}☃{texts[number][at + 1 :]}"
        [first, *_] = find_differences(with_text(story, *texts))
        assert first.section_id == f"s{number + 1}"


@pytest.mark.parametrize(
    ("motion", "moves"),
    [
        ("Slow pan left to right", ("pan right",)),
        ("Lassan balra úszik a kamera", ("pan left", "drift")),
        ("Kamerafahrt nach rechts", ("pan right",)),
        ("Static, locked off", ("hold still",)),
        ("", ()),
    ],
)
def test_camera_moves_are_read_in_three_languages(motion: str, moves: tuple[str, ...]) -> None:
    assert camera_moves(motion) == moves
