from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.delivery.site_layout import lay_out
from director_lib.delivery.site_page import write_page
from director_lib.delivery.site_text import Line, TextKind, section_beats, text_kind
from director_lib.domain.stream import Scene, Section, Segment, Stream
from tests.delivery.films import Page

KINDS = ["prose", "dialogue", "poem", "letter", "quote", "heading", "list", "note", "form", "something else"]


def stream(n_segments: int, *sections: Section, story: tuple[Scene, ...] = ()) -> Stream:
    segments = tuple(Segment(number) for number in range(1, n_segments + 1))
    return Stream("film", "A film", "en", segments=segments, sections=sections, story=story)


def places(of: Stream) -> list[tuple[tuple[int, ...], list[str]]]:
    """List each passage's segments, and which sections are read there."""
    return [
        (passage.segment_ids, list(dict.fromkeys(beat.section_id for beat in passage.beats)))
        for passage in lay_out(of)
    ]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("prose", TextKind.PROSE),
        ("", TextKind.PROSE),
        ("Dialogue", TextKind.DIALOGUE),
        ("poems", TextKind.POETRY),
        ("vers", TextKind.POETRY),
        ("letter_home", TextKind.LETTER),
        ("footer", TextKind.NOTE),
        ("chapter title", TextKind.HEADING),
        ("nobody knows", TextKind.PROSE),
    ],
)
def test_the_specs_words_for_kinds_of_text_are_understood(word: str, kind: TextKind) -> None:
    assert text_kind(word) is kind


@given(st.text("ab .:–\n\t„é", max_size=700), st.sampled_from(KINDS))
def test_no_character_of_a_text_is_lost_but_space_between_its_lines(text: str, kind: str) -> None:
    beats = section_beats(Section("s", (1,), text, kind))
    shown = "\n".join(line.speaker + line.text for beat in beats for line in beat.lines)
    assert shown.split() == text.split()


def test_a_poem_keeps_its_lines_and_its_indentation() -> None:
    (beat,) = section_beats(Section("s", (1,), "First\n   second\n\nthird", "poem"))
    assert beat.lines == (Line("First\n   second"), Line("third"))


def test_a_dialogue_is_one_speech_a_line_with_its_speaker() -> None:
    (beat,) = section_beats(Section("s", (1,), "Anna: Yes?\n– No.\nAt 10:30 nothing.", "dialogue"))
    assert beat.lines == (Line(" Yes?", "Anna:"), Line("– No."), Line("At 10:30 nothing."))


def test_a_long_text_is_read_in_several_beats_with_one_heading() -> None:
    beats = section_beats(Section("s", (1,), "\n\n".join(["A calm sentence. " * 12] * 5), "", "Once", "end"))
    assert [beat.heading for beat in beats] == ["Once", "", ""]
    assert [beat.footer for beat in beats] == ["", "", "end"]


def test_a_section_lasts_as_long_as_its_segments_follow_each_other() -> None:
    made = stream(6, Section("a", (1, 2), "A"), Section("b", (4, 5), "B"), Section("c", (5,), "C"))
    assert places(made) == [((1, 2), ["a"]), ((3,), []), ((4,), ["b"]), ((5,), ["c"]), ((6,), [])]


def test_sections_of_one_segment_share_it_and_one_without_segments_follows_the_one_before() -> None:
    made = stream(
        2, Section("a", (2,), "A"), Section("b", (2,), "B"), Section("c", (), "C"), Section("d", (9,), "D")
    )
    assert places(made) == [((1,), []), ((2,), ["a", "b", "c", "d"])]


@pytest.mark.parametrize(("n_scenes", "runs"), [(1, [4]), (2, [2, 2]), (3, [1, 1, 2]), (9, [1, 1, 1, 1])])
def test_a_story_without_sections_is_spread_over_the_film(n_scenes: int, runs: list[int]) -> None:
    scenes = tuple(Scene(f"Scene {number}", f"Words {number}.") for number in range(n_scenes))
    passages = lay_out(stream(4, story=scenes))
    assert [len(passage.segment_ids) for passage in passages] == runs
    headings = [beat.heading for passage in passages for beat in passage.beats]
    assert headings == [f"Scene {number}" for number in range(n_scenes)]


@given(
    st.integers(1, 8),
    st.lists(st.lists(st.integers(0, 10), max_size=4), max_size=6),
)
def test_every_segment_and_every_text_has_exactly_one_place(n_segments: int, ids: list[list[int]]) -> None:
    sections = [Section(f"s{number}", tuple(own), f"T{number}") for number, own in enumerate(ids)]
    passages = lay_out(stream(n_segments, *sections))
    assert [one for passage in passages for one in passage.segment_ids] == list(range(1, n_segments + 1))
    shown = [beat.section_id for passage in passages for beat in passage.beats]
    assert sorted(shown) == sorted(section.id for section in sections)


def test_every_kind_of_text_is_on_the_page_in_order(tmp_path: Path) -> None:
    texts = [f"First of {kind}.\nSecond of {kind}." for kind in KINDS]
    sections = [
        Section(kind, (1,), text, kind, f"About {kind}", f"End of {kind}", ("Name", "Send"))
        for kind, text in zip(KINDS, texts, strict=True)
    ]
    path = tmp_path / "index.html"
    path.write_bytes(write_page(stream(1, *sections), {})["index.html"])
    page = Page(path)
    wanted = [f"About {kind} First of {kind}. Second of {kind}. Name Send End of {kind}" for kind in KINDS]
    assert " ".join(wanted) in page.words()
    classes = {attrs["class"].split()[1] for attrs in page.find("div") if attrs["class"].startswith("beat")}
    assert classes == {kind.value for kind in TextKind}
    assert not page.find("form")
