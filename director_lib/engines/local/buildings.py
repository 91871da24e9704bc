"""Houses, churches and other things people built."""

from __future__ import annotations

import math

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, mix
from director_lib.engines.local.palette import rgb

LAMPLIGHT = rgb("#ffc978")


def lamps_are_lit(canvas: Canvas) -> bool:
    """Tell whether windows should glow at this hour."""
    return canvas.reading.is_dark or canvas.reading.light in {"dusk", "sunset", "storm", "overcast", "winter"}


def house(
    canvas: Canvas, x: float, foot: float, size: float, *, nearness: float, rng: np.random.Generator
) -> None:
    """Draw a gabled house with its side to us.

    Args:
        canvas: Painted in place.
        x: Column of its middle, in pixels.
        foot: Row it stands on, in pixels.
        size: Height of its wall, in pixels.
        nearness: 0 far to 1 near; gives the colours.
        rng: Chooses its proportions.
    """
    half, roof = size * (0.9 + 0.5 * float(rng.random())), size * (0.75 + 0.3 * float(rng.random()))
    shadow = canvas.colors.distance(nearness)
    wall = mix(
        shadow, mix(canvas.colors.horizon, canvas.colors.light, 0.3), 0.16 if canvas.reading.is_dark else 0.34
    )
    pen = canvas.pen()
    pen.box(x - half, foot - size, x + half, foot + size * 0.15)
    canvas.fill(pen, wall)
    _chimney(canvas, x + half * 0.5, foot - size, roof, shadow)
    _roof(canvas, x, foot - size, (half, roof), shadow)
    _windows(canvas, x, foot, (half, size), rng)


def _roof(canvas: Canvas, x: float, eaves: float, extent: tuple[float, float], shadow: Floats) -> None:
    half, rise = extent
    over = half * 0.14
    corners = [
        (x - half - over, eaves + over * 0.4),
        (x - half * 0.66, eaves - rise),
        (x + half * 0.66, eaves - rise),
    ]
    pen = canvas.pen()
    pen.polygon([*corners, (x + half + over, eaves + over * 0.4)])
    color = mix(shadow, canvas.colors.ground, 0.35)
    if canvas.reading.has("winter"):
        color = mix(canvas.colors.middle, mix(canvas.colors.horizon, canvas.colors.light, 0.6), 0.55)
        if canvas.reading.is_dark:
            color = mix(canvas.colors.middle, canvas.colors.light, 0.22)
    canvas.fill(pen, color)


def _chimney(canvas: Canvas, x: float, eaves: float, rise: float, shadow: Floats) -> None:
    pen = canvas.pen()
    pen.box(x, eaves - rise * 1.35, x + rise * 0.22, eaves - rise * 0.4)
    canvas.fill(pen, shadow)
    if canvas.reading.has("winter", "smoke"):
        smoke(canvas, x + rise * 0.11, eaves - rise * 1.4, rise * 2.6)


def smoke(canvas: Canvas, x: float, y: float, height: float) -> None:
    """Draw a thin plume of smoke rising and drifting from a point."""
    pen = canvas.pen()
    drift = height * (0.55 if canvas.sun_x > canvas.width / 2 else -0.55)
    for step in range(12):
        part = step / 11
        wave = math.sin(part * 5.0) * height * 0.05
        pen.disc(
            x + drift * part**1.7 + wave,
            y - height * part,
            height * (0.03 + 0.10 * part),
            tone=0.75 * (1 - part) + 0.1,
        )
    pen.soften(max(1.0, height * 0.035))
    canvas.fill(pen, mix(canvas.colors.horizon, canvas.colors.light, 0.35), opacity=0.55)


def _windows(
    canvas: Canvas, x: float, foot: float, extent: tuple[float, float], rng: np.random.Generator
) -> None:
    half, size = extent
    count = 2 if half < size * 1.15 else 3
    glass, glow = canvas.pen(), lamps_are_lit(canvas)
    for number in range(count):
        middle = x + half * (2 * (number + 0.5) / count - 1)
        wide, tall = size * 0.15, size * 0.21
        glass.box(middle - wide, foot - size * 0.5 - tall, middle + wide, foot - size * 0.5 + tall)
        if glow and rng.random() < 0.85:
            canvas.shine(middle, foot - size * 0.5, size * 0.9, LAMPLIGHT, strength=0.30)
    canvas.fill(glass, LAMPLIGHT if glow else canvas.colors.ground, opacity=0.95 if glow else 0.7)


