"""The story's texts as a page shows them: kinds of text, speakers, languages, descriptions of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from director_lib.domain.disclosure import STATEMENT, clean_text
from director_lib.domain.stream import Scene, Section, Segment, Stream

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "iw", "ku", "ps", "sd", "ug", "ur", "yi"})
_BEAT_CHARACTERS, _BEAT_LINES = 420, 16
_DESCRIPTION_CHARACTERS, _ALT_CHARACTERS = 200, 240
_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_SPEAKER = re.compile(r"(?P<speaker>[^\W\d_][^:.!?\n]{0,39}:)(?=\s|[„“\"»])")


class TextKind(StrEnum):
    """How a text is set."""

    PROSE = "prose"
    DIALOGUE = "dialogue"
    POETRY = "poetry"
    LETTER = "letter"
    QUOTE = "quote"
    HEADING = "heading"
    LIST = "list"
    NOTE = "note"
    FORM = "form"


_KINDS = {
    TextKind.DIALOGUE: ("dialogue", "dialog", "conversation", "script", "screenplay", "párbeszéd"),
    TextKind.POETRY: ("poetry", "poem", "verse", "haiku", "song", "lyric", "stanza", "vers", "versek"),
    TextKind.LETTER: ("letter", "epistle", "diary", "journal", "levél", "napló"),
    TextKind.QUOTE: ("quote", "quotation", "epigraph", "pullquote", "idézet", "mottó"),
    TextKind.HEADING: ("heading", "headline", "title", "chapter", "cím", "fejezet"),
    TextKind.LIST: ("list", "lista"),
    TextKind.NOTE: ("note", "caption", "footer", "footnote", "credits", "imprint", "dedication", "colophon"),
    TextKind.FORM: ("form", "cta", "contact", "űrlap"),
}
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, stanza, speech or field.

    Attributes:
        speaker: Who speaks, with the colon; the rest of the speech is ``text``. "" of everything else.
    """

    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """What is read at once: a few lines of one section, which scroll past together.

    Attributes:
        section_id: The section that it belongs to; "" for a story without sections.
        heading: Stands above its first beat.
        footer: Small print below its last beat.
        side: "left" or "right" where the spec says so, else "center".
    """

    kind: TextKind
    lines: tuple[Line, ...]
    section_id: str = ""
    heading: str = ""
    footer: str = ""
    side: str = "center"


@dataclass(frozen=True, slots=True)
class Words:
    """What the page itself says.

    Attributes:
        language: The language of these words; the story's own, or English where we have no others.
        picture: With places for the number and the count.
    """

    language: str
    disclosure: str
    skip: str
    scroll: str
    picture: str


_WORDS = {
    "en": Words("en", STATEMENT, "Skip to the story", "Scroll", "Picture {number} of {count}"),
    "hu": Words(
        "hu",
        "Mesterséges intelligencia felhasználásával készült.",
        "Ugrás a történethez",
        "Görgess",
        "{number}. kép, összesen {count}",
    ),
    "de": Words(
        "de",
        "Mit künstlicher Intelligenz erstellt.",
        "Zur Geschichte",
        "Scrollen",
        "Bild {number} von {count}",
    ),
}


def words_for(language: str) -> Words:
    """Return the page's own words in a language, in English where we have no others."""
    return _WORDS.get(language, _WORDS["en"])


def direction_of(language: str) -> str:
    """Return "rtl" for languages written from right to left, else "ltr"."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def text_kind(word: str) -> TextKind:
    """Understand the spec's word for a kind of text; what is not known is prose."""
    first = re.split(r"[\s_/-]+", word.strip().lower())[0]
    return _BY_WORD.get(first) or _BY_WORD.get(first.removesuffix("s")) or TextKind.PROSE


def section_beats(section: Section) -> list[Beat]:
    """Split a section into what is read at once; empty when it says nothing."""
    kind = text_kind(section.text_type)
    side = next((side for side in ("left", "right") if side in section.layout.lower()), "center")
    beats = _beats(section.text, kind, section.id, side)
    if section.form:
        fields = tuple(Line(clean_text(line)) for line in section.form)
        beats.append(Beat(TextKind.FORM, fields, section.id, side=side))
    return _framed(beats, section, side)


def scene_beats(scene: Scene) -> list[Beat]:
    """Split a scene of a story that has no sections."""
    return section_beats(Section("", text=scene.text, heading=scene.title))


def alternative_text(segment: Segment, number: int, count: int, words: Words) -> str:
    """Describe a segment's picture to people who do not see it, in the story's language.

    It is what the segment stands for or is called. Prompts are not published.
    """
    said = _shortened(segment.represents or segment.title, _ALT_CHARACTERS)
    return said or words.picture.format(number=number, count=count)


def description_of(stream: Stream) -> str:
    """Return the beginning of the story, for search results and previews; "" without a text."""
    texts: Iterable[str] = [section.text for section in stream.sections if section.text.strip()]
    whole = " ".join(texts or [scene.text for scene in stream.story])
    return _shortened(whole, _DESCRIPTION_CHARACTERS)


def _framed(beats: list[Beat], section: Section, side: str) -> list[Beat]:
    """Put the heading above the first beat and the footer below the last one."""
    heading, footer = clean_text(section.heading).strip(), clean_text(section.footer).strip()
    if not beats and (heading or footer):
        beats = [Beat(TextKind.HEADING if heading else TextKind.NOTE, (), section.id, side=side)]
    framed = []
    for number, beat in enumerate(beats):
        above, below = heading if number == 0 else "", footer if number == len(beats) - 1 else ""
        framed.append(Beat(beat.kind, beat.lines, beat.section_id, above, below, beat.side))
    return framed


def _beats(text: str, kind: TextKind, section_id: str, side: str) -> list[Beat]:
    beats: list[Beat] = []
    gathered: list[Line] = []
    for line in _lines(clean_text(text).replace("\r\n", "\n").replace("\r", "\n"), kind):
        if gathered and _is_too_much([*gathered, line]):
            beats.append(Beat(kind, tuple(gathered), section_id, side=side))
            gathered = []
        gathered.append(line)
    return [*beats, Beat(kind, tuple(gathered), section_id, side=side)] if gathered else beats


def _lines(text: str, kind: TextKind) -> list[Line]:
    """Split a text into paragraphs; within stanzas and letters line ends are part of the text."""
    text = text.strip("\n")
    if kind in (TextKind.POETRY, TextKind.LETTER, TextKind.QUOTE):
        parts = _GAP.split(text) if kind is not TextKind.POETRY else re.split(r"\n[^\S\n]*\n", text)
    elif kind in (TextKind.DIALOGUE, TextKind.LIST, TextKind.FORM) or not _GAP.search(text):
        parts = text.split("\n")
    else:
        parts = _GAP.split(text)
    kept = [part for part in parts if part.strip()]
    return [_speech(part) for part in kept] if kind is TextKind.DIALOGUE else [Line(part) for part in kept]


def _speech(text: str) -> Line:
    match = _SPEAKER.match(text)
    return Line(text[match.end() :], match["speaker"]) if match else Line(text)


def _is_too_much(lines: list[Line]) -> bool:
    texts = [line.text for line in lines]
    n_lines = sum(text.count("\n") + 1 for text in texts)
    return sum(map(len, texts)) > _BEAT_CHARACTERS or n_lines > _BEAT_LINES


def _shortened(text: str, characters: int) -> str:
    words = " ".join(clean_text(text).split())
    if len(words) <= characters:
        return words
    return words[: characters - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
