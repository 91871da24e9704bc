"""Water lying to the horizon: it mirrors what is painted above it and glitters under the sun."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, field, lookup, mix, ramp
from director_lib.engines.local.palette import rgb


@dataclass(frozen=True, slots=True)
class Water:
    """How a water is.

    Attributes:
        top: Row of its far edge, in pixels.
        bottom: Row of its near edge, in pixels.
        waves: 0 a mirror, 0.4 a lake, 1 the sea, 2 a storm.
        depth: Colour of the water itself.
        glitter: Strength of the light's path on the water, 0 to 1.
        clear: How much of the sky it mirrors, 0 to 1.
    """

    top: float
    bottom: float
    waves: float
    depth: Floats
    glitter: float = 1.0
    clear: float = 0.85


def paint_water(canvas: Canvas, water: Water) -> None:
    """Cover the rows from ``water.top`` to ``water.bottom`` with water."""
    top, bottom = max(1, int(water.top)), min(canvas.height, int(water.bottom))
    if bottom - top < 2:
        return
    down = ((np.arange(top, bottom, dtype=np.float32) - top + 0.5) / canvas.height)[:, None]
    across = (np.arange(canvas.width, dtype=np.float32)[None] - np.float32(canvas.width / 2)) / canvas.height
    swell, chop = _waves(canvas, water, down, across)
    picture = _mirrored(canvas, water, down, swell + chop * np.float32(0.5))
    nearness = np.clip(down / np.float32(max(0.15, (bottom - top) / canvas.height)), 0, 1)[..., None]
    mirror = np.float32(water.clear) * (1 - nearness * np.float32(0.25 + 0.25 * min(water.waves, 1.0)))
    body = mix(water.depth, canvas.colors.ground, nearness * np.float32(0.25))
    surface = mix(np.broadcast_to(body, picture.shape), picture, mirror)
    relief = (swell * np.float32(0.6) + chop * np.float32(0.5)) * np.float32(0.055 * min(water.waves, 1.6))
    surface = surface * (1 + relief[..., None])
    surface += _glitter(canvas, water, down, swell * np.float32(0.5) + chop)
    if water.waves > 1.2:
        foam = ramp(1.35, 2.5, swell + chop * np.float32(0.55)) * np.float32(0.55) * ramp(0.01, 0.1, down)
        surface = mix(surface, mix(canvas.colors.horizon, canvas.colors.light, 0.5), foam[..., None])
    canvas.pixels[top:bottom] = surface


def _waves(canvas: Canvas, water: Water, down: Floats, across: Floats) -> tuple[Floats, Floats]:
    """Return broad swell and fine chop over the water, each of mean 0 and deviation 1."""
    distance = np.float32(1) / (down + np.float32(0.012))
    swell = field(canvas.structure("swell"), 256, roughness=1.9, stretch=0.55)
    chop = field(canvas.detail("chop"), 256, roughness=1.35, stretch=0.6)
    scale = np.float32(0.036 if water.waves < 1.2 else 0.024)
    v = distance * scale
    u = across * distance * scale
    fade = np.float32(1) / (1 + distance * np.float32(0.012))
    return lookup(swell, v * 3, u) * fade, lookup(chop, v * 12 + 0.3, u * 4) * fade


def _mirrored(canvas: Canvas, water: Water, down: Floats, slope: Floats) -> Floats:
    reach = (
        np.float32(canvas.height) * np.float32(water.waves) * (np.float32(0.012) + down * np.float32(0.20))
    )
    row = np.float32(water.top) - down * np.float32(canvas.height) * np.float32(1.05) - np.abs(slope * reach)
    rows = np.clip(np.abs(row), 0, int(water.top) - 1).astype(np.int32)
    shift = slope * reach * np.float32(0.18)
    columns = np.clip(np.arange(canvas.width, dtype=np.float32)[None] + shift, 0, canvas.width - 1).astype(
        np.int32
    )
    cap = mix(canvas.colors.horizon, canvas.colors.light, 0.5)
    image: Floats = np.minimum(canvas.pixels[rows, columns], cap)
    return image


def _glitter(canvas: Canvas, water: Water, down: Floats, slope: Floats) -> Floats:
    """Return the broken path of light below the sun or moon."""
    if water.glitter <= 0:
        return np.zeros(3, np.float32)
    across = (np.arange(canvas.width, dtype=np.float32)[None] - np.float32(canvas.sun_x)) / canvas.height
    spread = np.float32(0.028) + down * np.float32(0.30)
    path = np.exp(-((across / spread) ** 2))
    sparks = ramp(0.15, 1.3, slope + path * np.float32(0.35))
    smooth = np.float32(0.18) / (1 + np.float32(water.waves))
    light = path * (sparks * np.float32(0.85) + smooth) * np.float32(water.glitter)
    glint: Floats = light[..., None] * mix(canvas.colors.light, rgb("#ffffff"), 0.15)
    return glint
