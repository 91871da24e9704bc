"""Choosing what a model offers that comes nearest to what was asked for."""

from __future__ import annotations

import math
import re

from director_lib.engines.replicate.schema import Slot

_LARGEST_SEED = 2**31 - 1
_NAMED_LINES = {"1k": 1080, "2k": 1440, "4k": 2160}


def fit_number(slot: Slot | None, wanted: float) -> object:
    """Return the number that the slot takes and that is nearest to the wanted one, the larger of two."""
    if slot is not None and slot.choices:
        numbers = [(number, choice) for choice in slot.choices if (number := _number(choice)) is not None]
        if numbers:
            return min(numbers, key=lambda pair: (abs(pair[0] - wanted), -pair[0]))[1]
        return slot.choices[0]
    least = slot.least if slot is not None and slot.least is not None else -math.inf
    most = slot.most if slot is not None and slot.most is not None else math.inf
    return math.floor(min(max(wanted, least), most) + 0.5)


def fit_lines(slot: Slot, wanted: int) -> object | None:
    """Return the frame size, as in “720p”, nearest to the wanted height; None when none is named."""
    sizes = [(lines, choice) for choice in slot.choices if (lines := lines_of(choice)) is not None]
    return min(sizes, key=lambda pair: (abs(pair[0] - wanted), -pair[0]))[1] if sizes else None


def lines_of(size: object) -> int | None:
    """Return the height that a frame size names, as 720 for “720p”; None when it names none."""
    text = str(size).strip().lower()
    if text in _NAMED_LINES:
        return _NAMED_LINES[text]
    found = re.fullmatch(r"(\d{3,4})p?", text)
    return int(found[1]) if found else None


def fit_ratio(slot: Slot, width: int, height: int) -> object | None:
    """Return the ratio of sides, as in “16:9”, nearest to the wanted one; None when none is offered."""
    if not slot.choices:
        divisor = math.gcd(width, height)
        return f"{width // divisor}:{height // divisor}"
    wanted = math.log(width / height)
    ratios = [
        (abs(math.log(int(found[1]) / int(found[2])) - wanted), choice)
        for choice in slot.choices
        if (found := re.fullmatch(r"([1-9]\d*):([1-9]\d*)", str(choice)))
    ]
    return min(ratios, key=lambda pair: pair[0])[1] if ratios else None


def fit_seed(slot: Slot, seed: int) -> int:
    """Return the seed itself, or one made from it that the model takes; never a larger one, if it can be."""
    most = int(slot.most) if slot.most is not None else _LARGEST_SEED
    least = int(slot.least) if slot.least is not None else 0
    return max(least, seed if least <= seed <= most else seed % (most + 1))


def _number(choice: object) -> float | None:
    try:
        return float(str(choice).strip().lower().removesuffix("s"))
    except ValueError:
        return None
