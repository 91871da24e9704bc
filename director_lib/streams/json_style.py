"""A JSON text's handwriting: how its writer indents and spaces, and new values in the same hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from director_lib.streams.json_text import encode_text, writes_escapes

_INDENT = re.compile(r"\n([ \t]+)\S")
_LINE_START = re.compile(r"[ \t]*")
_KEY_COLON = re.compile(r'"(?:[^"\\]|\\.)*"([ \t]*:[ \t]?)')


@dataclass(frozen=True, slots=True)
class Style:
    """How the text's writer sets values.

    Attributes:
        unit: One step of indentation; "" for a text on one line.
        as_escapes: Whether letters beyond ASCII are written as escapes.
    """

    unit: str
    line_end: str
    colon: str
    comma: str
    as_escapes: bool


def is_scalar(value: Any) -> bool:
    """Tell whether a value is neither a list nor an object."""
    return not isinstance(value, (dict, list))


def read_style(text: str) -> Style:
    """Find out how a JSON text's writer sets values."""
    unit = _INDENT.search(text)
    colon = _KEY_COLON.search(text)
    spelled = colon[1] if colon else ": "
    comma = ", " if unit or " " in spelled else ","
    line_end = "\r\n" if "\r\n" in text else "\n"
    return Style(unit[1] if unit else "", line_end, spelled, comma, writes_escapes(text))


def line_indent(text: str, offset: int) -> str:
    """Return the white space that the line of an offset begins with."""
    line = _LINE_START.match(text, text.rfind("\n", 0, offset) + 1)
    return line.group() if line else ""


def render(value: Any, style: Style, indent: str) -> str:
    """Write a value as the text's writer would; lists of single values stay on one line."""
    if is_scalar(value):
        return encode_text(value, as_escapes=style.as_escapes)
    inner = indent + style.unit
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, dict):
        parts = [
            f"{encode_text(key, as_escapes=style.as_escapes)}{style.colon}{render(item, style, inner)}"
            for key, item in value.items()
        ]
    else:
        parts = [render(item, style, inner) for item in value]
    is_plain = isinstance(value, list) and all(map(is_scalar, value))
    if not parts or not style.unit or is_plain:
        return opening + style.comma.join(parts) + closing
    line = style.line_end + inner
    return f"{opening}{line}{f',{line}'.join(parts)}{style.line_end}{indent}{closing}"
