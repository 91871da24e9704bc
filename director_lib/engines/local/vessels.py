"""Boats and ships on the water, with their broken mirror images."""

from __future__ import annotations

import numpy as np

from director_lib.engines.local.buildings import LAMPLIGHT, lamps_are_lit, smoke
from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, mix
from director_lib.engines.local.shapes import Pen


def rowing_boat(canvas: Canvas, x: float, water: float, length: float, *, rower: bool) -> None:
    """Draw a small open boat; ``water`` is the row of its waterline, lengths in pixels."""
    u = length / 16
    pen = canvas.pen()
    pen.blob(
        [
            (x - u * 8.4, water - u * 2.3),
            (x - u * 4, water - u * 1.5),
            (x + u * 4, water - u * 1.5),
            (x + u * 8.6, water - u * 2.5),
            (x + u * 6.6, water + u * 0.5),
            (x - u * 6.4, water + u * 0.5),
        ]
    )
    if rower:
        pen.disc(x, water - u * 6.4, u * 0.8, u * 0.95)
        pen.blob(
            [
                (x - u * 1.5, water - u * 1.2),
                (x - u * 1.3, water - u * 4.6),
                (x, water - u * 5.7),
                (x + u * 1.3, water - u * 4.6),
                (x + u * 1.7, water - u * 1.2),
            ]
        )
        pen.line([(x + u * 1.0, water - u * 3.4), (x + u * 9.4, water + u * 0.6)], u * 0.3)
    _float(canvas, pen, water, mix(canvas.colors.ground, canvas.colors.middle, 0.10))


def sailing_boat(canvas: Canvas, x: float, water: float, length: float) -> None:
    """Draw a boat under two sails."""
    u = length / 16
    hull, sails = canvas.pen(), canvas.pen()
    hull.polygon(
        [
            (x - u * 7, water - u * 2.4),
            (x + u * 8.4, water - u * 2.8),
            (x + u * 6, water + u * 0.4),
            (x - u * 6, water + u * 0.4),
        ]
    )
    hull.line([(x, water - u * 2), (x, water - u * 20)], u * 0.32)
    sails.polygon(
        [(x + u * 0.6, water - u * 19.5), (x + u * 0.6, water - u * 4), (x + u * 7.4, water - u * 4.2)]
    )
    sails.polygon(
        [(x - u * 0.5, water - u * 16.5), (x - u * 0.5, water - u * 3.8), (x - u * 6, water - u * 3.6)]
    )
    lit = mix(canvas.colors.horizon, canvas.colors.light, 0.5)
    _float(
        canvas, sails, water, mix(canvas.colors.distance(0.7), lit, 0.3 if canvas.reading.is_dark else 0.55)
    )
    _float(canvas, hull, water, canvas.colors.distance(0.9))


def steamer(canvas: Canvas, x: float, water: float, length: float) -> None:
    """Draw a ship with a funnel, masts and lit portholes."""
    u = length / 40
    pen = canvas.pen()
    pen.polygon(
        [
            (x - u * 19, water - u * 4.6),
            (x + u * 21, water - u * 5.6),
            (x + u * 17.5, water + u * 0.4),
            (x - u * 17, water + u * 0.4),
        ]
    )
    pen.box(x - u * 10, water - u * 8, x + u * 9, water - u * 4)
    pen.box(x - u * 5, water - u * 10.6, x + u * 6, water - u * 7.5)
    pen.polygon(
        [
            (x - u * 1.6, water - u * 10.4),
            (x - u * 1.9, water - u * 16),
            (x + u * 1.3, water - u * 16),
            (x + u * 1.5, water - u * 10.4),
        ]
    )
    for mast, tall in ((-13, 17), (13, 15)):
        pen.line([(x + u * mast, water - u * 5), (x + u * mast, water - u * tall)], u * 0.3)
    pen.line([(x - u * 13, water - u * 17), (x, water - u * 12), (x + u * 13, water - u * 15)], u * 0.12)
    _float(canvas, pen, water, canvas.colors.distance(0.82))
    smoke(canvas, x, water - u * 16.5, u * 14)
    if lamps_are_lit(canvas):
        panes = canvas.pen()
        for number in range(9):
            panes.box(
                x + u * (-9 + 2 * number), water - u * 6.6, x + u * (-8.1 + 2 * number), water - u * 5.8
            )
        canvas.fill(panes, LAMPLIGHT)
        canvas.shine(x, water - u * 7, u * 9, LAMPLIGHT, strength=0.35)


def _float(canvas: Canvas, pen: Pen, water: float, color: Floats) -> None:
    """Fill a silhouette and smear its reflection below the waterline."""
    patch = pen.coverage()
    if patch is None:
        return
    rows, columns, cover = patch
    canvas.fill(pen, color)
    above = cover[: max(0, int(water) - rows.start)]
    if not len(above):
        return
    image = above[::-1][::2]
    bottom = min(canvas.height, int(water) + len(image))
    image = image[: bottom - int(water)]
    rng = canvas.detail(f"wake-{columns.start}")
    sway = rng.normal(0, 1, len(image)) * np.linspace(0.5, max(1.0, canvas.unit * 0.9), len(image))
    for number, shift in enumerate(sway.astype(int)):
        image[number] = np.roll(image[number], shift)
    fade = np.linspace(0.62, 0.12, len(image), dtype=np.float32)[:, None] if len(image) else image
    region = canvas.pixels[int(water) : bottom, columns]
    region += (color - region) * (image * fade)[..., None]
