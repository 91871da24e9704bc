"""production.json files in a random handwriting, kept as pieces of text whose owners are known.

Nothing here looks for a value in JSON text: whoever wrote the text knows where everything stands.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

Owner = tuple[int, str]
"""Position of a segment in its list, and the key of one of its prompts."""

KEYS = {
    "image_prompt": ("image_prompt", "keyframe_prompt"),
    "motion_prompt": ("motion_prompt", "animation_prompt"),
    "negative_prompt": ("negative_prompt",),
}
_NUMBERS = ["0", "-0", "7", "1.50", "1e3", "1E+2", "-2.5e-3", "12345678901234567890", "0.1000", "3.0"]
_LETTERS = (
    "abc XYZ 019 .,:;{}[]()\"\\/'\t\n\r\b\f\u0001\u007f áőű ß Ω 漢字\u2028 \U0001f30a \U00010348 e\u0301"
)
_SHORT = {
    '"': '\\"',
    "\\": "\\\\",
    "/": "\\/",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}


@dataclass
class Piece:
    """Some characters of the file; those with an owner are a prompt's whole value."""

    text: str
    owner: Owner | None = None


@dataclass
class Handwriting:
    """One file, its pieces in order, and where a new member of each segment would stand.

    Attributes:
        keys: Prompt keys that each segment has, by the segment's position.
        ends: The piece after which each segment's object has no more members.
    """

    pieces: list[Piece]
    segment_ids: list[int]
    keys: list[list[str]]
    ends: list[Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


class Writer:
    """Writes JSON as many hands do, all at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.line_end = self.random.choice(["\n", "\r\n", "", "messy"])
        self.indent = self.random.choice(["  ", "    ", "\t", " "])
        self.escapes = self.random.choice([0.0, 0.2, 1.0])
        self.done = Handwriting([], [], [])

    def write(self) -> Handwriting:
        shape = self.random.choice(["art_film", "spec_v1", "short", "sections"])
        self._put(self.random.choice(["", "\ufeff"]))
        about = {"id": "a", "title": self.any_text(), "unknown": self.any_text()}
        head: list[tuple[str, Any]] = [("stream_id", "a")] if shape == "art_film" else [("stream", about)]
        if shape == "spec_v1":
            head += [
                ("input", {"customer": {"name": "Kovács Piroska"}}),
                ("output", {"frames": Number(self)}),
            ]
        head += [("visual_direction", {"style": self.any_text(), "color_palette": {"sea": "#123456"}})]
        list_key = "sections" if shape == "sections" else "segments"
        if self.random.random() < 0.2:
            head.append((list_key, []))  # the last one of a repeated key counts
        segments = [self._segment(index, list_key) for index in range(self.random.randint(1, 5))]
        tail = [("notes", [self.any_text(), Number(self), None, True, {}]), ("€ unknown", {"deep": [[[]]]})]
        self._members([*head, (list_key, segments), *tail], 0)
        self._put(self.random.choice(["", "\n", "\r\n\r\n", "  "]))
        return self.done

    def any_text(self, longest: int = 30) -> str:
        return "".join(self.random.choice(_LETTERS) for _ in range(self.random.randint(0, longest)))

    def _segment(self, index: int, list_key: str) -> Segment:
        id_key = "segment" if list_key == "sections" else "id"
        segment_id = index * self.random.choice([1, 1, 10]) + index + 1
        self.done.segment_ids.append(segment_id)
        members: list[tuple[str, Any]] = []
        for names in KEYS.values():
            for key in names:
                if self.random.random() < 0.5:
                    members.append((key, self._prompt(index, key)))
        self.done.keys.append([key for key, _ in members])
        if members and self.random.random() < 0.2:
            members.insert(0, (members[-1][0], "an earlier one of a repeated key"))
        for unknown in range(self.random.randint(0, 3)):
            value = self.random.choice([Number(self), None, self.any_text(), {"x": [Number(self)]}, []])
            members.insert(self.random.randint(0, len(members)), (f"más {unknown}", value))
        # a repeated key must keep its order, so the number goes to either end
        members.insert(self.random.choice([0, len(members)]), (id_key, segment_id))
        return Segment(index, members)

    def _prompt(self, index: int, key: str) -> Prompt:
        return Prompt((index, key), self.random.choice([self.any_text(), self.any_text(), "", None]))

    def _value(self, value: Any, depth: int) -> None:
        if isinstance(value, Prompt):
            self._put("null" if value.text is None else self._string(value.text), value.owner)
        elif isinstance(value, Number):
            self._put(value.text)
        elif isinstance(value, Segment):
            self._members(value.members, depth)
            # the closing piece is the last one; a new member stands right before it
            self.done.ends.append(self.done.pieces[-2])
        elif isinstance(value, dict):
            self._members(list(value.items()), depth)
        elif isinstance(value, list):
            self._list(value, depth)
        else:
            self._put(self._string(value) if isinstance(value, str) else json.dumps(value))

    def _members(self, members: list[tuple[str, Any]], depth: int) -> None:
        self._put("{")
        for number, (key, value) in enumerate(members):
            comma = "," if number else ""
            head = f"{self._space()}{comma}" if self.line_end == "messy" else comma
            self._put(f"{head}{self._break(depth + 1)}{self._string(key)}{self._space()}:{self._space()}")
            self._value(value, depth + 1)
        self._put(f"{self._break(depth)}}}")

    def _list(self, items: list[Any], depth: int) -> None:
        self._put("[")
        for number, item in enumerate(items):
            self._put(f"{',' if number else ''}{self._break(depth + 1)}")
            self._value(item, depth + 1)
        self._put(f"{self._break(depth)}]")

    def _break(self, depth: int) -> str:
        if self.line_end == "messy":
            return self.random.choice(["", " ", "\n", "\r\n\t", "\n\n   "])
        return self.line_end + self.indent * depth if self.line_end else ""

    def _space(self) -> str:
        return self.random.choice(["", " ", " ", "\t", "\n"]) if self.line_end == "messy" else " "

    def _string(self, text: str) -> str:
        return '"' + "".join(map(self._letter, text)) + '"'

    def _letter(self, letter: str) -> str:
        if letter in _SHORT and (letter != "/" or self.random.random() < 0.5):
            return _SHORT[letter]
        if letter < " " or self.random.random() < (self.escapes if letter > "~" else self.escapes / 10):
            units = letter.encode("utf-16-be")
            form = self.random.choice(["02x", "02X"])
            return "".join(f"\\u{units[i]:{form}}{units[i + 1]:{form}}" for i in range(0, len(units), 2))
        return letter

    def _put(self, text: str, owner: Owner | None = None) -> None:
        self.done.pieces.append(Piece(text, owner))


@dataclass
class Prompt:
    """A prompt's value as it is written at first."""

    owner: Owner
    text: str | None


@dataclass
class Segment:
    """A segment's members in the order in which they are written."""

    index: int
    members: list[tuple[str, Any]]


class Number:
    """A number in one of its many spellings."""

    def __init__(self, writer: Writer) -> None:
        self.text = writer.random.choice(_NUMBERS)
