"""How two states of a spec differ: segment by segment, field by field, word by word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from director_lib.domain.prompt import DiffPart, word_diff


class ItemKind(StrEnum):
    """The parts of a spec that are compared."""

    SEGMENT = "segment"
    SECTION = "section"
    DIRECTION = "visual_direction"
    PALETTE = "palette"
    RULES = "composition_rules"
    OTHER = "other"


class Change(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """One part of a spec as texts.

    Attributes:
        item_id: A segment's number, a section's id; "" for a part that there is once.
        fields: Key to text, in the file's order, keys that the workbench does not know included.
    """

    kind: ItemKind
    item_id: str
    label: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs; ``words`` tells how."""

    name: str
    before: str
    after: str
    words: tuple[DiffPart, ...]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One part that differs.

    Attributes:
        change: A part that was both moved and changed is "changed", with other places.
        from_place: 1-based place among its kind before; None when it was not there.
        to_place: 1-based place after; None when it is gone.
    """

    kind: ItemKind
    item_id: str
    label: str
    change: Change
    from_place: int | None
    to_place: int | None
    is_moved: bool
    fields: tuple[FieldChange, ...]


def compare_outlines(before: list[OutlineItem], after: list[OutlineItem]) -> list[ItemChange]:
    """Compare two specs.

    Returns:
        What differs, in the order of the second; what is gone stands where it was. Empty when they say the
        same. As few parts as possible count as moved.
    """
    changes: list[ItemChange] = []
    for kind in ItemKind:
        old = _numbered([item for item in before if item.kind is kind])
        new = _numbered([item for item in after if item.kind is kind])
        changes.extend(_compare_kind(old, new))
    return changes


_Places = dict[str, tuple[int, OutlineItem]]


def _numbered(items: list[OutlineItem]) -> _Places:
    places: _Places = {}
    for number, item in enumerate(items, start=1):
        places.setdefault(item.item_id, (number, item))
    return places


def _compare_kind(old: _Places, new: _Places) -> list[ItemChange]:
    common = [old[key][0] for key in new if key in old]
    steady = _longest_rise(common)
    changes: list[tuple[float, ItemChange]] = []
    for key, (place, item) in new.items():
        if key not in old:
            changes.append((place, _whole(item, Change.ADDED, None, place)))
            continue
        was_at, was = old[key]
        is_moved = was_at not in steady
        fields = _compare_fields(was.fields, item.fields)
        if is_moved or fields:
            change = Change.CHANGED if fields else Change.MOVED
            made = ItemChange(item.kind, key, item.label, change, was_at, place, is_moved, fields)
            changes.append((place, made))
    gone = [
        (place - 0.5, _whole(item, Change.REMOVED, place, None))
        for key, (place, item) in old.items()
        if key not in new
    ]
    return [change for _, change in sorted([*changes, *gone], key=lambda one: one[0])]


def _whole(item: OutlineItem, change: Change, from_place: int | None, to_place: int | None) -> ItemChange:
    is_new = change is Change.ADDED
    texts = {name: ("", text) if is_new else (text, "") for name, text in item.fields.items() if text}
    fields = tuple(_field_change(name, *pair) for name, pair in texts.items())
    return ItemChange(item.kind, item.item_id, item.label, change, from_place, to_place, False, fields)


def _compare_fields(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    names = dict.fromkeys([*after, *before])
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(_field_change(*pair) for pair in pairs if pair[1] != pair[2])


def _field_change(name: str, before: str, after: str) -> FieldChange:
    return FieldChange(name, before, after, tuple(word_diff(before, after)))


def _longest_rise(places: list[int]) -> set[int]:
    """Return the longest rising subsequence: what kept its order while the others were moved."""
    tails: list[int] = []
    parents: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(tails, place)
        parents[place] = tails[at - 1] if at else None
        tails[at : at + 1] = [place]
    kept: set[int] = set()
    current = tails[-1] if tails else None
    while current is not None:
        kept.add(current)
        current = parents[current]
    return kept
