"""Repeatable randomness and the smooth noise that skies, hills and water are made of."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from director_lib.engines.local.words import stable_hash

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


def generator(*parts: object) -> np.random.Generator:
    """Return a random generator that is the same for equal parts."""
    return np.random.Generator(np.random.PCG64(stable_hash(*parts)))


def field(
    rng: np.random.Generator, size: int = 256, *, roughness: float = 1.8, stretch: float = 1.0
) -> Floats:
    """Return a square of smooth noise that repeats seamlessly.

    Args:
        rng: Source of randomness.
        size: Side in samples; a power of two.
        roughness: How fast fine detail fades; 1 is rough, 3 is soft.
        stretch: Above 1, the noise is drawn out across the second axis (streaks lie horizontally).

    Returns:
        Values of mean 0 and standard deviation 1.
    """
    down = np.fft.fftfreq(size).astype(np.float32)[:, None] * size
    across = np.fft.rfftfreq(size).astype(np.float32)[None] * size * stretch
    power = down**2 + across**2
    power[0, 0] = np.inf
    angle = rng.random(power.shape, dtype=np.float32) * np.float32(2 * np.pi)
    spectrum = np.exp(1j * angle) * power ** np.float32(-roughness / 2)
    return _standard(np.fft.irfft2(spectrum, s=(size, size)))


def curve(rng: np.random.Generator, width: int, *, roughness: float = 1.6, lowest: int = 1) -> Floats:
    """Return a line of smooth noise, the same shape at every width.

    Args:
        rng: Source of randomness.
        width: Number of samples.
        roughness: How fast fine detail fades.
        lowest: Number of whole swings of the slowest wave across the line.

    Returns:
        Values of mean 0 and standard deviation 1 over the line and a little beyond it.
    """
    samples = 4096
    wave = np.fft.rfftfreq(samples).astype(np.float32) * samples
    power = np.where(wave < lowest, 0, np.maximum(wave, 1) ** np.float32(-roughness))
    angle = rng.random(wave.shape, dtype=np.float32) * np.float32(2 * np.pi)
    line = _standard(np.fft.irfft(np.exp(1j * angle) * power, n=samples))
    return np.interp(np.linspace(0, samples * 0.82, width), np.arange(samples), line).astype(np.float32)


def _standard(values: npt.NDArray[np.floating]) -> Floats:
    result: Floats = ((values - values.mean()) / max(float(values.std()), 1e-9)).astype(np.float32)
    return result


def lookup(tile: Floats, down: Floats, across: Floats) -> Floats:
    """Sample a repeating square smoothly at positions given in periods."""
    size = tile.shape[0]
    mask = size - 1
    y, x = down * np.float32(size), across * np.float32(size)
    row, column = np.floor(y).astype(np.int32), np.floor(x).astype(np.int32)
    part_y, part_x = y - row, x - column
    above, below = (row & mask) * size, ((row + 1) & mask) * size
    left, right = column & mask, (column + 1) & mask
    flat = tile.ravel()
    top = mix(flat[above + left], flat[above + right], part_x)
    bottom = mix(flat[below + left], flat[below + right], part_x)
    return mix(top, bottom, part_y)


def mix(start: Floats, end: Floats, part: Floats | float) -> Floats:
    """Return ``start`` for part 0, ``end`` for part 1, and what lies between."""
    result: Floats = start + (end - start) * np.asarray(part, np.float32)
    return result


def ramp(low: float, high: float, value: Floats) -> Floats:
    """Rise smoothly from 0 at ``low`` to 1 at ``high``; ``low`` above ``high`` falls instead."""
    part = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    result: Floats = (part * part * (3 - 2 * part)).astype(np.float32)
    return result


def enlarge(plane: Floats, width: int, height: int) -> Floats:
    """Resize one plane of numbers smoothly."""
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def enlarge_picture(picture: Floats, width: int, height: int) -> Floats:
    """Resize a picture of three planes smoothly, keeping its fractions."""
    planes = [enlarge(picture[..., band], width, height) for band in range(3)]
    return np.stack(planes, axis=-1)
