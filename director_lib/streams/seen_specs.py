"""What the prompts of recently read specs were, to tell later whether one of them has changed since.

Keyed by the content's digest, so an entry can never be wrong, only missing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from director_lib.streams.segments import PROMPT_KEYS, Place

KEPT_SPECS = 64

PromptState = tuple[tuple[str, Any], ...]
"""JSON keys that hold one prompt of a segment, with their values, in the file's order."""

_FIELD_OF = {key: field for field, keys in PROMPT_KEYS.items() for key in keys}
_seen: OrderedDict[str, dict[int, dict[str, PromptState]]] = OrderedDict()
_guard = threading.Lock()


def prompt_states(item: Mapping[str, Any]) -> dict[str, PromptState]:
    """Return the state of each prompt that a segment's JSON object has; absent prompts are left out."""
    states: dict[str, PromptState] = {}
    for key, value in item.items():
        if key in _FIELD_OF:
            field = _FIELD_OF[key]
            states[field] = (*states.get(field, ()), (key, value))
    return states


def remember(sha256: str, places: Iterable[Place]) -> None:
    """Keep the prompts of a spec; only the ``KEPT_SPECS`` last used specs are kept."""
    with _guard:
        known = sha256 in _seen
        if known:
            _seen.move_to_end(sha256)
    if known:
        return
    states = {place.segment_id: prompt_states(place.item) for place in places}
    with _guard:
        _seen[sha256] = states
        while len(_seen) > KEPT_SPECS:
            _seen.popitem(last=False)


def find_states(sha256: str, segment_id: int) -> dict[str, PromptState] | None:
    """Return the prompts that a segment had in the spec with that digest.

    Returns:
        Field to state; empty when the spec had no such segment; None when the spec was not seen.
    """
    with _guard:
        spec = _seen.get(sha256)
        return None if spec is None else spec.get(segment_id, {})
