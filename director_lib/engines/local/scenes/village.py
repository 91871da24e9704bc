"""A village among low hills: rows of houses, a church, trees, a lane leading in."""

from __future__ import annotations

import numpy as np

from director_lib.engines.local.buildings import church, house
from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, field, ramp
from director_lib.engines.local.plants import bare, leafy
from director_lib.engines.local.scenes.plain import lay_road, meadow
from director_lib.engines.local.terrain import View, haze, paint_terrain, survey

_ROWS = (0.40, 0.58, 0.80)


def paint(canvas: Canvas) -> None:
    """Paint hills and houses over the sky, far rows first."""
    seen = survey(canvas, View(_relief(canvas), _rise, period=70, far=60, slices=320, steepness=1.3))
    colors = lay_road(canvas, seen, meadow(canvas, seen))
    paint_terrain(canvas, seen, haze(canvas, seen, colors, reach=34))
    for number, nearness in enumerate(_ROWS):
        _trees(canvas, number, nearness)
        _houses(canvas, number, nearness)


def _rise(distance: Floats) -> Floats:
    return (
        np.float32(0.15) + ramp(3, 10, distance) * np.float32(0.25) + ramp(9, 45, distance) * np.float32(8.5)
    )


def _relief(canvas: Canvas) -> Floats:
    hills = field(canvas.structure("hills"), 512, roughness=2.6) * np.float32(0.5) + np.float32(0.25)
    clipped: Floats = np.clip(hills, -0.5, 1.4)
    return clipped


def _row_foot(canvas: Canvas, number: int) -> float:
    """Return the row on which a row of houses stands, in pixels."""
    depth = canvas.height - canvas.horizon
    return canvas.horizon + depth * (0.10, 0.22, 0.45)[number]


def _houses(canvas: Canvas, number: int, nearness: float) -> None:
    rng = canvas.structure(f"houses{number}")
    foot, size = _row_foot(canvas, number), canvas.unit * (2.6, 4.4, 8.2)[number]
    step = size * 4.6
    for place in range(int(canvas.width / step) + 2):
        keep, shift, drop = rng.random(3).tolist()
        x = (place + shift * 0.45 - 0.3) * step
        lane = abs(x - canvas.width * 0.5) / canvas.width
        if keep < 0.22 or (number and lane < (0.10, 0.10, 0.20)[number]):
            continue
        house(canvas, x, foot + drop * size * 0.35, size * (0.85 + 0.3 * keep), nearness=nearness, rng=rng)
        if number == 0 and abs(x - canvas.other_x) < step * 0.55:
            church(canvas, x + size * 1.8, foot, size * 1.35, nearness=0.5)


def _trees(canvas: Canvas, number: int, nearness: float) -> None:
    rng = canvas.structure(f"village-trees{number}")
    foot, tall = _row_foot(canvas, number), canvas.unit * (5, 10, 20)[number]
    pen = canvas.pen()
    for _ in range((22, 12, 5)[number]):
        x, size = float(rng.random()) * canvas.width, 0.6 + 0.4 * float(rng.random())
        if abs(x - canvas.width / 2) < canvas.width * (0.0, 0.12, 0.24)[number]:
            continue
        if canvas.reading.has("winter"):
            bare(pen, (x, foot), tall * size, rng)
        else:
            leafy(pen, x, foot, tall * size, rng)
    canvas.fill(pen, canvas.colors.distance(nearness * 0.95))
