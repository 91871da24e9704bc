"""Adding, removing and moving parts of JSON text in place: everything else keeps its characters."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

from director_lib.errors import InputError, StreamFileError
from director_lib.streams.json_file import BOM, parse_json
from director_lib.streams.json_spans import JsonPath, Spans
from director_lib.streams.json_style import is_scalar, line_indent, read_style, render
from director_lib.streams.json_text import encode_text, patch_values, show_path, writes_escapes


class JsonEditor:
    """One JSON text under the pen; each edit is checked to give exactly the asked value.

    Attributes:
        text: The text as it is now, byte order mark included.
        data: Its value; not to be changed by hand.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.data: Any = parse_json("The JSON text", text)

    def set_value(self, path: JsonPath, value: Any) -> None:
        """Put a value in place of another one, or under a key that its object does not have yet.

        Raises:
            InputError: The path leads nowhere.
        """
        present = _find(self.data, path)
        if is_scalar(value) and (is_scalar(present)):
            self._take(patch_values(self.text, {path: value}), path, value)
            return
        if present is _NOTHING:
            # a scalar holds the place, so that adding a key has one way only
            self._take(patch_values(self.text, {path: None}), path, None)
        elif present == value and json.dumps(present) == json.dumps(value):
            return
        spans, start = self._at(path)
        literal = self._literal(value, spans.text, start)
        self._replace(spans, [(start, spans.value_end(start), literal)])
        self._expect(path, value)

    def remove_key(self, path: JsonPath) -> None:
        """Take a key and its value out of an object; a key that is not there is no error.

        Raises:
            InputError: The path leads to no object.
        """
        if _find(self.data, path) is _NOTHING:
            return
        spans, start = self._at(path[:-1])
        members = spans.members(start)
        keep = [member for member in members if member.key != path[-1]]
        starts = [member.key_start for member in members]
        ends = [member.value_end for member in members]
        gone = [index for index, member in enumerate(members) if member.key == path[-1]]
        cuts = _cuts(starts, ends, gone) if keep else [(start + 1, spans.value_end(start) - 1, "")]
        self._replace(spans, cuts)
        expected = self._fresh()
        del _get(expected, path[:-1])[path[-1]]
        self._accept(expected)

    def rename_key(self, path: JsonPath, name: str) -> None:
        """Give a key another name where it stands.

        Raises:
            InputError: There is no such key, or the object has the new name already.
        """
        parent = _get(self.data, path[:-1])
        if _find(self.data, path) is _NOTHING or (name != path[-1] and name in parent):
            raise InputError(
                f"{show_path(path)} cannot be named “{name}”: that name is taken, or it is gone."
            )
        spans, start = self._at(path[:-1])
        found = [member for member in spans.members(start) if member.key == path[-1]]
        literal = encode_text(name, as_escapes=writes_escapes(spans.text))
        self._replace(spans, [(one.key_start, one.key_end, literal) for one in found])
        expected = self._fresh()
        owner = _get(expected, path[:-1])
        renamed = {name if key == path[-1] else key: value for key, value in owner.items()}
        owner.clear()
        owner.update(renamed)
        self._accept(expected)

    def insert_item(self, path: JsonPath, index: int, value: Any) -> None:
        """Put a new item into a list, in the handwriting of its neighbours.

        Args:
            path: The list.
            index: 0-based position that the item shall have; the list's length for its end.

        Raises:
            InputError: The path leads to no list, or the index is outside it.
        """
        items = self._list(path)
        if not 0 <= index <= len(items):
            raise InputError(f"{show_path(path)} has no place {index}.")
        spans, start = self._at(path)
        starts = spans.items(start)
        self._replace(spans, [self._insertion(spans, start, starts, index, value)])
        expected = self._fresh()
        _get(expected, path).insert(index, copy.deepcopy(value))
        self._accept(expected)

    def remove_item(self, path: JsonPath, index: int) -> None:
        """Take an item out of a list, with its comma.

        Raises:
            InputError: There is no such item.
        """
        items = self._list(path)
        if not 0 <= index < len(items):
            raise InputError(f"{show_path(path)} has no item {index}.")
        spans, start = self._at(path)
        starts = spans.items(start)
        ends = [spans.value_end(one) for one in starts]
        only = [(start + 1, spans.value_end(start) - 1, "")]
        self._replace(spans, _cuts(starts, ends, [index]) if len(starts) > 1 else only)
        expected = self._fresh()
        del _get(expected, path)[index]
        self._accept(expected)

    def move_item(self, path: JsonPath, source: int, target: int) -> None:
        """Let an item of a list stand elsewhere in it; each item keeps its own characters.

        Args:
            target: 0-based position that the item shall have afterwards.

        Raises:
            InputError: There is no such item or place.
        """
        items = self._list(path)
        if not (0 <= source < len(items) and 0 <= target < len(items)):
            raise InputError(f"{show_path(path)} has no item {source}, or no place {target}.")
        spans, start = self._at(path)
        slots = [(one, spans.value_end(one)) for one in spans.items(start)]
        order = list(range(len(slots)))
        order.insert(target, order.pop(source))
        texts = [spans.text[slots[old][0] : slots[old][1]] for old in order]
        self._replace(spans, [(*slot, text) for slot, text in zip(slots, texts, strict=True)])
        expected = self._fresh()
        moved = _get(expected, path)
        moved.insert(target, moved.pop(source))
        self._accept(expected)

    def _insertion(
        self, spans: Spans, start: int, starts: list[int], index: int, value: Any
    ) -> tuple[int, int, str]:
        text = spans.text
        if not starts:
            return self._first_item(spans, start, value)
        ends = [spans.value_end(one) for one in starts]
        joint = text[ends[0] : starts[1]] if len(starts) > 1 else _lone_joint(text[start + 1 : starts[0]])
        literal = self._literal(value, text, starts[0], is_single_line="\n" not in joint)
        if index < len(starts):
            return starts[index], starts[index], literal + joint
        return ends[-1], ends[-1], joint + literal

    def _first_item(self, spans: Spans, start: int, value: Any) -> tuple[int, int, str]:
        text, style = spans.text, read_style(spans.text)
        end = spans.value_end(start)
        if not style.unit or is_scalar(value):
            return start, end, "[" + self._literal(value, text, start) + "]"
        outer = style.line_end + line_indent(text, start)
        literal = render(value, style, line_indent(text, start) + style.unit)
        return start, end, f"[{outer}{style.unit}{literal}{outer}]"

    def _literal(self, value: Any, text: str, offset: int, *, is_single_line: bool = False) -> str:
        style = read_style(text)
        if is_single_line:
            style = replace(style, unit="")
        return render(value, style, line_indent(text, offset))

    def _list(self, path: JsonPath) -> list[Any]:
        found = _find(self.data, path)
        if not isinstance(found, list):
            raise InputError(f"{show_path(path)} is no list in this text.")
        return found

    def _at(self, path: JsonPath) -> tuple[Spans, int]:
        spans = Spans(self.text.removeprefix(BOM))
        start = spans.find_start(path)
        if start is None:
            raise InputError(f"The JSON text has nothing at {show_path(path)}.")
        return spans, start

    def _replace(self, spans: Spans, edits: list[tuple[int, int, str]]) -> None:
        body = spans.text
        for start, end, literal in sorted(edits, reverse=True):
            body = body[:start] + literal + body[end:]
        self._next = (BOM if self.text.startswith(BOM) else "") + body

    def _expect(self, path: JsonPath, value: Any) -> None:
        expected = self._fresh()
        _get(expected, path[:-1])[path[-1]] = copy.deepcopy(value)
        self._accept(expected)

    def _take(self, text: str, path: JsonPath, value: Any) -> None:
        self._next = text
        self._expect(path, value)

    def _fresh(self) -> Any:
        # reading the text again is several times as quick as copying what was read
        return parse_json("The JSON text", self.text)

    def _accept(self, expected: Any) -> None:
        found = parse_json("The edited JSON text", self._next)
        # compared as text: NaN is then equal to itself, and true, 1 and 1.0 are told apart
        if json.dumps(found) != json.dumps(expected):
            raise StreamFileError(
                "The JSON text", "the edit would have changed something else; nothing was written"
            )
        self.text, self.data = self._next, found


