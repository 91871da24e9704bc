"""Inside a forest: rows of trunks fading into light, a clearing, ferns in front."""

from __future__ import annotations

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, curve, enlarge, field, mix, ramp
from director_lib.engines.local.plants import grass, pine
from director_lib.engines.local.shapes import Pen

_LAYERS = 6


def paint(canvas: Canvas) -> None:
    """Paint the forest over the sky, from the far trees to the near."""
    _glade(canvas)
    for number in range(_LAYERS):
        nearness = (number + 1) / _LAYERS
        _ground(canvas, number, nearness)
        if number < 3:
            _pines(canvas, number, nearness)
        _trunks(canvas, number, nearness)
        if number == 3:
            _shafts(canvas)
    _canopy(canvas)


def front_ferns(canvas: Canvas) -> None:
    """Paint undergrowth along the foot of the picture."""
    line = np.full(canvas.width, canvas.height * 1.01, np.float32)
    line += curve(canvas.structure("ferns"), canvas.width) * np.float32(canvas.unit * 1.2)
    count = 160 if canvas.reading.has("winter") else 460
    grass(canvas, line, height=canvas.unit * 12, count=count, name="fern-blades", color=canvas.colors.ground)


def _light(canvas: Canvas) -> Floats:
    return mix(canvas.colors.horizon, canvas.colors.light, 0.3)


def _tone(canvas: Canvas, nearness: float) -> Floats:
    """Return the colour of trees: misty light far away, dark and a little green nearby."""
    far = mix(canvas.colors.horizon, canvas.colors.middle, 0.55)
    return mix(far, canvas.colors.ground, min(1.0, 0.16 + 0.86 * nearness**0.8))


def _glade(canvas: Canvas) -> None:
    """Let the light come from between the trees."""
    rows = (np.arange(canvas.height, dtype=np.float32) / canvas.height)[:, None]
    columns = (np.arange(canvas.width, dtype=np.float32)[None] - np.float32(canvas.sun_x)) / canvas.height
    near = np.exp(-np.abs(columns) * 2.0) * np.exp(-(((rows - np.float32(0.42)) / np.float32(0.42)) ** 2))
    base = mix(canvas.colors.middle, canvas.colors.horizon, 0.5)
    canvas.pixels[:] = mix(canvas.pixels, base, 0.55)
    canvas.pixels[:] = mix(canvas.pixels, _light(canvas), (near * np.float32(0.85))[..., None])


def _ground_row(canvas: Canvas, number: int) -> float:
    depth = float((number + 0.5) / _LAYERS) ** 1.5
    return canvas.height * (0.60 + 0.40 * float(depth))


def _ground(canvas: Canvas, number: int, nearness: float) -> None:
    rough = curve(canvas.structure(f"ground{number}"), canvas.width, roughness=1.8)
    row = _ground_row(canvas, number)
    pen = canvas.pen()
    edge = [
        (float(x), row - float(rough[x]) * canvas.unit * (0.4 + nearness)) for x in range(0, canvas.width, 4)
    ]
    pen.polygon([(0, canvas.height), *edge, (canvas.width, edge[-1][1]), (canvas.width, canvas.height)])
    color = mix(_tone(canvas, nearness * 0.85), canvas.colors.horizon, 0.10 * (1 - nearness))
    if canvas.reading.has("winter"):
        pale = mix(canvas.colors.middle, _light(canvas), 0.25 if canvas.reading.is_dark else 0.65)
        color = mix(pale, canvas.colors.top, 0.14 + 0.28 * nearness)
    canvas.fill(pen, color)


def _pines(canvas: Canvas, number: int, nearness: float) -> None:
    rng = canvas.structure(f"young-pines{number}")
    pen = canvas.pen()
    foot, tall = _ground_row(canvas, number), canvas.height * (0.20 + 0.16 * number)
    count = 26 - 6 * number
    for place in range(count):
        shift, size, rough = rng.random(3).tolist()
        x = (place + shift) / count * canvas.width
        if abs(x - canvas.sun_x) < canvas.width * 0.06:
            continue
        pine(pen, x, foot + 2, tall * (0.5 + 0.6 * size), rough=rough)
    canvas.fill(pen, _tone(canvas, nearness * 0.75))


