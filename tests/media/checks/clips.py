"""Clips with and without defects, made frame by frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from PIL import Image

SIZE_PX = (320, 180)
FPS = 24
Painter = Callable[[int], Image.Image]


def scene(number: int = 0) -> Image.Image:
    """Paint hills that drift to the left by two pixels a frame."""
    across, down = np.meshgrid(np.arange(SIZE_PX[0]) + 2 * number, np.arange(SIZE_PX[1]))
    hills = 110 + 50 * np.sin(across / 23) + 30 * np.sin(across / 7 + down / 11)
    sky = 200 - down / 2
    pixels = np.where(down > hills, np.stack([hills, hills / 2, sky / 2]), np.stack([sky / 2, sky, hills]))
    return Image.fromarray(np.moveaxis(pixels, 0, -1).clip(0, 255).astype(np.uint8))


def film(path: Path, paint: Painter, duration_s: float = 2.0) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "12", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *SIZE_PX, "yuv420p"
        for number in range(round(duration_s * FPS)):
            container.mux(stream.encode(av.VideoFrame.from_image(paint(number))))
        container.mux(stream.encode(None))
    return path


def framed(picture: Image.Image, bar_px: int = 24) -> Image.Image:
    """Put black bars above and below."""
    result = Image.new("RGB", picture.size)
    result.paste(picture.resize((picture.width, picture.height - 2 * bar_px)), (0, bar_px))
    return result
