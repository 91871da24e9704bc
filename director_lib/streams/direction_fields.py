"""The named texts of visual direction and composition rules, and the palette's colours, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from director_lib.domain.spec_edit import Block
from director_lib.streams.direction import PALETTE_KEYS
from director_lib.streams.fields import flat_text, is_personal, storable
from director_lib.streams.json_spans import JsonPath

HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
COLOR_KEYS = ("hex", "value", "color", "colour", "code")
_DEEPEST_GROUP = 3


@dataclass(frozen=True, slots=True)
class NamedText:
    """One named text of a block.

    Attributes:
        text: What it says; the items of a list one a line.
        is_list: Whether it stands in the file as a list of texts.
        is_editable: Whether it is a text or a list of texts.
    """

    block: Block
    key: str
    text: str
    is_list: bool = False
    is_editable: bool = True


@dataclass(frozen=True, slots=True)
class PaletteColor:
    """One colour and where it stands.

    Attributes:
        hex: "#rrggbb" as the file says it; the whole value when no colour is in it.
        value_path: Where the text with the colour stands.
        name_path: Where the name stands as a value; None when it is a key.
        entry_path: What goes when the colour goes.
    """

    name: str
    hex: str
    is_color: bool
    value_path: JsonPath
    name_path: JsonPath | None
    entry_path: JsonPath


def named_texts(data: Any) -> list[NamedText]:
    """List the texts of direction and rules, in the file's order, the palette left out."""
    if not isinstance(data, dict):
        return []
    return [text for block in Block for text in _texts_of(block, data.get(block.value))]


def palette_colors(data: Any) -> list[PaletteColor]:
    """List the palette's entries in the file's order, those without a colour included."""
    path = find_palette(data)
    if path is None:
        return []
    palette = data
    for step in path:
        palette = palette[step]
    return list(_colors(palette, path))


def find_palette(data: Any) -> JsonPath | None:
    """Return where the palette stands; None without one."""
    direction = data.get("visual_direction") if isinstance(data, dict) else None
    if not isinstance(direction, dict):
        return None
    key = next((key for key in PALETTE_KEYS if direction.get(key) is not None), None)
    return None if key is None else ("visual_direction", key)


def _texts_of(block: Block, value: Any) -> Iterator[NamedText]:
    if isinstance(value, str):
        yield NamedText(block, "aesthetic", storable(value))
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        is_palette = block is Block.DIRECTION and key in PALETTE_KEYS
        if is_palette or is_personal(key) or item is None:
            continue
        is_list = isinstance(item, list) and all(isinstance(one, str) for one in item)
        is_editable = is_list or isinstance(item, str)
        text = "\n".join(item) if is_list else flat_text(item)
        if text.strip() or is_editable:
            yield NamedText(block, key, storable(text), is_list, is_editable)


def _colors(value: Any, path: JsonPath, depth: int = 0) -> Iterator[PaletteColor]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield _listed(item, (*path, index), index)
    elif isinstance(value, dict):
        for name, item in value.items():
            place = (*path, name)
            if is_personal(name):
                continue
            if isinstance(item, dict) and depth < _DEEPEST_GROUP and not _holds_one(item):
                yield from _colors(item, place, depth + 1)
            elif isinstance(item, dict):
                key = _color_key(item)
                yield _color(name, item.get(key), (*place, key), None, place)
            else:
                yield _color(name, item, place, None, place)
    else:
        yield _color("color 1", value, path, None, path)


def _listed(item: Any, path: JsonPath, index: int) -> PaletteColor:
    if isinstance(item, dict):
        key = _color_key(item)
        name = item.get("name")
        shown = name if isinstance(name, str) else f"color {index + 1}"
        return _color(shown, item.get(key), (*path, key), (*path, "name"), path)
    return _color(f"color {index + 1}", item, path, None, path)


def _color(
    name: str, value: Any, value_path: JsonPath, name_path: JsonPath | None, entry_path: JsonPath
) -> PaletteColor:
    text = flat_text(value)
    match = HEX.search(text)
    shown = match.group() if match else storable(text)
    is_exact = match is not None and len(match.group()) == 7
    return PaletteColor(storable(name), shown, is_exact, value_path, name_path, entry_path)


def _color_key(item: dict[str, Any]) -> str:
    found = [key for key in COLOR_KEYS if isinstance(item.get(key), str) and HEX.search(item[key])]
    return next(iter(found), next((key for key in COLOR_KEYS if key in item), "hex"))


def _holds_one(item: dict[str, Any]) -> bool:
    return any(key in item for key in COLOR_KEYS)
