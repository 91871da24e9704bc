"""Puts what the prompt names into the painted scene."""

from __future__ import annotations

import math

from director_lib.engines.local.buildings import LAMPLIGHT, bridge
from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.figures import draw_person, draw_portrait, people_in
from director_lib.engines.local.landmarks import paint_landmarks
from director_lib.engines.local.noise import mix
from director_lib.engines.local.palette import rgb
from director_lib.engines.local.plants import pine_ridge
from director_lib.engines.local.scenes import forest, plain, river, sea
from director_lib.engines.local.vessels import rowing_boat, sailing_boat, steamer

_ON_LAND = frozenset({"mountain", "plain", "village", "desert", "forest"})
_STANDING_ROW = {
    "sea": 0.905,
    "river": 0.965,
    "city": 0.955,
    "village": 0.86,
    "forest": 0.90,
    "mountain": 0.90,
    "plain": 0.87,
    "desert": 0.84,
    "space": 0.70,
    "room": 0.915,
}
_USUAL_HEIGHT = {"room": 0.46, "city": 0.36, "sea": 0.30, "forest": 0.30, "space": 0.30}


def paint_near_subjects(canvas: Canvas) -> None:
    """Paint what stands in front: on land, on the water and in the air."""
    reading = canvas.reading
    if reading.has("bridge") and reading.scene in {"river", "city"}:
        bridge(canvas, canvas.horizon + canvas.unit * (8 if reading.scene == "river" else 16))
    if reading.scene in _ON_LAND:
        paint_landmarks(canvas)
    if reading.scene in {"sea", "river", "mountain"}:
        _afloat(canvas)
    if reading.scene not in {"room", "space"}:
        _airborne(canvas)
    _foreground(canvas)
    if reading.has("figure") and not _is_rowing(canvas):
        _people(canvas)
    if reading.has("fire") and reading.scene not in {"sea", "space"}:
        _campfire(canvas)


def _afloat(canvas: Canvas) -> None:
    reading = canvas.reading
    taken = reading.has("lighthouse", "castle") or (reading.has("figure") and not _is_rowing(canvas))
    side = 1 if canvas.other_x > canvas.width / 2 else -1
    x = canvas.other_x - (side * canvas.width * 0.27 if taken else 0)
    depth = canvas.height - canvas.horizon
    if reading.has("ship"):
        steamer(canvas, x, canvas.horizon + depth * 0.14, canvas.height * 0.40)
    elif reading.has("sail"):
        sailing_boat(canvas, x, canvas.horizon + depth * 0.22, canvas.height * 0.22)
    elif reading.has("boat"):
        rowing_boat(
            canvas, x, canvas.horizon + depth * 0.48, canvas.height * 0.26, rower=reading.has("figure")
        )


def _is_rowing(canvas: Canvas) -> bool:
    """Tell whether the person of the prompt sits in the boat."""
    reading = canvas.reading
    return reading.has("boat") and not reading.has("ship", "sail") and reading.scene in {"sea", "river"}


def _airborne(canvas: Canvas) -> None:
    reading = canvas.reading
    chance = float(canvas.structure("bird-chance").random())
    if reading.has("birds") or (
        reading.scene in {"sea", "mountain", "plain"} and not reading.is_dark and chance < 0.4
    ):
        _birds(canvas, 15 if reading.has("birds") else 7)
    if reading.has("balloon"):
        _balloon(canvas, canvas.other_x, canvas.height * 0.30, canvas.unit * 9)


def _birds(canvas: Canvas, count: int) -> None:
    rng = canvas.structure("birds")
    pen = canvas.pen()
    for _ in range(count):
        across, down, size, flap = rng.random(4).tolist()
        x = canvas.other_x + (across - 0.5) * canvas.width * 0.34
        y = canvas.height * (0.16 + 0.22 * down)
        u = canvas.unit * (0.7 + 0.8 * size)
        rise = u * (0.3 + 0.7 * flap)
        for side in (-1, 1):
            pen.line(
                [(x, y), (x + side * u * 0.7, y - rise), (x + side * u * 1.7, y - rise * 0.55)],
                max(0.8, u * 0.2),
            )
    canvas.fill(pen, canvas.colors.distance(0.85), opacity=0.9)


