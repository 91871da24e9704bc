"""How much at once, and how often, each engine may be asked: read from one line of text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

_ENTRY = re.compile(r"\s*(?P<name>[a-z][a-z0-9_-]*)\s*=\s*(?P<words>\S+(?:\s+\S+)*)\s*")
_WORD = re.compile(r"(?P<number>[1-9]\d{0,4})(?P<rate>/min)?")
_EXAMPLE = "google=2 10/min, replicate=3"


@dataclass(frozen=True, slots=True)
class EngineLimit:
    """How far an engine may be used; None where nothing limits it.

    Attributes:
        at_once: How many of its tasks may run at the same time, over all workers.
        starts_per_minute: How many of its tasks may start within any minute.
    """

    at_once: int | None = None
    starts_per_minute: int | None = None


DEFAULT_LIMITS: Mapping[str, EngineLimit] = {
    "google": EngineLimit(at_once=4),
    "replicate": EngineLimit(at_once=4),
}
"""Engines that are not named have no limit of their own: the worker's concurrency holds for them."""


def read_limits(text: str) -> dict[str, EngineLimit]:
    """Read limits like ``google=2 10/min, replicate=3``; what is not said stays as by default.

    Raises:
        ValueError: It cannot be read; the message has an example.
    """
    limits = dict(DEFAULT_LIMITS)
    named: set[str] = set()
    for entry in filter(str.strip, text.split(",")):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise _unreadable(entry)
        name = match["name"]
        if name in named:
            raise ValueError(f"“{name}” is named twice; say everything of it at once, as in {_EXAMPLE}")
        named.add(name)
        limits[name] = _changed(limits.get(name, EngineLimit()), match["words"].split(), entry)
    return limits


def written_limits(limits: Mapping[str, EngineLimit]) -> str:
    """Write limits as ``read_limits`` reads them."""
    return ", ".join(f"{name}={_words(limit)}" for name, limit in limits.items() if _words(limit))


def _changed(limit: EngineLimit, words: list[str], entry: str) -> EngineLimit:
    found: dict[str, int] = {}
    for word in words:
        match = _WORD.fullmatch(word)
        field = "starts_per_minute" if match is not None and match["rate"] else "at_once"
        if match is None or field in found:
            raise _unreadable(entry)
        found[field] = int(match["number"])
    return replace(limit, **found)


def _words(limit: EngineLimit) -> str:
    at_once = "" if limit.at_once is None else str(limit.at_once)
    rate = "" if limit.starts_per_minute is None else f"{limit.starts_per_minute}/min"
    return f"{at_once} {rate}".strip()


def _unreadable(entry: str) -> ValueError:
    return ValueError(
        f"“{entry.strip()}” is no limit of an engine; write how many at once, how many a minute, or both, "
        f"each 1 or more, as in {_EXAMPLE}"
    )
