"""Trees, reeds and grass as silhouettes."""

from __future__ import annotations

import math

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, curve, mix
from director_lib.engines.local.shapes import Pen, Point


def pine(pen: Pen, x: float, foot: float, height: float, *, lean: float = 0.0, rough: float = 0.5) -> None:
    """Draw a conifer with drooping branches; lengths in pixels."""
    tiers = 7 + int(rough * 5)
    half = height * (0.15 + 0.05 * rough)
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        part = tier / tiers
        row = foot - height * (1 - part)
        reach = half * part**0.85
        wobble = 1 + 0.35 * math.sin(tier * 2.4 + rough * 9)
        sway = lean * (1 - part) * height
        left += [(x + sway - reach * 0.45, row), (x + sway - reach * wobble - 1, row + height * 0.06)]
        right += [(x + sway + reach * 0.45, row), (x + sway + reach * (2 - wobble) + 1, row + height * 0.055)]
    trunk = half * 0.10
    pen.polygon(
        [(x + lean * height, foot - height * 1.02), *right, (x + trunk, foot), (x - trunk, foot), *left[::-1]]
    )


def pine_ridge(canvas: Canvas, base: float, *, nearness: float, tallest: float, name: str) -> None:
    """Draw a slope of pines across the foot of the picture, open where the sun stands.

    Args:
        canvas: Painted in place.
        base: Row the slope runs along, in pixels.
        nearness: 0 far to 1 near; gives the colour.
        tallest: Height of the tallest tree as a part of the picture's height.
        name: Names the randomness.
    """
    rng = canvas.structure(name)
    width = canvas.width
    slope = curve(rng, width, roughness=2.2) * np.float32(canvas.height * 0.025)
    bowl = np.cos(np.linspace(0, math.tau, width, dtype=np.float32)) * np.float32(-canvas.height * 0.035)
    line = np.float32(base) + slope + bowl
    pen = canvas.pen()
    ground = [(float(x), float(line[x])) for x in range(0, width, 4)]
    pen.polygon([(0, canvas.height), *ground, (width, float(line[-1])), (width, canvas.height)])
    spacing = canvas.height * tallest * 0.14
    groves = curve(rng, width, roughness=1.2, lowest=2)
    for place in range(int(width / spacing) + 1):
        size, rough, shift = rng.random(3).tolist()
        x = (place + shift * 1.4) * spacing
        column = min(width - 1, int(x))
        clear = abs(x / width - canvas.sun_x / width)
        grove = float(groves[column]) * 0.5 + min(0.8, clear * 2.2)
        if grove < 0.25 or size < 0.1:
            continue
        height = canvas.height * tallest * (0.3 + 0.7 * size) * min(1.0, 0.35 + grove)
        pine(pen, x, float(line[column]) + 3, height, rough=rough)
    canvas.fill(pen, canvas.colors.distance(nearness))


def leafy(pen: Pen, x: float, foot: float, height: float, rng: np.random.Generator) -> None:
    """Draw a broad-leaved tree: a short trunk and a ragged crown of many clumps."""
    trunk = height * 0.03
    pen.polygon(
        [
            (x - trunk * 1.6, foot),
            (x - trunk, foot - height * 0.45),
            (x + trunk, foot - height * 0.45),
            (x + trunk * 1.6, foot),
        ]
    )
    wide = height * (0.30 + 0.10 * float(rng.random()))
    for _ in range(46 if height > 30 else 22):
        turn, far, size = rng.random(3).tolist()
        angle, reach = turn * math.tau, far**0.45
        across = math.cos(angle) * reach * wide
        up = math.sin(angle) * reach * height * 0.30
        taper = 1.0 if up < 0 else 0.85
        radius = height * (0.035 + 0.055 * size) * (1.15 - 0.45 * reach)
        pen.disc(x + across * taper, foot - height * 0.58 + up, radius * 1.15, radius)


def bare(pen: Pen, foot: Point, height: float, rng: np.random.Generator) -> None:
    """Draw a leafless tree, branch by branch."""
    _branch(pen, foot, (-math.pi / 2 + (rng.random() - 0.5) * 0.15, height * 0.30), 7, rng)


def grown(pen: Pen, foot: Point, height: float, rng: np.random.Generator) -> None:
    """Draw a big old tree in leaf: branches with leaves at their ends."""
    _branch(pen, foot, (-math.pi / 2, height * 0.27), 7, rng, leaf=height * 0.024)


def _branch(
    pen: Pen,
    start: Point,
    heading: tuple[float, float],
    depth: int,
    rng: np.random.Generator,
    *,
    leaf: float = 0.0,
) -> None:
    """Draw a branch and what grows on it; heading is angle and length, leaf the size of leaf clumps."""
    angle, length = heading
    end = (start[0] + math.cos(angle) * length, start[1] + math.sin(angle) * length)
    pen.line([start, end], max(0.5, length * 0.012 * depth))
    if leaf and depth <= 3:
        for _ in range(2):
            across, up, size = rng.random(3).tolist()
            x, y = end[0] + (across - 0.5) * leaf * 4, end[1] + (up - 0.5) * leaf * 3
            pen.disc(x, y, leaf * (0.6 + 0.7 * size), leaf * (0.5 + 0.5 * size))
    if depth <= 1:
        return
    for side in (-1, 1):
        turn = side * (0.22 + 0.34 * rng.random()) + (rng.random() - 0.5) * 0.15
        shorter = length * (0.66 + 0.16 * rng.random())
        _branch(pen, end, (angle + turn, shorter), depth - 1, rng, leaf=leaf)


def poplar(pen: Pen, x: float, foot: float, height: float, rng: np.random.Generator) -> None:
    """Draw a tall narrow tree."""
    for clump in range(14):
        part = clump / 13
        swell = math.sin(math.pi * min(1.0, part * 0.9 + 0.1)) ** 0.7
        shift = (rng.random() - 0.5) * height * 0.03
        pen.disc(x + shift, foot - height * (0.1 + 0.85 * part), height * 0.055 * swell + 1, height * 0.07)
    pen.line([(x, foot), (x, foot - height * 0.3)], height * 0.02)


def grass(canvas: Canvas, foot: Floats, *, height: float, count: int, name: str, color: Floats) -> None:
    """Draw blades of grass or reeds along a line of rows, bending with one wind.

    Args:
        canvas: Painted in place.
        foot: Row of the ground for each column, in pixels.
        height: Of the tallest blade, in pixels.
        count: Number of blades.
        name: Names the randomness.
        color: Of the blades.
    """
    rng = canvas.structure(name)
    pen = canvas.pen()
    wind = 0.25 if canvas.sun_x < canvas.width / 2 else -0.25
    for place, size, bend, sink in rng.random((count, 4)).tolist():
        x = place * canvas.width
        y = float(foot[min(canvas.width - 1, int(x))]) + sink * height * 0.7
        tall = height * (0.3 + 0.7 * size)
        lean = (wind + (bend - 0.5) * 0.7) * tall
        pen.line([(x, y), (x + lean * 0.3, y - tall * 0.6), (x + lean, y - tall)], max(0.5, height * 0.022))
    canvas.fill(pen, mix(color, canvas.colors.horizon, 0.04))
