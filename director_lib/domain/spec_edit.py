"""Edits of a spec: what a person may change about segments, sections, direction and palette."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from director_lib.domain.prompt import PROMPT_LIMIT
from director_lib.errors import InputError

HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
LONGEST_TITLE, LONGEST_KEY, LONGEST_TEXT = 300, 80, PROMPT_LIMIT
LONGEST_CLIP_S = 3600.0
MOST_SEGMENTS = 2_000
_DURATION = re.compile(r"\s*(\d{1,4}(?:[.,]\d{1,3})?)\s*s?\s*")


class SegmentField(StrEnum):
    """What can be set of a segment, prompts apart, as texts."""

    TITLE = "title"
    REPRESENTS = "represents"
    DURATION = "duration_s"


class SectionField(StrEnum):
    """What can be set of a section, as texts; segments by their numbers with commas between."""

    HEADING = "heading"
    TEXT = "text"
    TEXT_TYPE = "text_type"
    SEGMENTS = "segment_ids"


class Block(StrEnum):
    """The parts of a spec that hold free named texts."""

    DIRECTION = "visual_direction"
    RULES = "composition_rules"


@dataclass(frozen=True, slots=True)
class AddSegment:
    """A new segment with a number that no segment ever had.

    Attributes:
        after: The segment that it follows; None for the beginning of the film.
    """

    after: int | None
    title: str = ""


@dataclass(frozen=True, slots=True)
class SplitSegment:
    """One segment becomes two: the first keeps its number, the second gets a new one and follows it.

    Attributes:
        at: How many characters of what it stands for stay with the first; None leaves both with all.
    """

    segment_id: int
    at: int | None = None


@dataclass(frozen=True, slots=True)
class MoveSegment:
    """A segment stands elsewhere in the film.

    Attributes:
        before: The segment that it comes before; None for the film's end.
    """

    segment_id: int
    before: int | None


@dataclass(frozen=True, slots=True)
class RemoveSegment:
    """A segment is not part of the film any more; its number is never given again."""

    segment_id: int


@dataclass(frozen=True, slots=True)
class SetSegment:
    """One field of a segment says something else.

    Attributes:
        base: What the field said to whoever changed it; None saves over anything.
    """

    segment_id: int
    field: SegmentField
    text: str
    base: str | None = None


@dataclass(frozen=True, slots=True)
class SetSection:
    """One field of a section says something else; attributes as of ``SetSegment``."""

    section_id: str
    field: SectionField
    text: str
    base: str | None = None


@dataclass(frozen=True, slots=True)
class AddSection:
    """A new section at the end of a place in the list.

    Attributes:
        after: Id of the section that it follows; None for the beginning.
    """

    after: str | None
    segment_ids: tuple[int, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class RemoveSection:
    """A section, with its text, is not wanted any more."""

    section_id: str


@dataclass(frozen=True, slots=True)
class SetText:
    """A named text of the visual direction or the composition rules; an empty one takes the name out.

    Attributes:
        base: What it said to whoever changed it; None saves over anything.
    """

    block: Block
    key: str
    text: str
    base: str | None = None


@dataclass(frozen=True, slots=True)
class SetColor:
    """A colour of the palette.

    Attributes:
        name: Its name until now; None for a new colour.
        new_name: Its name from now on.
        hex: "#rrggbb"; None takes the colour out.
    """

    name: str | None
    new_name: str
    hex: str | None


SpecEdit = (
    AddSegment
    | SplitSegment
    | MoveSegment
    | RemoveSegment
    | SetSegment
    | SetSection
    | AddSection
    | RemoveSection
    | SetText
    | SetColor
)


def check_spec_edit(edit: SpecEdit) -> None:
    """Refuse an edit whose values could never stand in a spec.

    Raises:
        InputError: A text is too long, a colour is not "#rrggbb", a duration is none, or a name is empty.
    """
    match edit:
        case SetSegment(field=SegmentField.DURATION):
            read_duration_s(edit.text)
        case SetSegment(field=SegmentField.TITLE) | SetSection(field=SectionField.HEADING):
            _check_length(edit.text, LONGEST_TITLE)
        case SetSection(field=SectionField.SEGMENTS):
            read_segment_ids(edit.text)
        case SetSegment() | SetSection():
            _check_length(edit.text, LONGEST_TEXT)
        case AddSegment():
            _check_length(edit.title, LONGEST_TITLE)
        case AddSection():
            _check_length(edit.text, LONGEST_TEXT)
        case SetText():
            _check_name(edit.key)
            _check_length(edit.text, LONGEST_TEXT)
        case SetColor():
            _check_color(edit)


def read_duration_s(text: str) -> float:
    """Return a duration in seconds from what a person wrote ("5", "4,5 s").

    Raises:
        InputError: It is no duration of more than 0 and at most an hour.
    """
    match = _DURATION.fullmatch(text)
    seconds = float(match[1].replace(",", ".")) if match else 0.0
    if not 0 < seconds <= LONGEST_CLIP_S:
        raise InputError(
            f"“{text[:40]}” is no duration. Write seconds, such as 5 or 4.5, up to {LONGEST_CLIP_S:g}. "
            "Nothing was saved."
        )
    return seconds


def read_segment_ids(text: str) -> tuple[int, ...]:
    """Return segment numbers from a list with commas, in its order and once each; empty for none.

    Raises:
        InputError: Something in it is no number.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() and len(part) <= 6 for part in parts):
        raise InputError(f"“{text[:60]}” is no list of segment numbers such as 1, 2. Nothing was saved.")
    return tuple(dict.fromkeys(int(part) for part in parts))


def shown_duration(duration_s: float) -> str:
    """Write a duration as people read it: "5", "4.5"."""
    return f"{duration_s:g}"


def _check_color(edit: SetColor) -> None:
    _check_name(edit.new_name)
    if edit.hex is not None and not HEX_COLOR.fullmatch(edit.hex):
        raise InputError(
            f"“{edit.hex[:20]}” is no colour. Write it as #rrggbb, such as #22323a. Nothing was saved."
        )


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_KEY or not name.isprintable():
        raise InputError(f"A name has 1 to {LONGEST_KEY} printable characters. Nothing was saved.")


def _check_length(text: str, longest: int) -> None:
    if len(text) > longest:
        raise InputError(
            f"This holds at most {longest:,} characters; you wrote {len(text):,}. Nothing was saved."
        )
