"""What a text may hold: what every database can store, so that the same is refused on each of them."""

from __future__ import annotations

import json
import re
from typing import Any

from director_lib.errors import InputError

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def check_text(text: str) -> str:
    """Return a text unchanged when it can be stored.

    Raises:
        InputError: It has a NUL character or half of a surrogate pair; PostgreSQL can hold neither.
    """
    if text.isascii() and "\x00" not in text:
        return text
    found = _UNSTORABLE.search(text)
    if found is not None:
        raise InputError(
            f"The text has a character that cannot be stored (U+{ord(found[0]):04X} after "
            f"“{text[max(0, found.start() - 20) : found.start()]}”). Nothing was saved. Remove it, then try "
            "again."
        )
    return text


def is_storable(text: str) -> bool:
    """Tell whether a text can be stored as it is."""
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """Return what a program says, with U+FFFD for what cannot be stored: its news must not be lost."""
    return _UNSTORABLE.sub("\ufffd", text)


def dump_json(value: Any) -> str:
    """Write a JSON value for the database, with the same characters refused as in other texts.

    Raises:
        InputError: A text in it has a character that cannot be stored.
    """
    text = json.dumps(value)
    if "\\u" in text:
        _check_texts(value)
    return text


def load_json(text: str | bytes) -> Any:
    """Read a JSON value that the database holds; nearly all lists and objects in it are empty."""
    if text == "[]":
        return []
    return {} if text == "{}" else json.loads(text)


def _check_texts(value: Any) -> None:
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_texts(key)
            _check_texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_texts(item)
