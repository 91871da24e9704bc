"""Small requests and a folder to make files in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.local import LocalEngine
from director_lib.engines.protocol import EngineResult

Generate = Callable[..., EngineResult]


@pytest.fixture
def make_request() -> Callable[..., GenerationRequest]:
    """Build a small request; give what matters by name."""

    def make(prompt: str = "a lighthouse by the sea at dusk", **fields: Any) -> GenerationRequest:
        plain: dict[str, Any] = {
            "stream_id": "lighthouse",
            "segment_id": 1,
            "kind": Kind.KEYFRAME,
            "engine": "local",
            "seed": 7,
            "width": 192,
            "height": 108,
            "duration_s": 1.0,
            "fps": 12,
        }
        return GenerationRequest(image_prompt=prompt, **(plain | fields))

    return make


@pytest.fixture
def generate(tmp_path: Path) -> Generate:
    """Make a request's file in a folder of its own."""
    made = iter(range(1000))

    def run(request: GenerationRequest, **options: Any) -> EngineResult:
        folder = tmp_path / f"scratch-{next(made)}"
        folder.mkdir()
        options.setdefault("keyframe", None)
        options.setdefault("progress", lambda phase, percent: None)
        return LocalEngine().generate(request, folder, **options)

    return run


@pytest.fixture
def keyframe(tmp_path: Path) -> Path:
    """A dark picture with one bright square in its middle, to see where the camera goes."""
    picture = Image.new("RGB", (192, 108), (20, 30, 40))
    ImageDraw.Draw(picture).rectangle((86, 44, 105, 63), fill=(250, 240, 230))
    path = tmp_path / "keyframe.png"
    picture.save(path)
    return path


@pytest.fixture
def fingerprint() -> Callable[[Path], np.ndarray]:
    """Return the bits that say where a picture is brighter than to its left: alike for alike compositions."""

    def bits(path: Path) -> np.ndarray:
        with Image.open(path) as image:
            small = np.asarray(image.convert("L").resize((17, 16), Image.Resampling.BOX), np.int16)
        return (small[:, 1:] > small[:, :-1]).ravel()

    return bits
