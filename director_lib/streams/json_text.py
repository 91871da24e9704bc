"""Editing JSON text in place: only the characters of the changed values change."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from director_lib.errors import InputError, StreamFileError
from director_lib.streams.json_file import BOM, parse_json
from director_lib.streams.json_spans import JsonPath, Member, Spans

JsonScalar = str | int | float | bool | None

_ESCAPED_LETTER = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9a-fA-F]{4}")
_LINE_START = re.compile(r"[ \t]*")
# every string, and after a key its colon, so that a colon inside a string is never taken for one
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"([ \t]*:[ \t]?)?')
_INDENT = re.compile(r"\n([ \t]+)\S")
_Edit = tuple[int, int, str]


def patch_values(text: str, changes: Mapping[JsonPath, JsonScalar]) -> str:
    """Replace single values, or add missing keys, and leave every other character as it is.

    Order, indentation, number spelling, line endings, byte order mark, unknown and repeated keys survive.
    Letters are written plainly unless the text writes all its non-ASCII letters as escapes. A value that is
    equal to the new one keeps its spelling.

    Args:
        text: Complete JSON text.
        changes: Path to new value. The last step of a path may be a key that its object does not have yet;
            it is added at the object's end in the object's own style. Empty changes return the text.

    Returns:
        The new text.

    Raises:
        StreamFileError: The text is not valid JSON, or the edit would not give exactly the asked result.
        InputError: A path leads nowhere or to an object or array, or a number is not finite.
    """
    bom = BOM if text.startswith(BOM) else ""
    body = text.removeprefix(BOM)
    expected = parse_json("The JSON text", body)
    needed = {path: value for path, value in changes.items() if not _is_already(expected, path, value)}
    if not needed:
        return text
    patched = _apply(body, _edits(body, needed))
    for path, value in needed.items():
        _look_up(expected, path[:-1])[path[-1]] = value
    _check_result(patched, expected)
    return bom + patched


def _is_already(data: Any, path: JsonPath, value: JsonScalar) -> bool:
    parent = _look_up(data, path[:-1]) if path else None
    if not isinstance(parent, (dict, list)) or isinstance(path[-1], str) != isinstance(parent, dict):
        raise _nowhere(path)
    if isinstance(parent, list) and not 0 <= int(path[-1]) < len(parent):
        raise _nowhere(path)
    if isinstance(parent, dict) and path[-1] not in parent:
        return False
    present = parent[path[-1]]  # type: ignore[index]
    if isinstance(present, (dict, list)):
        raise InputError(
            f"{show_path(path)} holds more than one value and cannot be replaced by a single one."
        )
    return _same(present, value)


def _same(present: JsonScalar, value: JsonScalar) -> bool:
    if isinstance(present, bool) or isinstance(value, bool):
        return present is value
    return present == value


def _look_up(data: Any, path: JsonPath) -> Any:
    for depth, step in enumerate(path, start=1):
        fits = isinstance(data, dict) if isinstance(step, str) else isinstance(data, list) and step >= 0
        try:
            data = data[step] if fits else None
        except (KeyError, IndexError):
            raise _nowhere(path[:depth]) from None
    return data


def _edits(body: str, needed: Mapping[JsonPath, JsonScalar]) -> list[_Edit]:
    spans, as_escapes = Spans(body), writes_escapes(body)
    edits: list[_Edit] = []
    additions: dict[JsonPath, dict[str, str]] = {}
    for path, value in needed.items():
        literal = encode_text(value, as_escapes)
        start = spans.find_start(path)
        if start is None:
            additions.setdefault(path[:-1], {})[encode_text(str(path[-1]), as_escapes)] = literal
        else:
            edits.append((start, spans.value_end(start), literal))
    for parent, members in additions.items():
        start = spans.find_start(parent)
        if start is None:
            raise _nowhere(parent)
        edits.append(_addition(spans, start, members))
    return edits


def _apply(body: str, edits: list[_Edit]) -> str:
    for start, end, literal in sorted(edits, reverse=True):
        body = body[:start] + literal + body[end:]
    return body


def _addition(spans: Spans, start: int, members: dict[str, str]) -> _Edit:
    present = spans.members(start)
    if not present:
        return _fill_empty(spans, start, members)
    joint, colon = _joint(spans, start, present), _colon(spans.text, present[-1])
    end = present[-1].value_end
    return end, end, "".join(f"{joint}{key}{colon}{literal}" for key, literal in members.items())


def _joint(spans: Spans, start: int, present: list[Member]) -> str:
    """Return what stands between two members of this object, comma included."""
    text, last = spans.text, present[-1]
    if len(present) > 1:
        return text[present[-2].value_end : last.key_start]
    lead = text[start + 1 : last.key_start]
    if "\n" in lead:
        return "," + lead
    return ", " if lead or " " in _colon(text, last) else ","


def _colon(text: str, member: Member) -> str:
    colon = text[member.key_end : member.value_start]
    return ": " if "\n" in colon else colon


def _fill_empty(spans: Spans, start: int, members: dict[str, str]) -> _Edit:
    """Write the first members of an empty object in the style of the text around it."""
    text, end = spans.text, spans.value_end(start)
    colon = next((match[1] for match in _STRING.finditer(text) if match[1]), ": ")
    pairs = [f"{key}{colon}{literal}" for key, literal in members.items()]
    unit = _INDENT.search(text)
    if unit is None:
        return start, end, "{" + (", " if " " in colon else ",").join(pairs) + "}"
    line_end = "\r\n" if "\r\n" in text else "\n"
    line = _LINE_START.match(text, text.rfind("\n", 0, start) + 1)
    outer = line_end + (line.group() if line else "")
    return start, end, "{" + ",".join(f"{outer}{unit[1]}{pair}" for pair in pairs) + outer + "}"


def writes_escapes(body: str) -> bool:
    """Tell whether a text writes all its letters beyond ASCII as escapes."""
    return body.isascii() and _ESCAPED_LETTER.search(body) is not None


def encode_text(value: JsonScalar, as_escapes: bool) -> str:
    """Write a single value as JSON.

    Raises:
        InputError: It is a number that is not finite.
    """
    try:
        plain = json.dumps(value, ensure_ascii=as_escapes, allow_nan=False)
    except ValueError as error:
        raise InputError(f"{value} cannot be written as JSON; give a finite number.") from error
    # half of a surrogate pair exists only as an escape: UTF-8 has no bytes for it
    return json.dumps(value) if any("\ud800" <= letter <= "\udfff" for letter in plain) else plain


def _check_result(patched: str, expected: Any) -> None:
    found = parse_json("The edited JSON text", patched)
    # compared as text: NaN is then equal to itself, and true, 1 and 1.0 are told apart
    if json.dumps(found) != json.dumps(expected):
        raise StreamFileError(
            "The JSON text", "the edit would have changed something else; nothing was written"
        )


def show_path(path: JsonPath) -> str:
    """Return a path as people write it: ``$.segments[3].image_prompt``."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _nowhere(path: JsonPath) -> InputError:
    return InputError(f"The JSON text has nothing at {show_path(path)}.")