def church(canvas: Canvas, x: float, foot: float, size: float, *, nearness: float) -> None:
    """Draw a church with a pointed tower; size is the height of the nave's wall."""
    shadow = canvas.colors.distance(nearness)
    wall = mix(
        shadow, mix(canvas.colors.horizon, canvas.colors.light, 0.4), 0.24 if canvas.reading.is_dark else 0.45
    )
    nave = canvas.pen()
    nave.box(x, foot - size, x + size * 2.1, foot + size * 0.1)
    tower = size * 0.42
    nave.box(x - tower * 2, foot - size * 2.3, x, foot + size * 0.1)
    canvas.fill(nave, wall)
    roof = canvas.pen()
    roof.polygon(
        [
            (x - 1, foot - size * 1.75),
            (x + size * 1.9, foot - size * 1.75),
            (x + size * 2.25, foot - size * 0.97),
            (x - 1, foot - size * 0.97),
        ]
    )
    peak = foot - size * 4.3
    roof.polygon(
        [(x - tower * 2.2, foot - size * 2.26), (x - tower, peak), (x + tower * 0.2, foot - size * 2.26)]
    )
    canvas.fill(roof, mix(shadow, canvas.colors.ground, 0.45))
    cross = canvas.pen()
    cross.line([(x - tower, peak + size * 0.1), (x - tower, peak - size * 0.35)], max(0.8, size * 0.05))
    cross.line(
        [(x - tower - size * 0.1, peak - size * 0.2), (x - tower + size * 0.1, peak - size * 0.2)],
        max(0.8, size * 0.05),
    )
    canvas.fill(cross, shadow)
    _church_windows(canvas, x, foot, size)


def _church_windows(canvas: Canvas, x: float, foot: float, size: float) -> None:
    panes = canvas.pen()
    for number in range(3):
        middle = x + size * (0.4 + 0.62 * number)
        panes.box(middle - size * 0.09, foot - size * 0.68, middle + size * 0.09, foot - size * 0.28)
        panes.disc(middle, foot - size * 0.68, size * 0.09)
    panes.box(x - size * 0.5, foot - size * 1.95, x - size * 0.34, foot - size * 1.6)
    lit = lamps_are_lit(canvas)
    canvas.fill(panes, LAMPLIGHT if lit else canvas.colors.ground, opacity=0.85 if lit else 0.6)


def lighthouse(canvas: Canvas, x: float, foot: float, height: float, *, beam: bool) -> None:
    """Draw a banded lighthouse on its rock; with a beam when it is lit. Lengths in pixels."""
    colors = canvas.colors
    u = height / 26
    rock = canvas.pen()
    rock.polygon(
        [
            (x - u * 19, foot + u * 2),
            (x - u * 12, foot - u * 2.2),
            (x - u * 6, foot - u * 4.4),
            (x + u * 4, foot - u * 4),
            (x + u * 9, foot - u * 2.6),
            (x + u * 20, foot + u * 2),
        ]
    )
    canvas.fill(rock, mix(colors.ground, colors.middle, 0.10))
    base, top = foot - u * 3.6, foot - u * 22
    tower = [(x - u * 2.5, base), (x - u * 1.6, top), (x + u * 1.6, top), (x + u * 2.5, base)]
    pen = canvas.pen()
    pen.polygon(tower)
    pale = mix(
        colors.distance(0.75), mix(colors.horizon, colors.light, 0.6), 0.28 if canvas.reading.is_dark else 0.5
    )
    canvas.fill(pen, pale)
    _bands(canvas, x, (base, top), u)
    _sunlit_side(canvas, x, (base, top), u)
    _lantern_room(canvas, x, top, u)
    if beam:
        _beam(canvas, x, top - u * 1.9, height)


def _bands(canvas: Canvas, x: float, ends: tuple[float, float], u: float) -> None:
    base, top = ends
    pen = canvas.pen()
    for number in (0, 2, 4):
        low, high = base + (top - base) * number / 5, base + (top - base) * (number + 1) / 5
        wide, narrow = u * (2.5 - 0.9 * number / 5), u * (2.5 - 0.9 * (number + 1) / 5)
        pen.polygon([(x - wide, low), (x - narrow, high), (x + narrow, high), (x + wide, low)])
    red = mix(canvas.colors.ground, rgb("#b8402e"), 0.35 if canvas.reading.is_dark else 0.62)
    canvas.fill(pen, red, opacity=0.9)


