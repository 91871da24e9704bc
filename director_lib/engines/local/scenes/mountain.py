"""Mountains behind a valley, with snow on high ground and pines in front."""

from __future__ import annotations

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, field, mix, ramp
from director_lib.engines.local.terrain import Survey, View, haze, mirror, paint_terrain, survey


def paint(canvas: Canvas) -> None:
    """Paint the mountains over the sky."""
    view = View(_relief(canvas), _rise, period=120, far=80, slices=400, steepness=1.2, water=_lake(canvas))
    seen = survey(canvas, view)
    land = mirror(canvas, seen, _ground(canvas, seen))
    colors = haze(canvas, seen, land, reach=52, lowland=0.7)
    paint_terrain(canvas, seen, colors)


def _lake(canvas: Canvas) -> float:
    return -0.02 if canvas.reading.has("winter") else 0.12 + 0.12 * float(canvas.structure("lake").random())


def _rise(distance: Floats) -> Floats:
    """Keep the valley flat and let the land rise beyond it, ever higher."""
    return (
        np.float32(0.4) + ramp(4, 16, distance) * np.float32(5.0) + ramp(12, 62, distance) * np.float32(42.0)
    )


def _relief(canvas: Canvas) -> Floats:
    broad = field(canvas.structure("relief"), 512, roughness=2.2)
    ridges = 1 - np.abs(broad) * np.float32(0.9)
    crags = 1 - np.abs(field(canvas.structure("crags"), 512, roughness=1.75))
    lift = field(canvas.structure("massif"), 512, roughness=3.0)
    total = ridges * np.float32(0.55) + crags * np.float32(0.13) + lift * np.float32(0.34)
    return np.clip(total, -0.35, 1.5)


def _ground(canvas: Canvas, seen: Survey) -> Floats:
    colors = canvas.colors
    light = seen.lit[..., None]
    rock_lit = mix(mix(colors.ground, colors.light, 0.46), colors.horizon, 0.25)
    rock = mix(mix(colors.ground, colors.middle, 0.26), rock_lit, light)
    meadow = np.clip(light * np.float32(0.8) + seen.grain[..., None] * np.float32(0.16), 0, 1)
    grass = mix(colors.ground, mix(colors.ground, colors.horizon, 0.42), meadow)
    land = mix(grass, rock, ramp(1.5, 7.0, seen.elevation)[..., None])
    cold = ramp(9.0, 15.0, seen.elevation + (seen.lit - np.float32(0.45)) * 6)
    if canvas.reading.has("winter"):
        cold = np.maximum(cold, ramp(0.05, 0.3, seen.lit) * np.float32(0.94))
    return mix(land, _snow(canvas, light), cold[..., None])


def _snow(canvas: Canvas, light: Floats) -> Floats:
    colors = canvas.colors
    shade = mix(colors.middle, colors.top, 0.4) * np.float32(0.92)
    bright = mix(colors.horizon, colors.light, 0.8)
    if canvas.reading.is_dark:
        bright = mix(colors.middle, colors.light, 0.42)
    return mix(shade, bright, ramp(0.2, 0.9, light))
