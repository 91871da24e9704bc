"""The brief: what the customer said about the film, field by field."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from director_lib.errors import InputError

NOTES = "notes"
BRIEF_FIELDS = (NOTES, "tone", "style", "colors", "references", "style_notes", "motifs")
"""Known fields of the brief itself, in the order in which they are offered."""

WISHES = ("segment_count", "style", "template", "cta")
"""Known fields beside the brief in an order form."""

FIELD_LIMIT = 20_000
YES, NO = "yes", "no"
_COUNTED = "segment_count"
_MOST_SEGMENTS = 1_000

FieldPath = tuple[str | int, ...]
"""Keys and places that lead to a field, from the brief's own field on."""


class FieldKind(StrEnum):
    """How a field is written in the file."""

    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    DECIMAL = "decimal"
    SWITCH = "switch"
    GROUP = "group"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class BriefField:
    """One field of a brief.

    Attributes:
        path: Its key, and inside of another field the keys and places that lead to it.
        text: What it says; of a list one item a line; "" when it is not there.
        kind: A group is edited by its own fields, which follow it. A field of the kind ``OTHER`` is shown,
            and edited in a text editor only.
    """

    path: FieldPath
    text: str
    kind: FieldKind = FieldKind.TEXT

    @property
    def key(self) -> str:
        """What names it among all fields of the brief."""
        return key_of(self.path)

    @property
    def words(self) -> str:
        """How it is called in a sentence."""
        return words_of(self.path)

    @property
    def is_editable(self) -> bool:
        """Whether it can be edited here."""
        return self.kind not in (FieldKind.OTHER, FieldKind.GROUP)


def key_of(path: FieldPath) -> str:
    """Return the key of a field: its own, and inside of others all on the way to it (``weather/sky``)."""
    return "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in path)


def words_of(path: FieldPath) -> str:
    """Return how a field is called in a sentence: ``weather › sky``; places in lists count from one."""
    return " › ".join(str(step + 1) if isinstance(step, int) else step for step in path)


def check_brief_text(field: BriefField, text: str) -> str:
    """Return the text as it is to be kept: of a list without empty lines, of a number without blanks.

    Raises:
        InputError: It is too long, is no number where one is needed, or the field cannot be edited here.
    """
    if not field.is_editable:
        raise InputError(
            f"“{field.words}” cannot be edited here as a whole. Edit it in the order form's file, "
            "input.json. Nothing was saved."
        )
    if len(text) > FIELD_LIMIT:
        raise InputError(f"A field of the brief holds at most {FIELD_LIMIT:,} characters. Nothing was saved.")
    match field.kind:
        case FieldKind.LINES:
            return "\n".join(line.strip() for line in text.split("\n") if line.strip())
        case FieldKind.NUMBER:
            return _check_whole(field, text.strip())
        case FieldKind.DECIMAL:
            return _check_number(field, text.strip().replace(",", "."))
        case FieldKind.SWITCH if text not in (YES, NO):
            raise InputError(f"“{field.words}” is “{YES}” or “{NO}”. Nothing was saved.")
    return text


def _check_whole(field: BriefField, text: str) -> str:
    if not text:
        return text
    is_counted = field.path == (_COUNTED,)
    digits = text if is_counted else text.removeprefix("-")
    is_fitting = digits.isascii() and digits.isdigit() and len(digits) < 10
    if not is_fitting or (is_counted and not 1 <= int(text) <= _MOST_SEGMENTS):
        most = f" from 1 to {_MOST_SEGMENTS:,}" if is_counted else ""
        raise InputError(f"“{field.words}” is a whole number{most}. Nothing was saved.")
    return text


def _check_number(field: BriefField, text: str) -> str:
    try:
        is_fitting = not text or (math.isfinite(float(text)) and "_" not in text)
    except ValueError:
        is_fitting = False
    if not is_fitting:
        raise InputError(f"“{field.words}” is a number. Nothing was saved.")
    return text
