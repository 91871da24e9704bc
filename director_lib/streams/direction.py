"""Visual direction, palette and picture size of production.json."""

from __future__ import annotations

import re
from collections.abc import Iterator

from director_lib.streams.fields import Fields, as_whole, flat_text, is_personal, storable

_HEX = re.compile(r"#([0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
_SIZE = re.compile(r"\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*(?:px)?\s*", re.IGNORECASE)
PALETTE_KEYS = ("color_palette", "palette", "colors", "colours")
NEGATIVE_KEYS = ("negative_prompts", "negative_prompt")
_DEEPEST_GROUP = 3
_SMALLEST, _LARGEST = 16, 16_384


def read_direction(spec: Fields) -> dict[str, str]:
    """Return the visual direction's fields as texts, in the file's order; palette and negatives left out."""
    if isinstance(spec.raw("visual_direction"), str):
        return {"aesthetic": spec.text("visual_direction")}
    direction = spec.child("visual_direction")
    named = (key for key in direction if key not in PALETTE_KEYS + NEGATIVE_KEYS)
    texts = {storable(key): direction.any_text(key) for key in named}
    return {key: text for key, text in texts.items() if text}


def read_negative(spec: Fields) -> str:
    """Return the stream's negative prompts as one text; "" without any."""
    direction = spec.quiet_child("visual_direction")
    return next((text for key in NEGATIVE_KEYS if (text := direction.any_text(key))), "")


def read_palette(spec: Fields) -> dict[str, str]:
    """Return colour names to "#rrggbb" in the file's order; colours without a hex value become oddities."""
    direction = spec.quiet_child("visual_direction")
    key = next((key for key in PALETTE_KEYS if key in direction), None)
    if key is None:
        return {}
    palette: dict[str, str] = {}
    for name, value in _colors(direction.raw(key)):
        match = _HEX.search(flat_text(value))
        if match is None:
            direction.note(key, f"“{storable(name)}” has no colour written as #rrggbb; it was left out.")
            continue
        palette[_unique(storable(name), palette)] = _six_digits(match[1])
    return palette


def read_size(spec: Fields) -> tuple[int, int] | None:
    """Return width and height in pixels; None when the stream does not say, or nothing usable."""
    for block in ("output", "production_settings"):
        fields = spec.child(block)
        if "dimensions" in fields:
            size = _size(fields.raw("dimensions"))
            if size is not None:
                return size
            fields.note("dimensions", "This is no picture size such as 1920x1080; the usual size is used.")
    return None


def _colors(value: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Yield name and value of each colour; a value may be an object that holds the colour, or a group."""
    if isinstance(value, dict):
        for name, item in value.items():
            if is_personal(name):
                continue
            if isinstance(item, dict) and depth < _DEEPEST_GROUP and not _holds_one_color(item):
                yield from _colors(item, depth + 1)
            else:
                yield name, item
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            named = item.get("name") if isinstance(item, dict) else None
            yield (named if isinstance(named, str) else f"color {number}"), item
    else:
        yield "color 1", value


def _holds_one_color(item: dict[str, object]) -> bool:
    return any(key in item for key in ("hex", "value", "color", "colour", "code"))


def _unique(name: str, taken: dict[str, str]) -> str:
    number, unique = 2, name
    while unique in taken:
        unique, number = f"{name} {number}", number + 1
    return unique


def _six_digits(digits: str) -> str:
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits[:6].lower()}"


def _size(value: object) -> tuple[int, int] | None:
    sides: list[object] = []
    if isinstance(value, str) and (match := _SIZE.fullmatch(value)):
        sides = [match[1], match[2]]
    elif isinstance(value, list):
        sides = value
    elif isinstance(value, dict):
        sides = [value.get("width"), value.get("height")]
    pixels = [as_whole(side) for side in sides]
    usable = [side for side in pixels if side is not None and _SMALLEST <= side <= _LARGEST]
    return (usable[0], usable[1]) if len(pixels) == len(usable) == 2 else None
