"""How alike two pictures are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Plane = npt.NDArray[Any]
"""A greyscale picture: rows x columns, luminance from 0 to 255."""

_RADIUS_PX = 3
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_HASH_SIDE = 8


def grey(picture: Image.Image, width_px: int) -> Plane:
    """Return the picture in grey at a width, with its proportions kept."""
    height_px = max(1, round(picture.height * width_px / picture.width))
    return np.asarray(picture.convert("L").resize((width_px, height_px), Image.Resampling.BOX))


def structural_similarity(one: Plane, other: Plane) -> float:
    """Return the mean structural similarity of two planes of one shape, 1.0 for equal ones.

    Windows are 7 x 7 boxes (Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment, 2004).
    """
    a, b = one.astype(np.float32), other.astype(np.float32)
    mean_a, mean_b = _box_mean(a), _box_mean(b)
    variance_a = _box_mean(a * a) - mean_a * mean_a
    variance_b = _box_mean(b * b) - mean_b * mean_b
    covariance = _box_mean(a * b) - mean_a * mean_b
    likeness = ((2 * mean_a * mean_b + _C1) * (2 * covariance + _C2)) / (
        (mean_a * mean_a + mean_b * mean_b + _C1) * (variance_a + variance_b + _C2)
    )
    return float(likeness.mean())


def difference_hash(picture: Image.Image) -> int:
    """Return 64 bits that nearly equal pictures share: whether each cell is darker than the next."""
    cells = picture.convert("L").resize((_HASH_SIDE + 1, _HASH_SIDE), Image.Resampling.BOX)
    values = np.asarray(cells, dtype=np.int16)
    return int.from_bytes(np.packbits((values[:, 1:] > values[:, :-1]).ravel()).tobytes())


def hash_distance(one: int, other: int) -> int:
    """Return in how many of 64 bits two hashes differ."""
    return (one ^ other).bit_count()


def _box_mean(plane: Plane) -> Plane:
    radius, side = _RADIUS_PX, 2 * _RADIUS_PX + 1
    padded = np.pad(plane, ((radius + 1, radius), (radius + 1, radius)), mode="edge")
    sums = padded.cumsum(0, dtype=np.float64).cumsum(1)
    total = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return np.asarray(total / side**2, dtype=np.float32)