_NOTHING = object()


def _find(data: Any, path: JsonPath) -> Any:
    """Return the value at a path; the marker for nothing when only its last key is missing."""
    if not path:
        return data
    parent = _get(data, path[:-1])
    if isinstance(parent, dict) and isinstance(path[-1], str):
        return parent.get(path[-1], _NOTHING)
    if isinstance(parent, list) and isinstance(path[-1], int) and 0 <= path[-1] < len(parent):
        return parent[path[-1]]
    raise InputError(f"The JSON text has nothing at {show_path(path)}.")


def _get(data: Any, path: JsonPath) -> Any:
    for depth, step in enumerate(path, start=1):
        fits = isinstance(data, dict) if isinstance(step, str) else isinstance(data, list) and step >= 0
        try:
            data = data[step] if fits else None
        except (KeyError, IndexError):
            raise InputError(f"The JSON text has nothing at {show_path(path[:depth])}.") from None
    return data


def _cuts(starts: list[int], ends: list[int], gone: list[int]) -> list[tuple[int, int, str]]:
    """Return what to cut so that some of several items go, each with one comma; some item stays."""
    kept = [index for index in range(len(starts)) if index not in gone]
    cuts = []
    for index in gone:
        following = [other for other in kept if other > index]
        if following:
            cuts.append((starts[index], starts[index + 1], ""))
        else:
            cuts.append((ends[index - 1], ends[index], ""))
    return cuts


def _lone_joint(lead: str) -> str:
    return "," + lead if lead else ", "