def _sunlit_side(canvas: Canvas, x: float, ends: tuple[float, float], u: float) -> None:
    """Darken the side that looks away from the sun."""
    base, top = ends
    away = -1 if canvas.sun_x > x else 1
    pen = canvas.pen()
    pen.polygon(
        [
            (x + away * u * 0.1, base),
            (x + away * u * 0.1, top),
            (x + away * u * 1.7, top),
            (x + away * u * 2.6, base),
        ]
    )
    pen.soften(max(0.8, u * 0.3))
    canvas.fill(pen, canvas.colors.ground, opacity=0.42)


def _lantern_room(canvas: Canvas, x: float, top: float, u: float) -> None:
    dark = canvas.pen()
    dark.box(x - u * 2.4, top - u * 0.6, x + u * 2.4, top + u * 0.3)
    dark.polygon([(x - u * 1.8, top - u * 3.4), (x, top - u * 5.2), (x + u * 1.8, top - u * 3.4)])
    dark.line([(x, top - u * 5), (x, top - u * 6.4)], max(0.8, u * 0.2))
    canvas.fill(dark, mix(canvas.colors.ground, canvas.colors.middle, 0.08))
    lamp = canvas.pen()
    lamp.box(x - u * 1.3, top - u * 3.4, x + u * 1.3, top - u * 0.6)
    canvas.fill(lamp, rgb("#ffe6a8"))
    for side in (-1.3, -0.45, 0.45, 1.3):
        bar = canvas.pen()
        bar.line([(x + u * side, top - u * 3.4), (x + u * side, top - u * 0.6)], max(0.6, u * 0.14))
        canvas.fill(bar, canvas.colors.ground)


def _beam(canvas: Canvas, x: float, y: float, height: float) -> None:
    pen = canvas.pen()
    direction = 1 if x < canvas.width / 2 else -1
    reach = canvas.width * 0.95
    for spread, tone in ((0.16, 0.16), (0.10, 0.26), (0.05, 0.4)):
        pen.polygon(
            [
                (x, y - 1),
                (x + direction * reach, y - reach * (0.10 + spread / 2)),
                (x + direction * reach, y - reach * (0.10 - spread / 2)),
                (x, y + 1),
            ],
            tone,
        )
    pen.soften(canvas.unit * 0.9)
    canvas.glow(pen, LAMPLIGHT, strength=0.62)
    canvas.shine(x, y, height * 0.20, LAMPLIGHT, strength=1.0)


def castle(canvas: Canvas, x: float, foot: float, height: float) -> None:
    """Draw a castle on its hill as a silhouette with a few lit windows."""
    u = height / 26
    pen = canvas.pen()
    pen.blob(
        [
            (x - u * 34, foot + u * 3),
            (x - u * 16, foot - u * 5),
            (x, foot - u * 7),
            (x + u * 15, foot - u * 5),
            (x + u * 34, foot + u * 3),
        ]
    )
    for across, tall, wide in ((-9, 16, 3), (-5, 20, 3.2), (0, 27, 3.8), (5, 19, 3.0), (9.5, 15, 3)):
        middle = x + u * across
        pen.box(middle - u * wide / 2, foot - u * tall, middle + u * wide / 2, foot - u * 4)
        pen.polygon(
            [
                (middle - u * wide * 0.66, foot - u * tall),
                (middle, foot - u * (tall + wide * 1.6)),
                (middle + u * wide * 0.66, foot - u * tall),
            ]
        )
    pen.box(x - u * 10, foot - u * 12, x + u * 10, foot - u * 4)
    canvas.fill(pen, canvas.colors.distance(0.78))
    if lamps_are_lit(canvas):
        for across, up in ((-5, 17), (0, 22), (0.5, 13), (5, 16), (-9, 12)):
            pane = canvas.pen()
            pane.box(x + u * (across - 0.3), foot - u * (up + 0.9), x + u * (across + 0.3), foot - u * up)
            canvas.fill(pane, LAMPLIGHT)
            canvas.shine(x + u * across, foot - u * up, u * 2.2, LAMPLIGHT, strength=0.35)


def bridge(canvas: Canvas, foot: float) -> None:
    """Draw a stone bridge of five arches across the whole picture; foot is the row of the water."""
    width, deck = canvas.width, foot - canvas.unit * 9
    pen = canvas.pen()
    pen.box(0, deck - canvas.unit * 1.6, width, deck + canvas.unit * 1.6)
    span = width / 5
    for number in range(6):
        x = number * span - span * 0.0
        pen.polygon(
            [
                (x - span * 0.07, foot + 2),
                (x - span * 0.22, deck),
                (x + span * 0.22, deck),
                (x + span * 0.07, foot + 2),
            ]
        )
    canvas.fill(pen, canvas.colors.distance(0.7))
