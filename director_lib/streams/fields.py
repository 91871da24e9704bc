"""Reading values that may be missing, misspelt or of the wrong type, and remembering what was odd."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from director_lib.domain.stream import Oddity

_NUMBER = re.compile(
    r"\s*(-?\d{1,15}(?:[.,]\d{1,15})?)\s*(?:s|sec|secs|seconds?|px|frames?)?\.?\s*", re.IGNORECASE
)
_PERSONAL = re.compile(r"(client|customer)", re.IGNORECASE)
_DEEPEST = 6
_LARGEST = 1e15
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Notes:
    """Collects the oddities of one file.

    Attributes:
        found: Oddities in reading order.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Oddity] = []

    def add(self, path: str, message: str) -> None:
        """Remember an oddity at a JSON path ("" for the file as a whole)."""
        self.found.append(Oddity(self.file, path, message))

    def wrong_type(self, path: str, value: object, expected: str) -> None:
        """Remember a value of the wrong type; the value itself is never quoted."""
        self.add(path, f"This is {type_in_words(value)}, not {expected}; it was left out.")


class Fields:
    """One JSON object, read by key. Wrong types become oddities and read as missing.

    Attributes:
        path: The object's JSON path.
    """

    __slots__ = ("_data", "_notes", "path")

    def __init__(self, data: object, path: str, notes: Notes) -> None:
        self.path = path
        self._notes = notes
        self._data: dict[str, Any] = data if isinstance(data, dict) else {}
        if data is not None and not isinstance(data, dict):
            notes.wrong_type(path, data, "an object")

    def __contains__(self, key: str) -> bool:
        """Tell whether the key exists with a value other than null."""
        return self._data.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys in the file's order, those with personal data left out."""
        return (key for key in self._data if not is_personal(key))

    def raw(self, key: str) -> Any:
        """Return the value as it was parsed; None when missing."""
        return self._data.get(key)

    def child(self, key: str) -> Fields:
        """Return the object under a key; an empty one when missing or of the wrong type."""
        return Fields(self._data.get(key), f"{self.path}.{key}", self._notes)

    def quiet_child(self, key: str) -> Fields:
        """Return the object under a key as ``child`` does, for readers that leave reporting to another."""
        value = self._data.get(key)
        return Fields(value if isinstance(value, dict) else None, f"{self.path}.{key}", self._notes)

    def items(self, key: str) -> list[Any]:
        """Return the list under a key; empty when missing or of the wrong type."""
        value = self._data.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self._notes.wrong_type(f"{self.path}.{key}", value, "a list")
        return []

    def text(self, *keys: str) -> str:
        """Return the first text that is not empty, exactly as it stands in the file; "" without one."""
        for key in keys:
            value = self._data.get(key)
            if value is None or value == "":
                continue
            if isinstance(value, str):
                return self._storable(key, value)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                self._notes.add(f"{self.path}.{key}", "This is a number, not text; it was read as text.")
                return str(value)
            self._notes.wrong_type(f"{self.path}.{key}", value, "text")
        return ""

    def any_text(self, key: str) -> str:
        """Return a text, number, list or object as one text; "" when missing."""
        return self._storable(key, flat_text(self._data.get(key)))

    def number(self, key: str) -> float | None:
        """Return a finite number, also one that is written as text; None when missing or odd."""
        value = self._data.get(key)
        if value is None:
            return None
        number = as_number(value)
        if number is None:
            self.note(key, "This is no usable number; it was left out.")
        return number

    def note(self, key: str, message: str) -> None:
        """Remember an oddity of one key."""
        self._notes.add(f"{self.path}.{key}", message)

    def _storable(self, key: str, value: str) -> str:
        if "\x00" not in value and (value.isascii() or not _UNSTORABLE.search(value)):
            return value
        self.note(key, "This holds characters that are not text; they are shown as “\ufffd”.")
        return storable(value)


def storable(value: str) -> str:
    """Replace what no database or UTF-8 file can hold: NUL and halves of surrogate pairs."""
    return _UNSTORABLE.sub("\ufffd", value)


def is_personal(key: str) -> bool:
    """Tell whether a key holds personal data of the customer, which must never leave the file."""
    return _PERSONAL.match(key) is not None


def as_number(value: object) -> float | None:
    """Return a finite number from a number or its text ("5", "5,5", "5 s"); None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        return float(match[1].replace(",", ".")) if match else None
    if isinstance(value, (int, float)) and abs(value) < _LARGEST:
        return float(value)
    return None


def as_whole(value: object) -> int | None:
    """Return a whole number from a number or its text; None for anything else, fractions included."""
    number = as_number(value)
    return int(number) if number is not None and number.is_integer() else None


def flat_text(value: object, depth: int = 0) -> str:
    """Join what a person wrote as a text, list or object into one text, personal data left out."""
    if value is None or depth > _DEEPEST:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        parts = ((key, flat_text(item, depth + 1)) for key, item in value.items() if not is_personal(key))
        return "; ".join(f"{key}: {text}" for key, text in parts if text)
    if isinstance(value, list):
        return _joined(flat_text(item, depth + 1) for item in value)
    return str(value)


def type_in_words(value: object) -> str:
    """Name a JSON value's type for a person."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    names: dict[type, str] = {str: "text", list: "a list", dict: "an object"}
    return names.get(type(value), "nothing")


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(text for text in texts if text)
