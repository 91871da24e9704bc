"""Fog, rain, snow, sparks and lightning between us and the scene."""

from __future__ import annotations

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import enlarge, field, mix, ramp
from director_lib.engines.local.palette import rgb
from director_lib.engines.local.shapes import Point


def paint_lightning(canvas: Canvas) -> None:
    """Let lightning strike the horizon, when the prompt asks for it; painted before the scene."""
    if not canvas.reading.has("lightning") or _indoors(canvas):
        return
    rng = canvas.structure("lightning")
    start = canvas.other_x + canvas.width * 0.12 * float(rng.random() - 0.5)
    bolt: list[Point] = [(start, canvas.height * 0.04)]
    while bolt[-1][1] < canvas.horizon:
        step = canvas.unit * (2 + 3 * float(rng.random()))
        bolt.append((bolt[-1][0] + float(rng.random() - 0.48) * step * 2, bolt[-1][1] + step))
    for width, strength, blur in ((3.4, 0.5, 3.0), (0.45, 1.2, 0.0)):
        pen = canvas.pen()
        pen.line(bolt, canvas.unit * width)
        fork = bolt[len(bolt) // 3]
        pen.line(
            [
                fork,
                (fork[0] + canvas.unit * 7, fork[1] + canvas.unit * 9),
                (fork[0] + canvas.unit * 9, fork[1] + canvas.unit * 18),
            ],
            canvas.unit * width * 0.6,
        )
        pen.soften(canvas.unit * blur)
        canvas.glow(pen, rgb("#dfe6ff"), strength=strength)
    canvas.shine(start, canvas.height * 0.1, canvas.height * 0.3, rgb("#b8c4ff"), strength=0.4)


def paint_air(canvas: Canvas) -> None:
    """Lay fog, or the haze of rain, over the scene; what stands near is painted after it."""
    if _indoors(canvas):
        return
    if canvas.reading.has("fog"):
        _fog(canvas, 0.85)
    elif canvas.reading.has("rain"):
        _fog(canvas, 0.30)


def paint_weather(canvas: Canvas) -> None:
    """Paint what falls or drifts in front of everything."""
    reading = canvas.reading
    if reading.has("fog") and not _indoors(canvas):
        _fog(canvas, 0.20)
    if reading.has("rain") and not _indoors(canvas):
        _rain(canvas)
    if reading.has("snow") and not _indoors(canvas):
        _snow(canvas)
    if reading.has("embers"):
        _sparks(canvas)


def _indoors(canvas: Canvas) -> bool:
    return canvas.reading.scene in {"room", "space"}


def _fog(canvas: Canvas, amount: float) -> None:
    drift = enlarge(
        field(canvas.structure("fog"), 128, roughness=1.9, stretch=0.45)[:72], canvas.width, canvas.height
    )
    rows = (np.arange(canvas.height, dtype=np.float32)[:, None] - np.float32(canvas.horizon)) / canvas.height
    bank = np.exp(-(((rows - np.float32(0.03)) / np.float32(0.20)) ** 2))
    low = ramp(0.02, 0.34, rows) * np.float32(0.35)
    cover = np.clip(0.62 + drift * np.float32(0.26), 0, 1) * np.maximum(bank, low) * np.float32(amount)
    color = mix(canvas.colors.horizon, canvas.colors.middle, 0.28 if not canvas.reading.is_dark else 0.6)
    canvas.pixels += (color - canvas.pixels) * cover[..., None]


def _rain(canvas: Canvas) -> None:
    """Draw streaks in three depths, all slanting with one wind."""
    rng = canvas.detail("rain")
    slant = -0.16 if canvas.sun_x > canvas.width / 2 else 0.16
    heavy = 1.4 if canvas.reading.has("storm") else 1.0
    for count, length, strength in ((520, 3.0, 0.16), (300, 5.5, 0.22), (90, 11.0, 0.26)):
        pen = canvas.pen()
        for across, down, tone in rng.random((int(count * heavy), 3)).tolist():
            x, y = (across * 1.2 - 0.1) * canvas.width, (down * 1.1 - 0.1) * canvas.height
            drop = canvas.unit * length * (0.6 + 0.4 * tone)
            pen.line([(x, y), (x + drop * slant, y + drop)], length * 0.012 * canvas.unit, 0.3 + 0.7 * tone)
        canvas.glow(pen, mix(canvas.colors.horizon, canvas.colors.light, 0.5), strength=strength)


def _snow(canvas: Canvas) -> None:
    rng = canvas.detail("snow")
    color = mix(canvas.colors.light, rgb("#ffffff"), 0.4)
    for count, size, blur, strength in ((620, 0.16, 0.0, 0.75), (260, 0.30, 0.15, 0.8), (46, 0.8, 0.5, 0.5)):
        pen = canvas.pen()
        for across, down, tone in rng.random((count, 3)).tolist():
            radius = canvas.unit * size * (0.6 + 0.8 * tone)
            pen.disc(across * canvas.width, down * canvas.height, radius, tone=0.5 + 0.5 * tone)
        pen.soften(canvas.unit * blur)
        canvas.fill(pen, color, opacity=strength * (0.75 if canvas.reading.is_dark else 1.0))


def _sparks(canvas: Canvas) -> None:
    rng = canvas.detail("sparks")
    for across, down, size in rng.random((70, 3)).tolist():
        y = canvas.height * (0.35 + 0.6 * down)
        canvas.shine(
            across * canvas.width, y, canvas.unit * (0.25 + 0.5 * size**3), rgb("#ffb050"), strength=1.0
        )