def _trunks(canvas: Canvas, number: int, nearness: float) -> None:
    rng = canvas.structure(f"trunks{number}")
    pen = canvas.pen()
    foot, count = _ground_row(canvas, number), (34, 26, 18, 12, 8, 5)[number]
    for place in range(count):
        shift, size, lean = rng.random(3).tolist()
        x = (place + 0.1 + 0.8 * shift) / count * canvas.width
        gap = abs(x - canvas.sun_x) / canvas.width
        if gap < 0.05 + 0.10 * nearness:
            continue
        width = canvas.height * (0.004 + 0.040 * nearness**1.9) * (0.7 + 0.6 * size)
        _trunk(pen, (x, foot + canvas.unit * (1 + 3 * nearness * size)), width, (lean - 0.5) * 0.06, rng)
    canvas.fill(pen, _tone(canvas, nearness))


def _trunk(pen: Pen, foot: tuple[float, float], width: float, lean: float, rng: np.random.Generator) -> None:
    x, y = foot
    top = x + lean * y
    half = width / 2
    pen.polygon(
        [
            (x - half * 1.9, y),
            (x - half * 1.15, y - width * 0.8),
            (x - half, y - width * 2.4),
            (top - half * 0.7, -2),
            (top + half * 0.7, -2),
            (x + half, y - width * 2.4),
            (x + half * 1.2, y - width * 0.7),
            (x + half * 2, y),
        ]
    )
    pen.disc(x, y, half * 2.3, half * 0.45)
    for _ in range(5):
        place, reach, side, tilt = rng.random(4).tolist()
        row = y * (0.08 + 0.62 * place)
        start = x + lean * (y - row)
        across = (1 if side > 0.5 else -1) * width * (2.5 + 6 * reach)
        rise = -abs(across) * (0.25 + 0.6 * tilt)
        pen.line(
            [(start, row), (start + across * 0.5, row + rise * 0.35), (start + across, row + rise)],
            width * 0.16,
        )


def _shafts(canvas: Canvas) -> None:
    """Let sunbeams fall through the trees."""
    if canvas.reading.has("rain", "snow") or canvas.reading.light in {"overcast", "storm"}:
        return
    rng = canvas.structure("shafts")
    pen = canvas.pen()
    slant = 0.42 if canvas.sun_x < canvas.width / 2 else -0.42
    for _ in range(7):
        shift, wide, tone = rng.random(3).tolist()
        x = canvas.sun_x + (shift - 0.5) * canvas.width * 0.42
        width = canvas.unit * (1.0 + 4.0 * wide)
        drop = canvas.height * 0.86
        pen.polygon(
            [(x, -5), (x + width, -5), (x + width * 2.2 + slant * drop, drop), (x + slant * drop, drop)],
            0.2 + 0.5 * tone,
        )
    pen.soften(canvas.unit * 1.4)
    pen.fade(canvas.height * 0.35, canvas.height * 0.84)
    canvas.glow(pen, canvas.colors.light, strength=0.10 if canvas.reading.is_dark else 0.22)


def _canopy(canvas: Canvas) -> None:
    """Hang leaves into the top of the picture."""
    leaves = field(canvas.structure("leaves"), 512, roughness=1.25)
    clumps = field(canvas.structure("clumps"), 128, roughness=2.0)
    rows = int(canvas.height * 0.42)
    cover = enlarge(leaves[: int(512 * 0.30), :], canvas.width, rows) + enlarge(
        clumps[:40, :], canvas.width, rows
    )
    depth = np.linspace(1, -2.6, rows, dtype=np.float32)[:, None]
    away = np.abs(np.arange(canvas.width, dtype=np.float32)[None] - np.float32(canvas.sun_x)) / canvas.width
    alpha = ramp(0.2, 0.7, cover * np.float32(0.55) + depth + np.minimum(away, np.float32(0.4)) * 2)
    if canvas.reading.has("winter", "autumn"):
        alpha = alpha * np.float32(0.35)
    region = canvas.pixels[:rows]
    region += (_tone(canvas, 0.86) - region) * (alpha * np.float32(0.94))[..., None]
