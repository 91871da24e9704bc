"""Engines that note when they do what; the measured worker takes them by ``--engines``."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from director_lib.config import Settings
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.protocol import Capabilities, EngineResult, ProgressCallback
from director_lib.errors import InputError

SOURCE = "benchmarks.engines:get_engine"
NOTES = "notes"
N_STEPS = 40
_STEP_S = (0.25, 0.45)
_BELOW = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"

Behaviour = Callable[[GenerationRequest, Path, Path, ProgressCallback], None]


@dataclass
class NotingEngine:
    """Makes a plain still and notes what is measured in the studio's folder; free."""

    name: str
    behaviour: Behaviour
    home: Path

    def capabilities(self) -> Capabilities:
        """Tell what it can make: stills."""
        return Capabilities(frozenset({Kind.KEYFRAME}))

    def price_usd(self, request: GenerationRequest) -> float:
        """Return nothing: it costs nothing."""
        return 0.0

    def generate(
        self, request: GenerationRequest, folder: Path, *, keyframe: Path | None, progress: ProgressCallback
    ) -> EngineResult:
        """Behave, then make the still."""
        self.behaviour(request, self.home / NOTES, folder, progress)
        path = folder / "still.png"
        Image.new("RGB", (64, 36), (request.seed % 256, request.segment_id % 256, 90)).save(path)
        return EngineResult(path, f"{self.name}/1")


def note(notes: Path, segment_id: int, facts: object) -> None:
    """Write down, in one step, what is known of a segment."""
    notes.mkdir(exist_ok=True)
    draft = notes / f"{segment_id}.draft"
    draft.write_text(json.dumps(facts))
    draft.replace(notes / f"{segment_id}.json")


def _start(request: GenerationRequest, notes: Path, folder: Path, progress: ProgressCallback) -> None:
    note(notes, request.segment_id, time.monotonic())


def _tell(request: GenerationRequest, notes: Path, folder: Path, progress: ProgressCallback) -> None:
    told_s = {}
    for step in range(1, N_STEPS + 1):
        time.sleep(random.uniform(*_STEP_S))
        told_s[step] = time.monotonic()
        progress(f"step {step}", step)
    note(notes, request.segment_id, told_s)


def _linger(request: GenerationRequest, notes: Path, folder: Path, progress: ProgressCallback) -> None:
    """Be silent for minutes, with two generations of processes below."""
    below = subprocess.Popen([sys.executable, "-c", _BELOW])
    note(notes, request.segment_id, [os.getpid(), below.pid])
    time.sleep(600)


_BEHAVIOURS: dict[str, Behaviour] = {"starter": _start, "teller": _tell, "lingerer": _linger}


def get_engine(name: str, settings: Settings) -> NotingEngine:
    """Return an engine that notes.

    Raises:
        InputError: There is no such engine.
    """
    if name not in _BEHAVIOURS:
        raise InputError(f"There is no engine “{name}” to measure with.")
    return NotingEngine(name, _BEHAVIOURS[name], settings.home)
