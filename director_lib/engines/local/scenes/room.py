"""A room seen from inside: a window with the sky in it, its light on the floor, a table with a lamp."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from director_lib.engines.local.buildings import LAMPLIGHT
from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, curve, enlarge, enlarge_picture, field, mix
from director_lib.engines.local.palette import rgb
from director_lib.engines.local.shapes import Point


@dataclass(frozen=True, slots=True)
class Room:
    """Where the room's parts are, in pixels: back wall, window, and the wall's own colour."""

    left: float
    right: float
    ceiling: float
    floor: float
    window: tuple[float, float, float, float]
    wall: Floats


def layout(canvas: Canvas) -> Room:
    """Return the room's plan; it depends on the structure only."""
    width, height = canvas.width, canvas.height
    wide, tall = height * 0.46, height * 0.46
    x = canvas.sun_x - wide / 2
    window = (x, height * 0.15, x + wide, height * 0.15 + tall)
    colors = canvas.colors
    base = mix(colors.middle, rgb("#6b5140"), 0.45)
    wall = mix(base, colors.ground, 0.66 if canvas.reading.is_dark else 0.52)
    return Room(width * 0.09, width * 0.91, height * 0.05, height * 0.74, window, wall)


def paint(canvas: Canvas) -> None:
    """Paint the room around the sky, which becomes the view from its window."""
    room = layout(canvas)
    view = _view(canvas, room)
    _surfaces(canvas, room)
    _window(canvas, room, view)
    if canvas.reading.has("books") or canvas.structure("shelf").random() < 0.5:
        _shelf(canvas, room)
    else:
        _pictures(canvas, room)
    _sunbeam(canvas, room)
    _table(canvas, room)


def _view(canvas: Canvas, room: Room) -> Floats:
    """Return the sky with hills, as small as the window."""
    pen = canvas.pen()
    line = curve(canvas.structure("window-hills"), canvas.width, roughness=1.9)
    edge = [
        (float(x), canvas.horizon - canvas.unit * (2 + 4 * float(line[x]))) for x in range(0, canvas.width, 4)
    ]
    pen.polygon([(0, canvas.height), *edge, (canvas.width, canvas.height)])
    canvas.fill(pen, canvas.colors.distance(0.55))
    left, top, right, bottom = (int(value) for value in room.window)
    half = int(canvas.height * 0.36)
    middle = min(max(int(canvas.sun_x), half), max(half, canvas.width - half))
    part = canvas.pixels[
        int(canvas.height * 0.08) : int(canvas.height * 0.80), max(0, middle - half) : middle + half
    ]
    return enlarge_picture(part, max(1, right - left), max(1, bottom - top))


def _surfaces(canvas: Canvas, room: Room) -> None:
    width, height = canvas.width, canvas.height
    canvas.pixels[:] = room.wall
    faces: list[tuple[list[Point], float]] = [
        ([(0, 0), (room.left, room.ceiling), (room.left, room.floor), (0, height)], 0.72),
        ([(width, 0), (room.right, room.ceiling), (room.right, room.floor), (width, height)], 0.72),
        ([(0, 0), (width, 0), (room.right, room.ceiling), (room.left, room.ceiling)], 0.55),
        ([(0, height), (room.left, room.floor), (room.right, room.floor), (width, height)], 0.62),
    ]
    for points, brightness in faces:
        pen = canvas.pen()
        pen.polygon(points)
        canvas.fill(pen, room.wall * np.float32(brightness))
    _boards(canvas, room)
    plaster = enlarge(field(canvas.detail("plaster"), 128, roughness=1.6), width, height)
    canvas.pixels *= (1 + plaster * np.float32(0.02))[..., None]
    x, y = (room.window[0] + room.window[2]) / 2, (room.window[1] + room.window[3]) / 2
    canvas.shine(
        x,
        y,
        height * 0.55,
        mix(canvas.colors.horizon, canvas.colors.light, 0.4),
        strength=_daylight(canvas) * 0.42,
    )


def _daylight(canvas: Canvas) -> float:
    return 0.35 if canvas.reading.is_dark else 1.0


