"""Random JSON texts in random handwriting, with the places of their values known from the writing itself."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from director_lib.streams.json_spans import JsonPath

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=15,
)
DOCUMENTS = st.lists(VALUES, min_size=1, max_size=4) | st.dictionaries(
    st.text(max_size=6), VALUES, min_size=1, max_size=4
)
_SPACE = st.sampled_from(["", "", " ", "\n", "\r\n  ", "\t", "\n\n "])


def scalar_paths(value: Any, path: JsonPath = ()) -> list[JsonPath]:
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in scalar_paths(item, (*path, key))]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in scalar_paths(item, (*path, index))]
    return [path]


def object_paths(value: Any, path: JsonPath = ()) -> list[JsonPath]:
    if isinstance(value, dict):
        inner = [found for key, item in value.items() for found in object_paths(item, (*path, key))]
        return [path, *inner]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in object_paths(item, (*path, index))]
    return []


@st.composite
def handwriting(draw: st.DrawFn, value: Any, marked: JsonPath, path: JsonPath = ()) -> tuple[str, str, str]:
    """Write a value with random white space; returns the text before, of and after the marked value."""
    before, middle, after = draw(_SPACE), "", ""
    if path == marked:
        return before, json.dumps(value, ensure_ascii=draw(st.booleans())), draw(_SPACE)
    if not isinstance(value, (dict, list)):
        return before + json.dumps(value, ensure_ascii=False) + draw(_SPACE), "", ""
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    children = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    before += opening
    for number, (step, item) in enumerate(children):
        head = "," if number else ""
        if isinstance(value, dict):
            head += f"{draw(_SPACE)}{json.dumps(step)}{draw(_SPACE)}:"
        parts = draw(handwriting(item, marked, (*path, step)))
        if middle:
            after += head + "".join(parts)
        else:
            before, middle, after = before + head + parts[0], parts[1], parts[2]
    tail = (draw(_SPACE) if not children else "") + closing + draw(_SPACE)
    return (before, middle, after + tail) if middle else (before + tail, "", "")
