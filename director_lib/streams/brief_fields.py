"""Taking the brief of an order form apart into fields, those inside of other fields included."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from director_lib.domain.brief import (
    BRIEF_FIELDS,
    NO,
    NOTES,
    WISHES,
    YES,
    BriefField,
    FieldKind,
    FieldPath,
    key_of,
)
from director_lib.streams.fields import flat_text, is_personal, storable

BRIEF = "brief"
DEEPEST = 4
MOST_INSIDE = 60
LONGEST_KEY = 200


def brief_fields(data: dict[str, Any]) -> list[BriefField]:
    """Return every field of an order form's brief: those in the file in its order, then known ones it lacks.

    A field that holds others is followed by them. Personal data is left out at every depth.
    """
    brief = data.get(BRIEF)
    held = {NOTES: brief} if isinstance(brief, str) else brief if isinstance(brief, dict) else {}
    found = {key: _fields((key,), value) for key, value in held.items() if not is_personal(key)}
    for key in WISHES:
        if key not in found and data.get(key) not in (None, "", [], {}):
            found[key] = _fields((key,), data[key])
    offered = (NOTES,) if isinstance(brief, str) else BRIEF_FIELDS
    for key in offered if isinstance(brief, (str, dict)) or brief is None else ():
        found.setdefault(key, [BriefField((key,), "")])
    for key in WISHES:
        found.setdefault(key, [BriefField((key,), "", _kind_of_new(key))])
    return [field for fields in found.values() for field in fields]


def _fields(path: FieldPath, value: Any) -> list[BriefField]:
    """Return a field of the brief and those inside of it; only itself when it holds very many."""
    found = list(itertools.islice(_taken_apart(path, value), MOST_INSIDE + 2))
    return found if len(found) <= MOST_INSIDE + 1 else [_whole(found[0])]


def _taken_apart(path: FieldPath, value: Any) -> Iterator[BriefField]:
    field = _field(path, value)
    if field.kind is not FieldKind.GROUP:
        yield field
        return
    items = value.items() if isinstance(value, dict) else enumerate(value)
    inside = [(step, item) for step, item in items if not (isinstance(step, str) and is_personal(step))]
    if not inside or len(path) >= DEEPEST:
        yield _whole(field)
        return
    yield field
    for step, item in inside:
        yield from _taken_apart((*path, step), item)


def _whole(field: BriefField) -> BriefField:
    return BriefField(field.path, field.text, FieldKind.OTHER)


def _field(path: FieldPath, value: Any) -> BriefField:
    shown = tuple(storable(step) if isinstance(step, str) else step for step in path)
    kind = _kind(path, value)
    if shown != path or not 0 < len(key_of(path)) <= LONGEST_KEY:  # no page could name it when it saves
        kind = FieldKind.OTHER
    return BriefField(shown, storable(_text(kind, value)), kind)


def _kind(path: FieldPath, value: Any) -> FieldKind:
    if isinstance(value, bool):
        return FieldKind.SWITCH
    if isinstance(value, int):
        return FieldKind.NUMBER
    if isinstance(value, float):
        return FieldKind.DECIMAL
    if isinstance(value, list) and all(isinstance(item, str) and "\n" not in item for item in value):
        return FieldKind.LINES
    if isinstance(value, (dict, list)):
        return FieldKind.GROUP
    return FieldKind.TEXT if value else _kind_of_new(path[0] if len(path) == 1 else "")


def _text(kind: FieldKind, value: Any) -> str:
    if kind is FieldKind.LINES:
        return "\n".join(value)
    if kind is FieldKind.SWITCH:
        return YES if value else NO
    return flat_text(value)


def _kind_of_new(key: object) -> FieldKind:
    return FieldKind.NUMBER if key == "segment_count" else FieldKind.TEXT