def _boards(canvas: Canvas, room: Room) -> None:
    pen = canvas.pen()
    middle = canvas.width / 2
    for number in range(-14, 15):
        near = middle + number * canvas.width * 0.085
        far = middle + number * (room.right - room.left) * 0.043
        pen.line([(far, room.floor), (near + (near - far) * 0.2, canvas.height)], canvas.unit * 0.22)
    pen.line([(room.left, room.floor), (room.right, room.floor)], canvas.unit * 0.7)
    pen.line([(room.left, room.ceiling), (room.left, room.floor), (0, canvas.height)], canvas.unit * 0.35)
    pen.line(
        [(room.right, room.ceiling), (room.right, room.floor), (canvas.width, canvas.height)],
        canvas.unit * 0.35,
    )
    canvas.fill(pen, canvas.colors.ground, opacity=0.42)


def _window(canvas: Canvas, room: Room, view: Floats) -> None:
    left, top, right, bottom = room.window
    rows = slice(int(top), int(top) + view.shape[0])
    columns = slice(max(0, int(left)), int(left) + view.shape[1])
    canvas.pixels[rows, columns] = view[:, max(0, -int(left)) :] * np.float32(1.12)
    frame = canvas.pen()
    thick = canvas.unit * 1.2
    frame.line([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], thick * 1.5)
    frame.line([((left + right) / 2, top), ((left + right) / 2, bottom)], thick)
    frame.line([(left, top + (bottom - top) * 0.36), (right, top + (bottom - top) * 0.36)], thick * 0.7)
    frame.box(left - thick * 2.4, bottom, right + thick * 2.4, bottom + thick * 1.5)
    canvas.fill(frame, mix(room.wall, canvas.colors.ground, 0.72))
    for side, edge in ((-1, left), (1, right)):
        _curtain(canvas, room, edge, side)


