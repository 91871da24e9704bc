"""The open sea with headlands, and a dark shore in front when somebody stands there."""

from __future__ import annotations

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.landmarks import paint_far_subjects
from director_lib.engines.local.noise import curve, mix
from director_lib.engines.local.plants import grass
from director_lib.engines.local.water import Water, paint_water


def paint(canvas: Canvas) -> None:
    """Paint headlands and water over the sky."""
    for number, nearness in enumerate((0.16, 0.34)):
        _headland(canvas, number, nearness)
    paint_far_subjects(canvas)
    stormy = canvas.reading.has("storm") or canvas.reading.light == "storm"
    colors = canvas.colors
    paint_water(
        canvas,
        Water(
            top=canvas.horizon,
            bottom=canvas.height,
            waves=1.9 if stormy else 0.9,
            depth=mix(mix(colors.top, colors.middle, 0.45), colors.ground, 0.35),
            glitter=0.95 if canvas.shows_sun else 0.15,
            clear=0.55 if stormy else 0.8,
        ),
    )


def shore(canvas: Canvas) -> None:
    """Paint a dark bank along the foot of the picture, higher under the subject."""
    width = canvas.width
    across = np.linspace(0, 1, width, dtype=np.float32)
    middle = np.float32(canvas.other_x / width)
    rise = np.exp(-(((across - middle) / np.float32(0.30)) ** 2)) * np.float32(0.15)
    rough = curve(canvas.structure("shore"), width, roughness=1.5, lowest=2) * np.float32(0.012)
    line = np.float32(canvas.height) * (np.float32(0.995) - rise - rough)
    pen = canvas.pen()
    edge = [(float(x), float(line[x])) for x in range(0, width, 3)]
    pen.polygon([(0, canvas.height), *edge, (width, float(line[-1])), (width, canvas.height)])
    canvas.fill(pen, canvas.colors.ground)
    grass(canvas, line, height=canvas.unit * 5, count=420, name="shore-grass", color=canvas.colors.ground)


def _headland(canvas: Canvas, number: int, nearness: float) -> None:
    rng = canvas.structure(f"headland{number}")
    width = canvas.width
    line = curve(rng, width, roughness=1.7, lowest=1)
    side = 1.0 if (number == 0) == (canvas.sun_x < width / 2) else -1.0
    slant = np.linspace(-1.5, 1.5, width, dtype=np.float32) * np.float32(side)
    rise = np.maximum(line * np.float32(0.55) + slant - np.float32(0.35), 0)
    height = rise * np.float32(canvas.unit * (4.2 + 2.5 * number))
    pen = canvas.pen()
    edge = [(float(x), canvas.horizon + 1 - float(height[x])) for x in range(0, width, 2)]
    pen.polygon([(0, canvas.horizon + 1), *edge, (width, canvas.horizon + 1)])
    canvas.fill(pen, canvas.colors.distance(nearness))
