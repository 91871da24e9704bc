"""Replacing a list of texts in JSON text, in the list's own style."""

from __future__ import annotations

import json
from collections.abc import Sequence

from director_lib.errors import InputError
from director_lib.streams.json_file import BOM, parse_json
from director_lib.streams.json_spans import JsonPath, Spans
from director_lib.streams.json_text import show_path


def replace_list(text: str, path: JsonPath, items: Sequence[str]) -> str:
    """Replace the list at a path; every character outside of it stays.

    A list that is written over several lines stays so, with its indentation.

    Raises:
        StreamFileError: The text is not valid JSON.
        InputError: There is no list at that path.
    """
    bom = BOM if text.startswith(BOM) else ""
    body = text.removeprefix(BOM)
    parse_json("The JSON text", body)
    spans = Spans(body)
    start = spans.find_start(path)
    if start is None or body[start] != "[":
        raise InputError(f"The JSON text has no list at {show_path(path)}.")
    end = spans.value_end(start)
    return bom + body[:start] + _written(body, spans, start, end, items) + body[end:]


def _written(body: str, spans: Spans, start: int, end: int, items: Sequence[str]) -> str:
    if not items:
        return "[]"
    plain = [_literal(item) for item in items]
    inner = body[start + 1 : end - 1]
    if not inner.strip():
        return "[" + ", ".join(plain) + "]"
    first = spans.skip_space(start + 1)
    lead, tail = body[start + 1 : first], inner[len(inner.rstrip()) :]
    after_first = spans.value_end(first)
    second = spans.skip_space(spans.skip_space(after_first) + 1)
    is_alone = body[spans.skip_space(after_first)] == "]"
    joint = "," + (lead if "\n" in lead else " ") if is_alone else body[after_first:second]
    return "[" + lead + joint.join(plain) + tail + "]"


def _literal(item: str) -> str:
    # half of a surrogate pair exists only as an escape: UTF-8 has no bytes for it
    is_broken = any("\ud800" <= letter <= "\udfff" for letter in item)
    return json.dumps(item, ensure_ascii=is_broken)
