"""What the demo consists of, read from this package's own files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from director_lib.demo.steps import Step, parse_step

DEMO_IDS = ("lighthouse-winter", "night-market", "tisza-partjan")
_HISTORY = "history.json"


@dataclass(frozen=True, slots=True)
class DemoPreset:
    """A prompt fragment of the demo studio; ``at`` is written as in ``steps``."""

    at: str
    by: str
    name: str
    category: str
    text: str


def stream_files(stream_id: str) -> dict[str, bytes]:
    """Return the JSON files of a demo stream's folder, by name."""
    return {
        entry.name: entry.read_bytes()
        for entry in sorted(_folder(stream_id).iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".json") and entry.name != _HISTORY
    }


@cache
def history(stream_id: str) -> tuple[Step, ...]:
    """Return what happened to a demo stream, oldest first."""
    lines = json.loads((_folder(stream_id) / _HISTORY).read_text(encoding="utf-8"))
    return tuple(parse_step(line) for line in lines)


@cache
def presets() -> tuple[DemoPreset, ...]:
    """Return the presets of the demo studio, oldest first."""
    lines = json.loads((_data() / "presets.json").read_text(encoding="utf-8"))
    return tuple(DemoPreset(**line) for line in lines)


def _folder(stream_id: str) -> Traversable:
    return _data() / stream_id


def _data() -> Traversable:
    return files("director_lib.demo") / "data"
