"""Edits of a spec as JSON values: as a page sends them, and as they are kept to be taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from director_lib.domain.spec_edit import (
    AddSection,
    AddSegment,
    Block,
    MoveSegment,
    RemoveSection,
    RemoveSegment,
    SectionField,
    SegmentField,
    SetColor,
    SetSection,
    SetSegment,
    SetText,
    SpecEdit,
    SplitSegment,
    check_spec_edit,
)
from director_lib.errors import InputError

_KINDS: dict[str, type[Any]] = {
    "add_segment": AddSegment,
    "split_segment": SplitSegment,
    "move_segment": MoveSegment,
    "remove_segment": RemoveSegment,
    "set_segment": SetSegment,
    "set_section": SetSection,
    "add_section": AddSection,
    "remove_section": RemoveSection,
    "set_text": SetText,
    "set_color": SetColor,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def edit_to_json(edit: SpecEdit) -> dict[str, Any]:
    """Return an edit as JSON values."""
    return {"kind": _NAMES[type(edit)], **dataclasses.asdict(edit)}


def edit_from_json(data: object) -> SpecEdit:
    """Return the edit that JSON values describe.

    Raises:
        InputError: They describe none, or one whose values could never stand in a spec.
    """
    kind = _KINDS.get(str(data.get("kind"))) if isinstance(data, dict) else None
    if kind is None or not isinstance(data, dict):
        raise InputError("This is no edit of a spec. Nothing was changed.")
    values = {name: value for name, value in data.items() if name != "kind"}
    try:
        checked = {name: _check(kind, name, value) for name, value in values.items()}
        edit: SpecEdit = kind(**checked)
    except (TypeError, ValueError, KeyError) as error:
        raise InputError(f"This is no “{data['kind']}” of a spec ({error}). Nothing was changed.") from error
    check_spec_edit(edit)
    return edit


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a number is needed")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is needed")
    return value


def _numbers(value: Any) -> tuple[int, ...]:
    return tuple(_number(one) for one in value)


def _or_none(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else check(value)


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "segment_id": _number,
    "at": _or_none(_number),
    "before": _or_none(_number),
    "title": _text,
    "text": _text,
    "base": _or_none(_text),
    "section_id": _text,
    "segment_ids": _numbers,
    "block": Block,
    "key": _text,
    "name": _or_none(_text),
    "new_name": _text,
    "hex": _or_none(_text),
}


def _check(kind: type[Any], name: str, value: Any) -> Any:
    if name == "after":
        return _or_none(_text if kind is AddSection else _number)(value)
    if name == "field":
        return (SectionField if kind is SetSection else SegmentField)(value)
    return _CHECKS[name](value)