def _balloon(canvas: Canvas, x: float, y: float, radius: float) -> None:
    envelope, basket = canvas.pen(), canvas.pen()
    envelope.blob(
        [
            (x, y - radius),
            (x + radius * 0.95, y - radius * 0.2),
            (x + radius * 0.3, y + radius * 1.05),
            (x - radius * 0.3, y + radius * 1.05),
            (x - radius * 0.95, y - radius * 0.2),
        ]
    )
    basket.box(x - radius * 0.14, y + radius * 1.45, x + radius * 0.14, y + radius * 1.65)
    for side in (-1, 1):
        basket.line(
            [(x + side * radius * 0.24, y + radius), (x + side * radius * 0.13, y + radius * 1.5)],
            radius * 0.03,
        )
    color = canvas.palette[-1] if canvas.palette else rgb("#d65a3c")
    canvas.fill(envelope, mix(mix(color, canvas.colors.horizon, 0.25), canvas.colors.ground, 0.12))
    canvas.fill(basket, canvas.colors.ground)
    canvas.shine(
        x + (radius * 0.5 if canvas.sun_x > x else -radius * 0.5),
        y - radius * 0.2,
        radius * 0.5,
        canvas.colors.light,
        strength=0.3,
    )


def _foreground(canvas: Canvas) -> None:
    """Paint the ground we stand on, where the scene has one."""
    scene = canvas.reading.scene
    if scene == "sea" and canvas.reading.has("figure"):
        sea.shore(canvas)
    elif scene == "river":
        river.near_bank(canvas)
    elif scene == "mountain":
        pine_ridge(canvas, canvas.height * 0.90, nearness=0.86, tallest=0.15, name="pines-behind")
        pine_ridge(canvas, canvas.height * 1.0, nearness=1.0, tallest=0.24, name="pines")
    elif scene == "forest":
        forest.front_ferns(canvas)
    elif scene in {"plain", "village"}:
        plain.front_grass(canvas)


def _people(canvas: Canvas) -> None:
    reading = canvas.reading
    if reading.shot == "close":
        hat = float(canvas.structure("hat").random()) < 0.45
        draw_portrait(canvas, hat=hat, child=reading.has("child"))
        return
    scale = {"wide": 0.55, "high": 0.6, "low": 1.25}.get(reading.shot, 1.0)
    height = canvas.height * _USUAL_HEIGHT.get(reading.scene, 0.27) * scale
    x = _standing_place(canvas)
    for person in people_in(canvas, x, canvas.height * _STANDING_ROW[reading.scene], height):
        draw_person(canvas, person)


def _standing_place(canvas: Canvas) -> float:
    """Return where people stand: across from the light, beside whatever stands there already."""
    reading = canvas.reading
    side = 1 if canvas.other_x > canvas.width / 2 else -1
    if reading.scene == "room":
        return canvas.sun_x + side * canvas.width * 0.04
    if reading.scene == "space":
        return canvas.sun_x + side * canvas.width * 0.02
    if reading.has("lighthouse", "house", "castle", "church", "lone_tree"):
        return canvas.other_x - side * canvas.width * 0.17
    return canvas.other_x


def _campfire(canvas: Canvas) -> None:
    x = canvas.width / 2 + (canvas.width / 2 - canvas.other_x) * 0.2
    foot, u = canvas.height * min(0.93, _STANDING_ROW[canvas.reading.scene] + 0.02), canvas.unit
    if canvas.reading.scene == "room":
        x = canvas.other_x
    canvas.shine(x, foot - u * 3, u * 20, LAMPLIGHT * rgb("#ffb070"), strength=0.75)
    rng = canvas.structure("fire")
    for color, size in (("#ff6a1e", 1.0), ("#ffb13c", 0.68), ("#fff0b0", 0.36)):
        pen = canvas.pen()
        for _ in range(4):
            lean, tall = (float(rng.random()) - 0.5) * 3, 4 + 3 * float(rng.random())
            pen.blob(
                [
                    (x - u * 1.7 * size + lean, foot),
                    (x + lean * u * 0.5, foot - u * tall * size),
                    (x + u * 1.7 * size + lean, foot),
                ]
            )
        pen.soften(u * 0.3)
        canvas.fill(pen, rgb(color), opacity=0.9)
    logs = canvas.pen()
    for turn in (-0.5, 0.0, 0.5):
        logs.line(
            [
                (x - u * 3.4 * math.cos(turn), foot + u * turn),
                (x + u * 3.4 * math.cos(turn), foot - u * turn * 1.6),
            ],
            u * 0.8,
        )
    canvas.fill(logs, canvas.colors.ground)
