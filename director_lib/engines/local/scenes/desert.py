"""Dunes to the horizon, each with a lit and a shadowed side."""

from __future__ import annotations

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, curve, field, lookup, mix, ramp
from director_lib.engines.local.palette import rgb
from director_lib.engines.local.terrain import Survey, View, haze, paint_terrain, survey


def paint(canvas: Canvas) -> None:
    """Paint a far mesa and the dunes over the sky."""
    _mesas(canvas)
    view = View(_dunes(canvas), _rise, period=42, far=45, slices=400, steepness=6.0)
    seen = survey(canvas, view)
    paint_terrain(canvas, seen, haze(canvas, seen, _sand(canvas, seen), reach=34))


def _rise(distance: Floats) -> Floats:
    return (
        np.float32(0.75) + ramp(2, 10, distance) * np.float32(0.75) + ramp(9, 40, distance) * np.float32(3.0)
    )


def _dunes(canvas: Canvas) -> Floats:
    """Return soft swells with sharp crests on one side."""
    broad = field(canvas.structure("dunes"), 512, roughness=2.5, stretch=0.6)
    warp = field(canvas.structure("dune-warp"), 512, roughness=2.8)
    steps = np.linspace(0, 1, 512, endpoint=False, dtype=np.float32)
    rows, columns = np.meshgrid(steps, steps, indexing="ij")
    phase = (rows * 5 + columns * 3 + warp * np.float32(0.34)) % 1
    crest = np.where(phase < 0.72, phase / np.float32(0.72), (1 - phase) / np.float32(0.28)).astype(
        np.float32
    )
    smooth = crest * crest * (3 - 2 * crest)
    return broad * np.float32(0.28) + smooth * np.float32(0.55) - np.float32(0.15)


def _sand(canvas: Canvas, seen: Survey) -> Floats:
    colors = canvas.colors
    warmth = 0.16 if canvas.reading.is_dark else 0.5
    shade = mix(mix(colors.ground, colors.middle, 0.34), rgb("#7a4526"), warmth * 0.6)
    bright = mix(mix(colors.horizon, colors.light, 0.4), rgb("#eab676"), warmth)
    if canvas.reading.is_dark:
        bright = mix(colors.middle, colors.light, 0.36)
        shade = mix(colors.ground, colors.middle, 0.6)
    ripples = lookup(
        field(canvas.detail("ripples"), 256, roughness=1.5, stretch=0.2), seen.top / 300, seen.lit
    )
    light = np.clip(seen.lit + ripples * np.float32(0.03) + seen.grain * np.float32(0.012), 0, 1)
    return mix(shade, bright, ramp(0.12, 0.88, light)[..., None])


def _mesas(canvas: Canvas) -> None:
    line = curve(canvas.structure("mesas"), canvas.width, roughness=1.4)
    flat = ramp(0.3, 0.55, line) * np.float32(0.7) + ramp(0.9, 1.05, line) * np.float32(0.5)
    pen = canvas.pen()
    foot = canvas.horizon + canvas.unit * 3
    edge = [(float(x), foot - canvas.unit * (3 + 13 * float(flat[x]))) for x in range(0, canvas.width, 2)]
    pen.polygon([(0, foot), *edge, (canvas.width, foot)])
    canvas.fill(pen, canvas.colors.distance(0.22))
