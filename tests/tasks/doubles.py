"""Engines that stand in for the real ones; a worker takes them by ``--engines``."""

from __future__ import annotations

import json
import os
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
from director_lib.errors import ConfigError, EngineError, InputError

SOURCE = "tests.tasks.doubles:get_engine"
PIDS = "pids.json"
_STEP_S = 0.02

Behaviour = Callable[[GenerationRequest, Path, ProgressCallback], EngineResult]


@dataclass
class DoubleEngine:
    """An engine that does what its behaviour says."""

    name: str
    behaviour: Behaviour
    is_paid: bool = False

    def capabilities(self) -> Capabilities:
        return Capabilities(frozenset(Kind), is_paid=self.is_paid)

    def price_usd(self, request: GenerationRequest) -> float:
        return 0.5 if self.is_paid else 0.0

    def generate(
        self, request: GenerationRequest, folder: Path, *, keyframe: Path | None, progress: ProgressCallback
    ) -> EngineResult:
        return self.behaviour(request, folder, progress)


def draw(request: GenerationRequest, folder: Path, progress: ProgressCallback) -> EngineResult:
    """Make a still whose colour is the seed, at once."""
    progress("drawing", 50)
    path = folder / "still.png"
    color = (request.seed % 256, request.seed // 256 % 256, 40)
    Image.new("RGB", (request.width, request.height), color).save(path)
    return EngineResult(path, "double/1", params={"color": list(color)})


def dawdle(request: GenerationRequest, folder: Path, progress: ProgressCallback) -> EngineResult:
    """Make the same still in about half a second, telling often how far it is."""
    for step in range(25):
        progress("dawdling", 4.0 * step)
        time.sleep(_STEP_S)
    return draw(request, folder, progress)


def linger(request: GenerationRequest, folder: Path, progress: ProgressCallback) -> EngineResult:
    """Work for minutes, with a process of its own below, and say which processes these are."""
    below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (folder / "draft.json").write_text(json.dumps([os.getpid(), below.pid]))
    (folder / "draft.json").rename(folder / PIDS)
    for step in range(6000):
        progress("lingering", step / 60)
        time.sleep(0.1)
    return draw(request, folder, progress)


def refuse(request: GenerationRequest, folder: Path, progress: ProgressCallback) -> EngineResult:
    raise EngineError("The provider said no. Nothing was charged; change the prompt.")


def stumble(request: GenerationRequest, folder: Path, progress: ProgressCallback) -> EngineResult:
    raise ValueError("nobody expected this")


def crash(request: GenerationRequest, folder: Path, progress: ProgressCallback) -> EngineResult:
    os._exit(3)


def spoil(request: GenerationRequest, folder: Path, progress: ProgressCallback) -> EngineResult:
    result = draw(request, folder, progress)
    result.path.write_bytes(result.path.read_bytes()[:50])
    return result


def nothing(request: GenerationRequest, folder: Path, progress: ProgressCallback) -> EngineResult:
    """Say that it is finished, and leave no file."""
    return EngineResult(folder / "still.png", "double/1")


def keyless(request: GenerationRequest, folder: Path, progress: ProgressCallback) -> EngineResult:
    raise ConfigError("No key is set. Set GOOGLE_AI_API_KEY for the worker, then try again.")


_ENGINES = {
    "nothing": DoubleEngine("nothing", nothing),
    "keyless": DoubleEngine("keyless", keyless),
    "draw": DoubleEngine("draw", draw),
    "dawdle": DoubleEngine("dawdle", dawdle),
    "linger": DoubleEngine("linger", linger),
    "refuse": DoubleEngine("refuse", refuse),
    "stumble": DoubleEngine("stumble", stumble),
    "crash": DoubleEngine("crash", crash),
    "spoil": DoubleEngine("spoil", spoil),
    "paid": DoubleEngine("paid", linger, is_paid=True),
    "till": DoubleEngine("till", draw, is_paid=True),
}


def get_engine(name: str, _settings: Settings | None = None) -> DoubleEngine:
    if name not in _ENGINES:
        raise InputError(f"There is no engine “{name}”.")
    return _ENGINES[name]