def _curtain(canvas: Canvas, room: Room, edge: float, side: int) -> None:
    _, top, _, bottom = room.window
    u = canvas.unit
    pen = canvas.pen()
    pen.blob(
        [
            (edge - side * u * 4, top - u * 3),
            (edge + side * u * 7, top - u * 3),
            (edge + side * u * 8, bottom * 0.6),
            (edge + side * u * 6.5, room.floor - u * 2),
            (edge + side * u * 1, room.floor - u * 2),
            (edge + side * u * 2, bottom * 0.62),
        ]
    )
    cloth = canvas.palette[len(canvas.palette) // 2] if canvas.palette else rgb("#8a4038")
    canvas.fill(pen, mix(canvas.colors.ground, mix(cloth, canvas.colors.horizon, 0.25), 0.35), opacity=0.93)
    folds = canvas.pen()
    for number in range(4):
        x = edge + side * u * (0.5 + 1.9 * number)
        folds.line([(x, top - u * 2), (x + side * u * 0.6, bottom * 0.6), (x, room.floor - u * 3)], u * 0.35)
    folds.soften(u * 0.3)
    canvas.fill(folds, canvas.colors.ground, opacity=0.5)


def _sunbeam(canvas: Canvas, room: Room) -> None:
    """Lay the window's light across the room and onto the floor."""
    left, top, right, bottom = room.window
    slant = (1 if canvas.sun_x < canvas.width / 2 else -1) * canvas.width * 0.24
    beam = canvas.pen()
    beam.polygon(
        [(left, top), (right, top), (right + slant * 1.25, canvas.height), (left + slant, canvas.height)],
        0.55,
    )
    beam.soften(canvas.unit * 3)
    canvas.glow(beam, canvas.colors.light, strength=0.20 * _daylight(canvas))
    floor = canvas.pen()
    depth = canvas.height - room.floor
    for pane in (0, 1):
        start, end = left + (right - left) * (pane * 0.53), left + (right - left) * (0.47 + pane * 0.53)
        near, far = room.floor + depth * 0.66, room.floor + depth * 0.16
        floor.polygon(
            [
                (start + slant * 0.5, far),
                (end + slant * 0.5, far),
                (end + slant * 1.15, near),
                (start + slant * 1.05, near),
            ]
        )
    floor.soften(canvas.unit * 0.7)
    canvas.glow(
        floor, mix(canvas.colors.light, canvas.colors.horizon, 0.4), strength=0.46 * _daylight(canvas)
    )


def _shelf(canvas: Canvas, room: Room) -> None:
    rng = canvas.structure("books")
    u = canvas.unit
    left, right = (room.window[2] + u * 13, room.right - u * 3)
    if canvas.sun_x > canvas.width / 2:
        left, right = room.left + u * 3, room.window[0] - u * 13
    boards = canvas.pen()
    boards.box(left - u, u * 12, right + u, room.floor, 0.55)
    canvas.fill(boards, canvas.colors.ground, opacity=0.85)
    hues = [*canvas.palette, rgb("#7d2c24"), rgb("#2f4a50"), rgb("#8a6a3a"), rgb("#46523a")]
    for level in range(5):
        foot = u * (22 + 10.5 * level)
        x = left
        while x < right - u * 2:
            wide, tall, hue, tone = rng.random(4).tolist()
            spine = canvas.pen()
            thick = u * (0.9 + 1.2 * wide)
            spine.box(x, foot - u * (6 + 2.6 * tall), min(right, x + thick * 0.92), foot)
            color = mix(canvas.colors.ground, hues[int(hue * len(hues))], 0.45 + 0.25 * tone)
            canvas.fill(spine, mix(color, room.wall, 0.2))
            x += thick if tone > 0.06 else thick * 3
        shelf = canvas.pen()
        shelf.box(left - u, foot, right + u, foot + u * 0.7)
        canvas.fill(shelf, mix(canvas.colors.ground, room.wall, 0.3))


def _pictures(canvas: Canvas, room: Room) -> None:
    u = canvas.unit
    middle = (
        (room.window[2] + room.right) / 2
        if canvas.sun_x < canvas.width / 2
        else (room.left + room.window[0]) / 2
    )
    for x, y, wide, tall in ((middle - u * 9, u * 22, 13, 17), (middle + u * 10, u * 27, 12, 10)):
        frame, inside = canvas.pen(), canvas.pen()
        frame.box(x, y, x + u * wide, y + u * tall)
        inside.box(x + u, y + u, x + u * (wide - 1), y + u * (tall - 1))
        canvas.fill(frame, mix(canvas.colors.ground, rgb("#8a6a3a"), 0.35))
        canvas.fill(inside, mix(room.wall, canvas.colors.horizon, 0.28))
        hill = canvas.pen()
        hill.blob(
            [
                (x + u * 1.2, y + u * (tall - 1.2)),
                (x + u * wide * 0.45, y + u * tall * 0.5),
                (x + u * (wide - 1.2), y + u * (tall - 1.2)),
            ]
        )
        canvas.fill(hill, mix(room.wall, canvas.colors.ground, 0.5))


def _table(canvas: Canvas, room: Room) -> None:
    """Set a table with a cup and a lamp away from the window."""
    u = canvas.unit
    x, top = canvas.other_x - u * 4, room.floor + u * 1.5
    if canvas.reading.has("figure"):
        x += u * (24 if x > canvas.width / 2 else -24)
    pen = canvas.pen()
    pen.box(x - u * 17, top, x + u * 17, top + u * 2)
    for leg in (-15, 13.6):
        pen.box(x + u * leg, top, x + u * (leg + 1.6), top + u * 23)
    pen.box(x - u * 9, top - u * 1.4, x - u * 2, top)
    pen.blob([(x + u * 3, top - u * 3), (x + u * 6, top - u * 3), (x + u * 5.6, top), (x + u * 3.4, top)])
    canvas.fill(pen, mix(canvas.colors.ground, room.wall, 0.14))
    lamp = canvas.pen()
    lamp.line([(x + u * 11, top), (x + u * 11, top - u * 9)], u * 0.8)
    lamp.disc(x + u * 11, top - u * 0.4, u * 2.6, u * 0.7)
    canvas.fill(lamp, mix(canvas.colors.ground, room.wall, 0.10))
    shade = canvas.pen()
    shade.polygon(
        [
            (x + u * 8.6, top - u * 13.5),
            (x + u * 13.4, top - u * 13.5),
            (x + u * 15.2, top - u * 8),
            (x + u * 6.8, top - u * 8),
        ]
    )
    lit = (
        canvas.reading.is_dark
        or canvas.reading.has("lantern")
        or canvas.reading.light in {"dusk", "storm", "overcast"}
    )
    canvas.fill(shade, LAMPLIGHT if lit else mix(room.wall, canvas.colors.light, 0.3))
    if lit:
        canvas.shine(x + u * 11, top - u * 9, u * 12, LAMPLIGHT, strength=0.5)
        canvas.shine(x + u * 11, top - u * 9, u * 42, LAMPLIGHT, strength=0.34)
