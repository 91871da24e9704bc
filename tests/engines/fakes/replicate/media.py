"""Small files that can really be decoded."""

from __future__ import annotations

import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image


@cache
def picture_bytes(ending: str = "PNG") -> bytes:
    picture = Image.effect_noise((64, 36), 60).convert("RGB")
    buffer = io.BytesIO()
    picture.save(buffer, ending)
    return buffer.getvalue()


@cache
def clip_bytes(form: str = "mp4", codec: str = "libx264", n_frames: int = 36) -> bytes:
    """A clip whose index stands in front, so that a cut-off one can still be opened."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"clip.{form}"
        with av.open(
            path, "w", format=form, options={"movflags": "faststart"} if form != "webm" else {}
        ) as out:
            stream: Any = out.add_stream(codec, rate=12)
            stream.width, stream.height, stream.pix_fmt, stream.gop_size = 64, 36, "yuv420p", 6
            noise = np.random.default_rng(7)
            for _ in range(n_frames):
                pixels = noise.integers(0, 255, (36, 64, 3), dtype=np.uint8)
                out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            out.mux(stream.encode(None))
        return path.read_bytes()
