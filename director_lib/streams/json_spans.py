"""Where each value stands in JSON text that is known to be valid."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

JsonPath = tuple[str | int, ...]
"""Keys and 0-based indexes from the top-level value down."""

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Member:
    """One key and value of an object; all positions are offsets, ends exclusive."""

    key: str
    key_start: int
    key_end: int
    value_start: int
    value_end: int


class Spans:
    """Looks up the offsets of values in one valid JSON text.

    Values that a path does not lead through are skipped by the C decoder, so a long file costs little.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._members: dict[int, list[Member]] = {}
        self._items: dict[int, list[int]] = {}

    def find_start(self, path: JsonPath) -> int | None:
        """Return where the value at ``path`` begins, or None when the text has none there.

        Of a key that an object repeats, the last one counts, as for every JSON reader.
        """
        start = self.skip_space(0)
        for step in path:
            child = self._find_child(start, step)
            if child is None:
                return None
            start = child
        return start

    def members(self, start: int) -> list[Member]:
        """List the members of the object that begins at ``start``, in the text's order; may be empty."""
        if start not in self._members:
            self._members[start] = self._read_members(start)
        return self._members[start]

    def value_end(self, start: int) -> int:
        """Return the offset just after the value that begins at ``start``."""
        return int(_DECODER.raw_decode(self.text, start)[1])

    def skip_space(self, offset: int) -> int:
        """Return the first offset at or after ``offset`` that holds no white space."""
        match = _SPACE.match(self.text, offset)
        return match.end() if match else offset

    def _find_child(self, start: int, step: str | int) -> int | None:
        if isinstance(step, str):
            if self.text[start] != "{":
                return None
            named = [member.value_start for member in self.members(start) if member.key == step]
            return named[-1] if named else None
        if self.text[start] != "[":
            return None
        items = self.items(start)
        return items[step] if 0 <= step < len(items) else None

    def _read_members(self, start: int) -> list[Member]:
        found: list[Member] = []
        offset = self.skip_space(start + 1)
        while self.text[offset] != "}":
            key, key_end = _DECODER.raw_decode(self.text, offset)
            value_start = self.skip_space(self.skip_space(key_end) + 1)
            value_end = self.value_end(value_start)
            found.append(Member(str(key), offset, key_end, value_start, value_end))
            offset = self._next(value_end)
        return found

    def items(self, start: int) -> list[int]:
        """List where the items of the list that begins at ``start`` begin; may be empty."""
        if start not in self._items:
            found: list[int] = []
            offset = self.skip_space(start + 1)
            while self.text[offset] != "]":
                found.append(offset)
                offset = self._next(self.value_end(offset))
            self._items[start] = found
        return self._items[start]

    def _next(self, offset: int) -> int:
        offset = self.skip_space(offset)
        return self.skip_space(offset + 1) if self.text[offset] == "," else offset
