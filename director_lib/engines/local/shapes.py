"""Silhouettes with soft edges, drawn at twice the size and averaged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from director_lib.engines.local.noise import Floats, ramp

Point = tuple[float, float]
_SCALE = 2


@dataclass(frozen=True, slots=True)
class _Stroke:
    kind: str
    points: Sequence[Point]
    tone: int
    thickness: float = 0.0


class Pen:
    """Draws one silhouette in pixel coordinates; later strokes lie over earlier ones.

    Strokes are only remembered; the mask is as large as they need, so that small things cost little.
    """

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._strokes: list[_Stroke] = []
        self._blur = 0.0
        self._fade: tuple[float, float] | None = None

    def polygon(self, points: Sequence[Point], tone: float = 1.0) -> None:
        """Fill a polygon; tone is its opacity, 0 to 1."""
        self._strokes.append(_Stroke("polygon", points, _level(tone)))

    def blob(self, points: Sequence[Point], tone: float = 1.0) -> None:
        """Fill the rounded shape that runs smoothly through the points."""
        self.polygon(rounded(points), tone)

    def line(self, points: Sequence[Point], thickness: float, tone: float = 1.0) -> None:
        """Stroke a line; thickness in pixels."""
        self._strokes.append(_Stroke("line", points, _level(tone), thickness))

    def disc(
        self, x: float, y: float, radius_x: float, radius_y: float | None = None, tone: float = 1.0
    ) -> None:
        """Fill an ellipse around a point."""
        down = radius_x if radius_y is None else radius_y
        corners = [(x - radius_x, y - down), (x + radius_x, y + down)]
        self._strokes.append(_Stroke("ellipse", corners, _level(tone)))

    def box(self, left: float, top: float, right: float, bottom: float, tone: float = 1.0) -> None:
        """Fill a rectangle; an empty or inverted one draws nothing."""
        if right > left and bottom > top:
            self._strokes.append(_Stroke("rectangle", [(left, top), (right, bottom)], _level(tone)))

    def soften(self, radius: float) -> None:
        """Blur everything drawn; radius in pixels."""
        self._blur = radius

    def fade(self, full: float, gone: float) -> None:
        """Let the silhouette vanish between two rows."""
        self._fade = (full, gone)

    def coverage(self) -> tuple[slice, slice, Floats] | None:
        """Return rows, columns and the coverage (0 to 1) there; None when nothing lies in the picture."""
        bounds = self._bounds()
        if bounds is None:
            return None
        left, top, right, bottom = bounds
        mask = Image.new("L", ((right - left) * _SCALE, (bottom - top) * _SCALE), 0)
        draw = ImageDraw.Draw(mask)
        for stroke in self._strokes:
            _draw(draw, stroke, left, top)
        small = _blurred(mask.reduce(_SCALE), self._blur)
        cover = np.asarray(small, np.float32) / np.float32(255)
        if self._fade is not None:
            rows = np.arange(top, bottom, dtype=np.float32)[:, None]
            cover = cover * ramp(self._fade[1], self._fade[0], rows)
        return slice(top, bottom), slice(left, right), cover

    def _bounds(self) -> tuple[int, int, int, int] | None:
        """Return left, top, right and bottom of all strokes within the picture, in whole pixels."""
        if not self._strokes:
            return None
        corners = np.array([point for stroke in self._strokes for point in stroke.points])
        margin = 2 + self._blur * 3 + max(stroke.thickness for stroke in self._strokes)
        low, high = corners.min(axis=0) - margin, corners.max(axis=0) + margin
        left, top = max(0, math.floor(low[0])), max(0, math.floor(low[1]))
        right, bottom = min(self._width, math.ceil(high[0])), min(self._height, math.ceil(high[1]))
        return (left, top, right, bottom) if right > left and bottom > top else None


def _draw(draw: ImageDraw.ImageDraw, stroke: _Stroke, left: int, top: int) -> None:
    points = [((x - left) * _SCALE, (y - top) * _SCALE) for x, y in stroke.points]
    if stroke.kind == "line":
        draw.line(points, fill=stroke.tone, width=max(1, round(stroke.thickness * _SCALE)), joint="curve")
    elif stroke.kind == "polygon":
        draw.polygon(points, fill=stroke.tone)
    elif stroke.kind == "ellipse":
        draw.ellipse(points, fill=stroke.tone)
    else:
        draw.rectangle(points, fill=stroke.tone)


def _blurred(mask: Image.Image, radius: float) -> Image.Image:
    """Blur at a smaller size when the blur is wide: the result looks the same and costs less."""
    if radius <= 0:
        return mask
    factor = max(1, min(8, int(radius / 3)))
    if factor == 1:
        return mask.filter(ImageFilter.GaussianBlur(radius))
    soft = mask.reduce(factor).filter(ImageFilter.GaussianBlur(radius / factor))
    return soft.resize(mask.size, Image.Resampling.BICUBIC)


def rounded(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """Return a closed smooth outline through the points (Catmull-Rom)."""
    path: list[Point] = []
    count = len(points)
    for index in range(count):
        corners = [points[(index + offset) % count] for offset in (-1, 0, 1, 2)]
        path.extend(_between(corners, step / steps) for step in range(steps))
    return path


def _between(corners: Sequence[Point], part: float) -> Point:
    weights = (
        -0.5 * part + part**2 - 0.5 * part**3,
        1 - 2.5 * part**2 + 1.5 * part**3,
        0.5 * part + 2 * part**2 - 1.5 * part**3,
        -0.5 * part**2 + 0.5 * part**3,
    )
    x = math.fsum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True))
    y = math.fsum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True))
    return x, y


def _level(tone: float) -> int:
    return max(0, min(255, round(tone * 255)))
