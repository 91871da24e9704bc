"""Hills in perspective: a height field seen from a person's height, drawn near to far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, field, lookup, mix

_FOCAL = 1.05
_EYE = 0.42
_FINE = 2


@dataclass(frozen=True, slots=True)
class View:
    """How a height field is looked at.

    Attributes:
        tile: Repeating square of heights.
        rise: Height of one unit of the tile at a distance, in eye heights; takes and returns a column.
        period: Size of one repetition of the tile, in eye heights.
        far: Distance of the last slice, in eye heights.
        slices: Number of slices between here and there.
        steepness: How strongly slopes show in the light.
        water: Elevation of still water in eye heights; None for dry land.
    """

    tile: Floats
    rise: Callable[[Floats], Floats]
    period: float = 60.0
    far: float = 60.0
    slices: int = 300
    steepness: float = 1.0
    water: float | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of each slice (near to far) and column of the picture.

    Attributes:
        distance: One column of distances in eye heights.
        nearness: The same as 1 (here) to 0 (far away), evenly by perspective.
        height: Heights in units of the tile.
        elevation: Heights above the plain, in eye heights.
        lit: 0 in shadow to 1 in full light.
        top: Row where each slice's surface shows, in pixels.
        grain: Fine texture, mean 0 and standard deviation 1.
        wet: 1 where there is still water, else 0.
    """

    distance: Floats
    nearness: Floats
    height: Floats
    elevation: Floats
    lit: Floats
    top: Floats
    grain: Floats
    wet: Floats


def survey(canvas: Canvas, view: View) -> Survey:
    """Look over a height field from the canvas's point of view."""
    steps = np.linspace(0, 1, view.slices, dtype=np.float32)[:, None]
    near = 0.86 * _EYE / (1.02 - canvas.horizon / canvas.height)
    distance = np.float32(near) * np.float32(view.far / near) ** steps
    focal = canvas.height * _FOCAL
    across = (np.arange(canvas.width, dtype=np.float32)[None] - np.float32(canvas.width / 2)) / np.float32(
        focal
    )
    down = np.broadcast_to(distance / np.float32(view.period), (view.slices, canvas.width))
    side = across * distance / np.float32(view.period)
    height = lookup(view.tile, down, side)
    lit = lookup(_light_tile(canvas, view), down, side)
    eye = np.float32(canvas.height * _EYE)
    grain = lookup(field(canvas.detail("ground"), 256, roughness=1.2), down * 9, side * 9)
    elevation = height * view.rise(distance)
    wet = np.zeros_like(height)
    if view.water is not None:
        wet = (elevation < view.water).astype(np.float32)
        elevation = np.maximum(elevation, np.float32(view.water))
    top = np.float32(canvas.horizon) + eye * (1 - elevation) / distance
    return Survey(distance, 1 - steps, height, elevation, lit, top, grain, wet)


def _light_tile(canvas: Canvas, view: View) -> Floats:
    """Return how much of the low sun each point of the tile gets."""
    slope_down, slope_across = np.gradient(view.tile)
    side = 1.0 if canvas.sun_x > canvas.width / 2 else -1.0
    facing = -slope_across * np.float32(side) - slope_down * np.float32(0.35)
    scale = np.float32(view.steepness * view.tile.shape[0] / 24)
    result: Floats = (0.5 + 0.5 * np.tanh(facing * scale)).astype(np.float32)
    return result


def paint_terrain(canvas: Canvas, seen: Survey, colors: Floats) -> Floats:
    """Draw the slices over the picture, nearer ones in front.

    Args:
        canvas: Painted in place.
        seen: The slices.
        colors: Slices x width x 3.

    Returns:
        The skyline: for each column, the first row with ground in pixels.
    """
    rows = np.clip(seen.top * _FINE, 0, canvas.height * _FINE).astype(np.int32)
    reached = np.minimum.accumulate(rows, axis=0)
    first = int(reached[-1].min())
    owner = _owners(reached, canvas.height * _FINE, first)
    flat = colors.reshape(-1, 3)
    columns = np.arange(canvas.width, dtype=np.int32)[None]
    count = colors.shape[0]
    start = first // _FINE
    region = canvas.pixels[start:]
    shade = np.zeros_like(region)
    cover = np.zeros(region.shape[:2], np.float32)
    for part in range(_FINE):
        chosen = owner[part::_FINE]
        ground = chosen < count
        index = np.minimum(chosen, count - 1) * np.int32(canvas.width) + columns
        shade += flat.take(index, axis=0) * ground[..., None]
        cover += ground
    region *= 1 - (cover / _FINE)[..., None]
    region += shade / _FINE
    skyline: Floats = reached[-1].astype(np.float32) / _FINE
    return skyline


def _owners(reached: np.ndarray, height: int, first: int) -> np.ndarray:
    """Return, for each fine row from ``first`` down, the slice seen there; the slice count is sky."""
    slices, width = reached.shape
    start = first // _FINE * _FINE
    owner = np.full((height - start, width), slices, np.int32)
    newly = np.ones(reached.shape, bool)
    newly[1:] = reached[1:] < reached[:-1]
    newly &= reached < height
    slice_number, column = np.nonzero(newly)
    owner[reached[slice_number, column] - start, column] = slice_number
    np.minimum.accumulate(owner, axis=0, out=owner)
    return owner


def mirror(canvas: Canvas, seen: Survey, colors: Floats) -> Floats:
    """Let still water show the sky that is painted so far."""
    row = 2 * canvas.horizon - seen.top + seen.grain * np.float32(canvas.unit * 2)
    rows = np.clip(row, 0, canvas.horizon - 1).astype(np.int32)
    brightest = mix(canvas.colors.horizon, canvas.colors.light, 0.25)
    image = np.minimum(canvas.pixels[rows, np.arange(canvas.width)[None]], brightest) * np.float32(0.84)
    return mix(colors, image, (seen.wet * np.float32(0.9))[..., None])


def haze(canvas: Canvas, seen: Survey, colors: Floats, *, reach: float, lowland: float = 0.0) -> Floats:
    """Let colours fade into the air with distance.

    Args:
        canvas: Gives the colour of the air.
        seen: The slices.
        colors: Slices x width x 3.
        reach: Distance at which two thirds have faded, in eye heights.
        lowland: Extra haze at height 0 and below (0 none to 1 all).
    """
    faded = 1 - np.exp(-seen.distance / np.float32(reach))
    if lowland:
        low = np.clip(0.6 - seen.height * 0.7, 0, 1) * np.float32(lowland)
        faded = faded + (1 - faded) * low * np.clip(seen.distance / np.float32(reach), 0, 1)
    across = np.abs(np.arange(canvas.width, dtype=np.float32) - np.float32(canvas.sun_x)) / canvas.width
    toward_sun = np.exp(-across * 3)[None, :, None] * np.float32(0.35)
    dull = mix(canvas.colors.horizon, canvas.colors.middle, 0.42)
    air = mix(dull, mix(canvas.colors.horizon, canvas.colors.light, 0.3), toward_sun)
    return mix(colors, air, np.broadcast_to(faded, seen.height.shape)[..., None])
