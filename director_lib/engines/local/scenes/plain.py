"""A wide plain under a big sky: fields, a road, tall grass in front."""

from __future__ import annotations

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, curve, field, mix, ramp
from director_lib.engines.local.palette import rgb
from director_lib.engines.local.plants import grass, leafy
from director_lib.engines.local.terrain import Survey, View, haze, paint_terrain, survey


def paint(canvas: Canvas) -> None:
    """Paint the fields over the sky."""
    seen = survey(canvas, View(_relief(canvas), _rise, period=50, far=70, slices=300, steepness=1.4))
    colors = meadow(canvas, seen)
    if canvas.reading.has("road") or canvas.structure("road").random() < 0.6:
        colors = lay_road(canvas, seen, colors)
    skyline = paint_terrain(canvas, seen, haze(canvas, seen, colors, reach=38))
    _hedges(canvas, skyline)


def front_grass(canvas: Canvas) -> None:
    """Paint tall grass along the foot of the picture."""
    line = np.full(canvas.width, canvas.height * 1.005, np.float32)
    line += curve(canvas.structure("verge"), canvas.width) * np.float32(canvas.unit * 0.8)
    count = 260 if canvas.reading.has("winter") else 620
    grass(canvas, line, height=canvas.unit * 11, count=count, name="verge-grass", color=canvas.colors.ground)


def _rise(distance: Floats) -> Floats:
    return (
        np.float32(0.16) + ramp(2, 14, distance) * np.float32(0.5) + ramp(14, 60, distance) * np.float32(2.0)
    )


def _relief(canvas: Canvas) -> Floats:
    return field(canvas.structure("fields"), 512, roughness=2.8) * np.float32(0.55)


def meadow(canvas: Canvas, seen: Survey) -> Floats:
    """Return the colours of grass land: green, ripe, autumnal or under snow as the prompt asks."""
    colors = canvas.colors
    reading = canvas.reading
    hue = rgb("#b98a3a") if reading.has("autumn") or reading.light == "golden" else rgb("#6f8f45")
    share = 0.10 if reading.is_dark else 0.42
    dark = mix(colors.ground, mix(colors.middle, hue, 0.5), share * 0.45)
    bright = mix(mix(colors.ground, colors.horizon, 0.55), hue, share)
    if reading.has("winter"):
        dark = mix(colors.middle, colors.top, 0.4)
        bright = mix(colors.horizon, colors.light, 0.6)
        if reading.is_dark:
            dark, bright = mix(colors.ground, colors.middle, 0.75), mix(colors.middle, colors.light, 0.34)
    contrast = np.float32(0.05 if reading.has("winter") else 0.15)
    light = np.clip(seen.lit + seen.grain * contrast, 0, 1)
    return mix(dark, bright, light[..., None])


def lay_road(canvas: Canvas, seen: Survey, colors: Floats) -> Floats:
    """Lay a winding track into the distance."""
    bend = np.sin(
        seen.distance * np.float32(0.42) + np.float32(canvas.structure("bend").random() * 6)
    ) * np.float32(0.7)
    focal = np.float32(canvas.height * 1.05)
    across = (
        (np.arange(canvas.width, dtype=np.float32)[None] - np.float32(canvas.width / 2))
        / focal
        * seen.distance
    )
    off = np.abs(across - bend * np.minimum(seen.distance / 3, 3))
    track = ramp(0.30, 0.23, off) - ramp(0.11, 0.05, off) * np.float32(0.5)
    bare_earth = mix(canvas.colors.ground, mix(canvas.colors.horizon, rgb("#b89a78"), 0.4), 0.5)
    if canvas.reading.has("winter"):
        bare_earth = mix(canvas.colors.middle, canvas.colors.ground, 0.25)
    return mix(colors, bare_earth, (track * np.float32(0.75))[..., None])


def _hedges(canvas: Canvas, skyline: Floats) -> None:
    """Set clumps of trees on the skyline."""
    rng = canvas.structure("hedges")
    pen = canvas.pen()
    for _ in range(34):
        x, size = float(rng.random()) * canvas.width, float(rng.random())
        if abs(x - canvas.sun_x) / canvas.width < 0.06:
            continue
        foot = float(skyline[min(canvas.width - 1, int(x))]) + canvas.unit * 0.4
        leafy(pen, x, foot, canvas.unit * (1.6 + 3.0 * size), rng)
    canvas.fill(pen, canvas.colors.distance(0.45))
