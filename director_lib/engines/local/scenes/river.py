"""A quiet river or lake: trees on the far bank, their mirror image, reeds in front."""

from __future__ import annotations

import numpy as np

from director_lib.engines.local.buildings import church, house
from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.landmarks import paint_far_subjects
from director_lib.engines.local.noise import Floats, curve, mix
from director_lib.engines.local.plants import bare, grass, leafy, poplar
from director_lib.engines.local.water import Water, paint_water


def paint(canvas: Canvas) -> None:
    """Paint both banks and the water over the sky."""
    _far_hills(canvas)
    _tree_line(canvas, nearness=0.34, tallest=0.10, foot=canvas.horizon + canvas.unit * 0.6, name="far")
    foot = canvas.horizon + canvas.unit * 2.2
    _tree_line(canvas, nearness=0.62, tallest=0.19, foot=foot, name="bank")
    if canvas.reading.has("village", "house", "church"):
        _hamlet(canvas, foot)
    _bank(canvas, foot)
    paint_far_subjects(canvas)
    colors = canvas.colors
    depth = mix(mix(colors.middle, colors.top, 0.4), colors.ground, 0.4)
    paint_water(
        canvas,
        Water(
            foot + canvas.unit,
            canvas.height,
            0.22,
            depth,
            glitter=0.45 if canvas.shows_sun else 0.1,
            clear=0.92,
        ),
    )


def near_bank(canvas: Canvas) -> None:
    """Paint the bank we stand on, with reeds, over water and boats."""
    width = canvas.width
    across = np.linspace(0, 1, width, dtype=np.float32)
    away = np.abs(across - np.float32(canvas.sun_x / width))
    rise = np.clip(away - np.float32(0.10), 0, 1) * np.float32(0.20)
    rough = curve(canvas.structure("near-bank"), width, roughness=1.7, lowest=2) * np.float32(0.010)
    line = np.float32(canvas.height) * (np.float32(1.02) - rise - rough)
    pen = canvas.pen()
    edge = [(float(x), float(line[x])) for x in range(0, width, 3)]
    pen.polygon([(0, canvas.height), *edge, (width, float(line[-1])), (width, canvas.height)])
    color = _bank_color(canvas, 1.0)
    canvas.fill(pen, color)
    reed = mix(canvas.colors.ground, canvas.colors.horizon, 0.08)
    grass(canvas, line, height=canvas.unit * 13, count=300, name="reeds", color=reed)


def _bank_color(canvas: Canvas, nearness: float) -> Floats:
    color = canvas.colors.distance(nearness)
    if not canvas.reading.has("winter"):
        return color
    share = 0.22 if canvas.reading.is_dark else 0.6
    return mix(color, mix(canvas.colors.middle, canvas.colors.light, 0.55), share)


def _far_hills(canvas: Canvas) -> None:
    line = curve(canvas.structure("far-hills"), canvas.width, roughness=2.0)
    pen = canvas.pen()
    foot = canvas.horizon + canvas.unit
    edge = [(float(x), foot - canvas.unit * (3.2 + 2.0 * float(line[x]))) for x in range(0, canvas.width, 3)]
    pen.polygon([(0, foot), *edge, (canvas.width, foot)])
    canvas.fill(pen, canvas.colors.distance(0.16))


def _bank(canvas: Canvas, foot: float) -> None:
    pen = canvas.pen()
    rough = curve(canvas.structure("bank-edge"), canvas.width, roughness=1.4, lowest=3)
    upper = [
        (float(x), foot - canvas.unit * (0.5 + 0.3 * float(rough[x]))) for x in range(0, canvas.width, 3)
    ]
    pen.polygon([(0, foot + canvas.unit * 1.4), *upper, (canvas.width, foot + canvas.unit * 1.4)])
    canvas.fill(pen, _bank_color(canvas, 0.66))


def _tree_line(canvas: Canvas, *, nearness: float, tallest: float, foot: float, name: str) -> None:
    rng = canvas.structure(f"trees-{name}")
    groves = curve(rng, canvas.width, roughness=1.3, lowest=2)
    winter = canvas.reading.has("winter")
    pen = canvas.pen()
    step = canvas.height * tallest * (0.34 if winter else 0.26)
    for place in range(int(canvas.width / step) + 1):
        kind, size, shift = rng.random(3).tolist()
        x = (place + shift) * step
        open_sky = abs(x - canvas.sun_x) / canvas.width
        grove = float(groves[min(canvas.width - 1, int(x))]) * 0.5 + open_sky * 2.4
        if grove < 0.25:
            continue
        height = canvas.height * tallest * (0.45 + 0.55 * size) * min(1.0, 0.4 + grove * 0.6)
        if winter:
            bare(pen, (x, foot), height, rng)
        elif kind < 0.3:
            poplar(pen, x, foot, height * 1.25, rng)
        else:
            leafy(pen, x, foot, height, rng)
    canvas.fill(pen, canvas.colors.distance(nearness))


def _hamlet(canvas: Canvas, foot: float) -> None:
    rng = canvas.structure("hamlet")
    start = canvas.other_x - canvas.width * 0.16
    for number in range(5):
        x = start + canvas.width * 0.085 * (number + 0.4 * float(rng.random()))
        size = canvas.unit * (2.6 + 1.2 * float(rng.random()))
        house(canvas, x, foot - canvas.unit * 0.3, size, nearness=0.62, rng=rng)
    if canvas.reading.has("church", "village"):
        church(canvas, start + canvas.width * 0.27, foot - canvas.unit * 0.4, canvas.unit * 3.2, nearness=0.5)
