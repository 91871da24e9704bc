"""Small pictures and clips that really decode."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from av.container import OutputContainer
from PIL import Image

WIDTH, HEIGHT, FPS, N_FRAMES = 64, 36, 24, 12


@cache
def picture(form: str = "PNG") -> bytes:
    """Return a still, sharp enough that no format makes it tiny."""
    written = BytesIO()
    colours = np.random.default_rng(7).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    Image.fromarray(colours).save(written, form)
    return written.getvalue()


@cache
def clip(*, begins_with_index: bool = True) -> bytes:
    """Return a clip; with its index at the beginning, a part of it can be opened like the whole."""
    options = {"movflags": "+faststart"} if begins_with_index else {}
    # the index is moved to the beginning by reading the file again, which takes a real one
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", options=options) as container:
            _film(container)
        return path.read_bytes()


def _film(container: OutputContainer) -> None:
    stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "threads": "1"})
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    noise = np.random.default_rng(7)
    for number in range(N_FRAMES):
        frame = av.VideoFrame.from_ndarray(noise.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8))
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
