"""The last look: tint, bloom, contrast, vignette and a trace of grain."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, enlarge, mix
from director_lib.engines.local.palette import luma

_GRAIN = 0.006
_TONING = 0.34


def develop(canvas: Canvas) -> None:
    """Let bright places bloom, raise contrast and darken the corners."""
    np.clip(canvas.pixels, 0, 1, out=canvas.pixels)
    _bloom(canvas.pixels)
    canvas.pixels = _contrast(canvas.pixels)
    _vignette(canvas, canvas.pixels)


def finish(canvas: Canvas) -> Image.Image:
    """Tint the developed picture with the stream's palette and turn it into 8-bit RGB."""
    pixels = canvas.pixels
    if canvas.reading.light == "noir":
        pixels = np.repeat(luma(pixels)[..., None], 3, axis=2)
    if canvas.palette:
        _tone(pixels, canvas.palette)
    return Image.fromarray(_rounded(canvas, pixels))


def _bloom(pixels: Floats) -> None:
    """Let bright places spill over; worked out at an eighth of the size."""
    height, width = pixels.shape[:2]
    small = (max(1, width // 8), max(1, height // 8))
    bright = np.clip(pixels - np.float32(0.66), 0, 1) * np.float32(2.2 * 255)
    image = Image.fromarray(np.clip(bright, 0, 255).astype(np.uint8)).resize(small, Image.Resampling.BOX)
    reach = max(1.0, height / 720)
    near = np.asarray(image.filter(ImageFilter.GaussianBlur(2.5 * reach)), np.float32)
    far = np.asarray(image.filter(ImageFilter.GaussianBlur(11 * reach)), np.float32)
    spill = (near * np.float32(0.20) + far * np.float32(0.42)) / np.float32(255)
    for band in range(3):
        light = enlarge(spill[..., band], width, height)
        channel = pixels[..., band]
        channel += (1 - channel) * np.clip(light, 0, 1) * np.float32(0.75)


def _contrast(pixels: Floats) -> Floats:
    result: Floats = pixels * (1 + np.float32(0.5) * (pixels - np.float32(0.46)) * (1 - pixels))
    return result


def _vignette(canvas: Canvas, pixels: Floats) -> None:
    across = (np.linspace(-0.5, 0.5, canvas.width, dtype=np.float32) ** 2)[None]
    down = (np.linspace(-0.5, 0.5, canvas.height, dtype=np.float32) ** 2)[:, None]
    pixels *= (1 - (across + down * np.float32(0.8)) * np.float32(0.85))[..., None]


def _tone(pixels: Floats, palette: list[Floats]) -> None:
    """Shift each brightness towards the palette's colour of that brightness, leaving brightness alone."""
    levels = np.array([float(luma(color)) for color in palette], np.float32)
    steps = np.linspace(0, 1, 256, dtype=np.float32)
    table = np.stack(
        [np.interp(steps, levels, [color[band] for color in palette]) for band in range(3)], axis=1
    )
    table = table.astype(np.float32)
    offset = _smooth(table - luma(table)[:, None]) * np.sqrt(steps * (1 - steps))[:, None] * np.float32(2)
    brightness = luma(pixels)
    shift = offset[np.clip(brightness * 255, 0, 255).astype(np.uint8)]
    grey = brightness[..., None]
    pixels[:] = mix(pixels, np.clip(grey + shift, 0, 1), _TONING)


def _smooth(table: Floats) -> Floats:
    """Average each row with its neighbours, so that no hue shows up as a band of its own."""
    reach = 48
    padded = np.pad(table, ((reach, reach), (0, 0)), mode="edge")
    sums = np.cumsum(np.vstack([np.zeros((1, 3), np.float32), padded]), axis=0, dtype=np.float64)
    width = 2 * reach + 1
    return ((sums[width:] - sums[:-width]) / width).astype(np.float32)


def _rounded(canvas: Canvas, pixels: Floats) -> npt.NDArray[np.uint8]:
    """Add fine grain, which also hides banding, and round to bytes."""
    noise = canvas.structure("grain").random((canvas.height, canvas.width), dtype=np.float32)
    pixels += ((noise - np.float32(0.5)) * np.float32(2 * _GRAIN))[..., None]
    result: npt.NDArray[np.uint8] = (np.clip(pixels, 0, 1) * 255 + np.float32(0.5)).astype(np.uint8)
    return result
