"""What somebody drew over a picture to show what they mean: boxes, arrows and free lines, as vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from director_lib.errors import InputError

MOST_SHAPES = 12
MOST_POINTS = 400
_DIGITS = 4
_SAFE = "Nothing was saved; clear the drawing and draw it again."

Point = tuple[float, float]
"""Across and down, in fractions of the picture: (0, 0) is its upper left corner, (1, 1) the lower right."""


class ShapeKind(StrEnum):
    """What is drawn through a shape's points."""

    BOX = "box"
    ARROW = "arrow"
    STROKE = "stroke"


@dataclass(frozen=True, slots=True)
class Shape:
    """One drawn thing.

    Attributes:
        points: Two opposite corners of a box; an arrow's tail and head; a stroke's way.
    """

    kind: ShapeKind
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """Everything that belongs to one remark, in the order in which it was drawn."""

    shapes: tuple[Shape, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON value."""
        drawn = [
            {"kind": one.kind.value, "points": [list(point) for point in one.points]} for one in self.shapes
        ]
        return {"shapes": drawn}


def read_region(value: object) -> Region:
    """Read a region from a JSON value; points are rounded to a ten-thousandth of the picture.

    Raises:
        InputError: It is no region, is too large, or lies outside the picture.
    """
    shapes = value.get("shapes") if isinstance(value, dict) and value.keys() == {"shapes"} else None
    if not isinstance(shapes, list) or not 1 <= len(shapes) <= MOST_SHAPES:
        raise InputError(f"A drawing has 1 to {MOST_SHAPES} shapes. {_SAFE}")
    return Region(tuple(map(_read_shape, shapes)))


def find_region(value: object) -> Region | None:
    """Return a kept region; None for none, and for one that this release cannot show."""
    try:
        return None if value is None else read_region(value)
    except InputError:
        return None


def _read_shape(value: object) -> Shape:
    if not isinstance(value, dict) or value.keys() != {"kind", "points"} or value["kind"] not in [*ShapeKind]:
        raise InputError(f"A shape is a box, an arrow or a stroke, with its points. {_SAFE}")
    kind, points = ShapeKind(value["kind"]), value["points"]
    most = MOST_POINTS if kind is ShapeKind.STROKE else 2
    if not isinstance(points, list) or not 2 <= len(points) <= most:
        raise InputError(f"A {kind} has 2 to {most} points. {_SAFE}")
    return Shape(kind, tuple(map(_read_point, points)))


def _read_point(value: object) -> Point:
    if not isinstance(value, list) or len(value) != 2 or not all(map(_is_fraction, value)):
        raise InputError(f"A point is two numbers from 0 to 1. {_SAFE}")
    return round(float(value[0]), _DIGITS), round(float(value[1]), _DIGITS)


def _is_fraction(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and 0 <= value <= 1
    )
