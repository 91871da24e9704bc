"""Small pictures and clips, and a store to put them in."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from director_lib.media.files import VersionFiles


@pytest.fixture
def files(tmp_path: Path) -> VersionFiles:
    return VersionFiles(tmp_path / "media")


@pytest.fixture
def picture() -> Image.Image:
    """A picture with enough in it to be longer than a few bytes."""
    across, down = np.meshgrid(np.arange(480), np.arange(270))
    pixels = np.stack([across % 256, down % 256, (across * down // 97) % 256], axis=-1)
    return Image.fromarray(pixels.astype(np.uint8))


@pytest.fixture
def still(tmp_path: Path, picture: Image.Image) -> Callable[[str], Path]:
    """Save the picture with an ending."""

    def save(extension: str) -> Path:
        path = tmp_path / f"still{extension}"
        picture.save(path)
        return path

    return save


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """Encode a short clip: its first frame is red, then it turns blue."""

    def encode(extension: str = ".mp4", *, n_frames: int = 30, fps: int = 15, faststart: bool = True) -> Path:
        path = tmp_path / f"clip-{n_frames}{extension}"
        codec = "libvpx" if extension == ".webm" else "libx264"
        options = {"movflags": "+faststart"} if faststart and extension != ".webm" else {}
        with av.open(str(path), "w", options=options) as container:
            stream = container.add_stream(codec, rate=fps)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            for number in range(n_frames):
                part = number / max(1, n_frames - 1)
                pixels = np.full((48, 64, 3), (220 * (1 - part), 20, 220 * part), np.uint8)
                pixels[:, : 1 + number % 60] //= 2
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, fps)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return encode
