from __future__ import annotations

from director_lib.delivery.reading_view import story_parts, story_text
from director_lib.delivery.site_text import TextKind
from director_lib.domain.stream import Scene, Section, Stream

POEM = "Rain on the sill,\nrain on the stone."
TALK = "Ann: Are you there?\nBob: No."


def stream(*scenes: Scene, sections: tuple[Section, ...] = ()) -> Stream:
    return Stream("film", "The film", story=scenes, sections=sections)


def test_a_plain_story_is_one_part_of_its_paragraphs_however_long() -> None:
    paragraphs = [f"Paragraph {number}. " + "word " * 90 for number in range(9)]
    [part] = story_parts(stream(Scene("", "\n\n".join(paragraphs))))
    assert part.kind is TextKind.PROSE
    assert [line.text for line in part.lines] == paragraphs


def test_passages_are_set_as_the_spec_says_they_are() -> None:
    story = f"It began.\n\n{POEM}\n\nThen they spoke.\n\n{TALK}\n\nThe end."
    sections = (
        Section("a", text="It began."),
        Section("b", text=POEM, text_type="poem"),
        Section("c", text=TALK, text_type="dialogue"),
        Section("d", text="Not in the story.", text_type="letter"),
    )
    parts = story_parts(stream(Scene("One", story), sections=sections))
    kinds = [part.kind.value for part in parts]
    assert kinds == ["prose", "poetry", "prose", "dialogue", "prose"]
    assert [part.heading for part in parts] == ["One", "", "", "", ""]
    assert [line.speaker for line in parts[3].lines] == ["Ann:", "Bob:"]
    assert parts[1].section_id == "b"


def test_without_an_order_form_the_sections_are_set() -> None:
    sections = (
        Section("a", text="Once.", heading="First", footer="1912"),
        Section("b", text=TALK, text_type="dialogue", form=("Write to us",)),
    )
    parts = story_parts(stream(sections=sections))
    assert [(part.kind.value, part.heading, part.footer) for part in parts] == [
        ("prose", "First", "1912"),
        ("dialogue", "", ""),
        ("form", "", ""),
    ]


def test_the_text_has_its_headings_and_nothing_is_nothing() -> None:
    assert story_text(stream(Scene("One", "Once."), Scene("", "Twice."))) == "One\nOnce.\nTwice."
    assert story_parts(stream()) == ()
    assert story_text(stream()) == ""
