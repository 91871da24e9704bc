"""A city skyline with lit windows above a wet street or river."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from director_lib.engines.local.buildings import LAMPLIGHT
from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import mix
from director_lib.engines.local.palette import rgb
from director_lib.engines.local.shapes import Pen
from director_lib.engines.local.water import Water, paint_water

_NEON = ("#ff3c96", "#46f0ff", "#ffbe46", "#965aff", "#5cff9c")


@dataclass(frozen=True, slots=True)
class _Block:
    """One building, in whole pixels."""

    left: int
    right: int
    top: int
    foot: int


def paint(canvas: Canvas) -> None:
    """Paint five rows of buildings over the sky, then the wet ground that mirrors them."""
    edge = canvas.horizon + canvas.unit * 11
    for row in range(5):
        _row(canvas, row, edge)
    _lamps(canvas, edge)
    colors = canvas.colors
    depth = mix(colors.ground, mix(colors.middle, colors.top, 0.5), 0.30)
    wet = canvas.reading.has("rain") or canvas.reading.is_dark
    paint_water(canvas, Water(edge, canvas.height, 0.34, depth, glitter=0.25, clear=0.8 if wet else 0.62))
    _quay(canvas, edge)


def _row(canvas: Canvas, row: int, edge: float) -> None:
    nearness = (row + 1) / 5
    rng = canvas.structure(f"row{row}")
    blocks = _blocks(canvas, row, edge, rng)
    color = canvas.colors.distance(0.14 + 0.82 * nearness)
    pen = canvas.pen()
    for block in blocks:
        pen.box(block.left, block.top, block.right, block.foot)
        _roof(pen, block, rng)
    canvas.fill(pen, color)
    if row == 0:
        return
    lights = canvas.detail(f"windows{row}")
    for block in blocks:
        _windows(canvas, block, nearness, lights)
    if canvas.reading.light == "neon" and row >= 2:
        for block in blocks:
            _sign(canvas, block, rng)


def _blocks(canvas: Canvas, row: int, edge: float, rng: np.random.Generator) -> list[_Block]:
    """Lay out one row of buildings; near rows stay low where the sun stands, so that it can be seen."""
    nearness = (row + 1) / 5
    blocks: list[_Block] = []
    left = -canvas.unit * 4 * float(rng.random())
    while left < canvas.width:
        wide, tall, gap = rng.random(3).tolist()
        width = canvas.unit * (4 + 3 * nearness + (5 + 7 * nearness) * wide)
        height = canvas.unit * (12 + 46 * tall**2.0 * (1.05 - 0.35 * nearness))
        away = abs(left + width / 2 - canvas.sun_x) / canvas.width
        if row >= 2:
            height *= min(1.0, 0.22 + away * (2.0 + 0.6 * row))
        blocks.append(_Block(int(left), int(left + width), int(edge - height), int(edge)))
        left += width + canvas.unit * (1.6 * gap if gap < 0.4 else 0.0)
    return blocks


def _roof(pen: Pen, block: _Block, rng: np.random.Generator) -> None:
    """Top a building with a setback, a slanted roof, an antenna or nothing."""
    kind, place = rng.random(2).tolist()
    width = block.right - block.left
    middle = block.left + width * (0.3 + 0.4 * place)
    if kind < 0.28:
        pen.box(block.left + width * 0.2, block.top - width * 0.35, block.right - width * 0.2, block.top)
    elif kind < 0.42:
        pen.polygon(
            [(block.left, block.top), (block.left, block.top - width * 0.4), (block.right, block.top)]
        )
    if kind < 0.16 or kind > 0.86:
        pen.line([(middle, block.top), (middle, block.top - width * (0.5 + place))], max(0.8, width * 0.03))


def _windows(canvas: Canvas, block: _Block, nearness: float, rng: np.random.Generator) -> None:
    """Light some of a building's windows, whole floors at a time here and there."""
    cell = max(3, round(canvas.unit * (0.75 + 0.75 * nearness)))
    columns, floors = (
        (block.right - block.left - cell) // cell,
        (block.foot - block.top - cell) // (cell + cell // 3),
    )
    left = block.left + cell // 2 + 1
    if columns < 1 or floors < 1 or left < 0 or left + columns * cell > canvas.width or block.top < 0:
        return
    share = _lit_share(canvas) * (0.5 + float(rng.random()))
    lit = (rng.random((floors, columns)) < share) | (rng.random((floors, 1)) < share * 0.12)
    pattern = np.zeros((cell + cell // 3, cell), np.float32)
    pattern[cell // 4 : cell, cell // 5 : max(cell // 5 + 1, cell - cell // 4)] = 1
    warm = np.where(
        rng.random((floors, columns, 1)) < 0.75, LAMPLIGHT, mix(canvas.colors.light, rgb("#cfe6ff"), 0.5)
    )
    glow = warm * (0.30 + 0.70 * rng.random((floors, columns, 1))) * lit[..., None]
    picture = np.kron(glow.astype(np.float32), pattern[..., None])
    top = block.top + cell // 2
    region = canvas.pixels[top : top + picture.shape[0], left : left + picture.shape[1]]
    picture = picture[: region.shape[0]]
    np.maximum(region, picture * np.float32(0.45 + 0.55 * nearness), out=region)


def _lit_share(canvas: Canvas) -> float:
    if canvas.reading.is_dark:
        return 0.42
    return 0.26 if canvas.reading.light in {"dusk", "sunset", "storm", "overcast"} else 0.05


def _sign(canvas: Canvas, block: _Block, rng: np.random.Generator) -> None:
    """Hang an upright neon sign on a building."""
    wanted, place, tall, hue = rng.random(4).tolist()
    if wanted > 0.5 or block.right - block.left < canvas.unit * 5:
        return
    color = rgb(_NEON[int(hue * len(_NEON))])
    width, height = canvas.unit * 1.5, canvas.unit * (7 + 11 * tall)
    left = block.left + (block.right - block.left - width) * (0.15 + 0.6 * place)
    top = block.top + canvas.unit * 3
    height = min(height, block.foot - top - canvas.unit * 4)
    if height < canvas.unit * 4:
        return
    frame, glyphs = canvas.pen(), canvas.pen()
    frame.box(left, top, left + width, top + height)
    canvas.fill(frame, color * np.float32(0.30))
    row = top + canvas.unit * 0.5
    while row < top + height - canvas.unit:
        glyphs.box(left + width * 0.2, row, left + width * 0.8, row + canvas.unit * 0.75)
        row += canvas.unit * 1.5
    canvas.fill(glyphs, np.clip(color * np.float32(1.1), 0, 1))
    canvas.shine(left + width / 2, top + height / 2, height * 0.55, color, strength=0.40)


def _lamps(canvas: Canvas, edge: float) -> None:
    """Set a row of street lamps along the water's edge when it is dark enough."""
    if _lit_share(canvas) < 0.2:
        return
    rng = canvas.structure("street-lamps")
    posts = canvas.pen()
    step = canvas.width / 13
    for number in range(13):
        x = (number + 0.3 + 0.4 * float(rng.random())) * step
        top = edge - canvas.unit * 4.6
        posts.line([(x, edge), (x, top)], canvas.unit * 0.22)
        canvas.shine(x, top, canvas.unit * 2.6, LAMPLIGHT, strength=0.95)
    canvas.fill(posts, canvas.colors.ground)


def _quay(canvas: Canvas, edge: float) -> None:
    pen = canvas.pen()
    pen.box(0, edge - canvas.unit * 0.5, canvas.width, edge + canvas.unit * 0.25)
    canvas.fill(pen, canvas.colors.ground, opacity=0.85)
