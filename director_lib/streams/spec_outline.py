"""A spec's text as an outline of parts and texts, for comparing states, and what only its file tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from director_lib.domain.spec_diff import ItemKind, OutlineItem
from director_lib.streams.direction import PALETTE_KEYS
from director_lib.streams.fields import as_whole, flat_text, is_personal, storable
from director_lib.streams.json_file import parse_json
from director_lib.streams.json_structure import JsonEditor
from director_lib.streams.segments import Place
from director_lib.streams.spec_keys import places_in, section_places

_FILE = "production.json"
_BLOCKS = {"visual_direction": ItemKind.DIRECTION, "composition_rules": ItemKind.RULES}


def read_outline(text: str) -> list[OutlineItem]:
    """Take a spec apart: segments and sections in the file's order, then the rest; personal data left out.

    Raises:
        StreamFileError: The text is no JSON.
    """
    editor = JsonEditor(text)
    if not isinstance(editor.data, dict):
        return []
    places = places_in(editor)
    are_sections = bool(places) and places[0].list_key == "sections"
    items = [_segment(place) for place in places]
    if not are_sections:
        items += [
            OutlineItem(ItemKind.SECTION, one.section_id, f"section {one.section_id}", _texts(one.item))
            for one in section_places(editor)
        ]
    return [*items, *_rest(editor.data)]


def numbering_faults(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the numbers that several segments of a spec have, and those of segments without their own.

    Raises:
        StreamFileError: The text is no JSON.
    """
    editor = JsonEditor(text)
    if not isinstance(editor.data, dict):
        return (), ()
    places = places_in(editor)
    list_key = places[0].list_key if places else "segments"
    id_key = "segment" if list_key == "sections" else "id"
    listed = [item for item in editor.data.get(list_key) or [] if isinstance(item, dict)]
    numbers = Counter(as_whole(item.get(id_key)) for item in listed)
    repeated = tuple(sorted(one for one, count in numbers.items() if one is not None and count > 1))
    unnumbered = tuple(place.segment_id for place in places if as_whole(place.item.get(id_key)) is None)
    return repeated, unnumbered


def parse_spec(text: str) -> Any:
    """Parse a spec's text.

    Raises:
        StreamFileError: It is no JSON.
    """
    return parse_json(_FILE, text)


def _segment(place: Place) -> OutlineItem:
    number = str(place.segment_id)
    return OutlineItem(ItemKind.SEGMENT, number, f"segment {number}", _texts(place.item, but=("id",)))


def _rest(data: dict[str, Any]) -> Iterator[OutlineItem]:
    direction = data.get("visual_direction")
    palette = next(
        (direction[key] for key in PALETTE_KEYS if isinstance(direction, dict) and key in direction), None
    )
    for key, kind in _BLOCKS.items():
        block = data.get(key)
        if isinstance(block, str):
            block = {"aesthetic": block}
        if isinstance(block, dict):
            but = PALETTE_KEYS if kind is ItemKind.DIRECTION else ()
            yield OutlineItem(kind, "", key.replace("_", " "), _texts(block, but=but))
    if palette is not None:
        colors = palette if isinstance(palette, dict) else {"colors": palette}
        yield OutlineItem(ItemKind.PALETTE, "", "palette", _texts(colors))
    for key, value in data.items():
        if key not in (*_BLOCKS, "segments", "sections") and not is_personal(key):
            yield OutlineItem(
                ItemKind.OTHER, storable(key), storable(key), {"value": storable(flat_text(value))}
            )


def _texts(item: Any, *, but: tuple[str, ...] = ()) -> dict[str, str]:
    return {
        storable(key): storable(flat_text(value))
        for key, value in dict(item).items()
        if key not in but and not is_personal(key)
    }
