"""People seen from behind, as silhouettes with a rim of light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from director_lib.engines.local.buildings import LAMPLIGHT
from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import mix
from director_lib.engines.local.shapes import Pen, Point

_COAT: tuple[Point, ...] = (
    (-0.26, 0.95), (0.26, 0.95), (0.78, 1.20), (0.98, 2.0), (0.94, 3.2), (1.00, 4.6), (1.16, 5.9), (0.5, 6.1),
    (-0.5, 6.1), (-1.08, 5.9), (-0.94, 4.6), (-0.92, 3.2), (-0.98, 2.0), (-0.78, 1.20),
)  # fmt: skip
_JACKET: tuple[Point, ...] = (
    (-0.26, 0.95), (0.26, 0.95), (0.78, 1.2), (0.98, 2.1), (1.00, 3.3), (0.90, 4.05), (0.74, 4.0),
    (0.70, 4.4), (-0.70, 4.4), (-0.74, 4.0), (-0.90, 4.05), (-1.00, 3.3), (-0.98, 2.1), (-0.78, 1.2),
)  # fmt: skip
_LEG: tuple[Point, ...] = (
    (0.02, 4.0), (0.72, 4.0), (0.70, 5.6), (0.60, 7.1), (0.82, 7.55), (0.06, 7.55), (0.06, 5.6),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody standing in the picture.

    Attributes:
        x: Column of the middle, in pixels.
        foot: Row of the feet, in pixels.
        height: From the feet to the top of the head, in pixels.
        coat: A long coat rather than a jacket.
        hat: A brimmed hat.
        lantern: Carries a lit lantern.
    """

    x: float
    foot: float
    height: float
    coat: bool = True
    hat: bool = False
    lantern: bool = False


def people_in(canvas: Canvas, x: float, foot: float, height: float) -> list[Person]:
    """Return who the prompt asks for, standing around a column; empty when it asks for nobody."""
    reading = canvas.reading
    if not reading.has("figure"):
        return []
    lantern = reading.has("lantern") and reading.scene != "room"
    hat = float(canvas.structure("hat").random()) < 0.45
    child = Person(x, foot, height * 0.66, coat=False)
    if reading.has("couple"):
        return [
            Person(x, foot, height, hat=hat, lantern=lantern),
            Person(x + height * 0.27, foot, height * 0.93),
        ]
    if not reading.has("child"):
        return [Person(x, foot, height, hat=hat, lantern=lantern)]
    if not canvas.reading.has("elder"):
        return [child]
    small = Person(x + height * 0.28, foot, height * 0.62, coat=False)
    return [Person(x, foot, height, hat=hat, lantern=lantern), small]


def draw_person(canvas: Canvas, person: Person) -> None:
    """Draw one person with light along the edge that faces the sun."""
    shadow = canvas.pen()
    shadow.disc(person.x, person.foot, person.height * 0.16, person.height * 0.018)
    shadow.soften(person.height * 0.012)
    canvas.fill(shadow, canvas.colors.ground, opacity=0.55)
    pen = canvas.pen()
    _body(pen, person)
    color = mix(canvas.colors.ground, canvas.colors.middle, 0.06)
    _rim(canvas, person)
    canvas.fill(pen, color, opacity=0.985)
    if person.lantern:
        _lantern(canvas, person)


def _body(pen: Pen, person: Person, *, shift: float = 0.0, drop: float = 0.0) -> None:
    u = person.height / 7.6
    x, top = person.x + shift, person.foot - person.height + drop
    pen.disc(x, top + u * 0.55, u * 0.47, u * 0.58)
    pen.box(x - u * 0.2, top + u * 0.8, x + u * 0.2, top + u * 1.4)
    outline = _COAT if person.coat else _JACKET
    pen.blob([(x + across * u, top + down * u) for across, down in outline])
    for side in (-1, 1):
        pen.blob([(x + side * across * u, top + down * u) for across, down in _LEG])
    if person.hat:
        pen.disc(x, top + u * 0.38, u * 0.80, u * 0.13)
        pen.blob(
            [
                (x - u * 0.5, top + u * 0.36),
                (x - u * 0.4, top - u * 0.12),
                (x + u * 0.4, top - u * 0.12),
                (x + u * 0.5, top + u * 0.36),
            ]
        )
    if person.lantern:
        pen.line([(x + u * 0.9, top + u * 1.6), (x + u * 1.55, top + u * 3.0)], u * 0.34)


def _rim(canvas: Canvas, person: Person) -> None:
    """Put a bright twin of the body slightly towards the light; the body then covers all but its edge."""
    toward = 1 if canvas.sun_x > person.x else -1
    pen = canvas.pen()
    width = max(0.9, min(person.height * 0.010, canvas.unit * 0.45))
    _body(pen, person, shift=toward * width, drop=-width * 0.5)
    pen.fade(person.foot - person.height * 0.42, person.foot - person.height * 0.16)
    strength = 0.45 if canvas.reading.light in {"overcast", "storm", "winter"} else 0.85
    canvas.fill(pen, mix(canvas.colors.horizon, canvas.colors.light, 0.6), opacity=strength)


def _lantern(canvas: Canvas, person: Person) -> None:
    u = person.height / 7.6
    x, y = person.x + u * 1.62, person.foot - person.height + u * 3.5
    canvas.shine(x, y, u * 3.4, LAMPLIGHT, strength=0.85)
    pen = canvas.pen()
    pen.box(x - u * 0.24, y - u * 0.32, x + u * 0.24, y + u * 0.34)
    canvas.fill(pen, np.minimum(LAMPLIGHT * np.float32(1.15), 1))
    frame = canvas.pen()
    frame.line([(x - u * 0.3, y - u * 0.4), (x + u * 0.3, y - u * 0.4)], u * 0.12)
    frame.line([(x - u * 0.3, y + u * 0.4), (x + u * 0.3, y + u * 0.4)], u * 0.14)
    frame.line([(x, y - u * 0.4), (x, y - u * 0.75)], u * 0.07)
    canvas.fill(frame, canvas.colors.ground)


def draw_portrait(canvas: Canvas, *, hat: bool, child: bool) -> None:
    """Draw head and shoulders from behind, large, looking into the picture."""
    height = canvas.height * (2.1 if child else 2.35)
    person = Person(canvas.other_x, canvas.height * 0.30 + height, height, coat=not child, hat=hat)
    draw_person(canvas, person)
