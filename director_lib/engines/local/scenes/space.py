"""Deep space: a nebula, stars and a lit planet, with a ring when asked for."""

from __future__ import annotations

import math

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, curve, enlarge, field, lookup, mix, ramp


def paint(canvas: Canvas) -> None:
    """Paint nebula, stars and planet over the dark."""
    canvas.pixels[:] = mix(canvas.colors.top, canvas.colors.ground, 0.35)
    _nebula(canvas)
    _stars(canvas)
    radius = canvas.height * (0.22 + 0.14 * float(canvas.structure("planet").random()))
    x, y = canvas.other_x, canvas.height * 0.56
    _planet(canvas, x, y, radius)
    if canvas.reading.has("ring") or canvas.structure("ring").random() < 0.35:
        _ring(canvas, x, y, radius)


def _nebula(canvas: Canvas) -> None:
    half = (max(2, canvas.width // 2), max(2, canvas.height // 2))
    across = np.linspace(0, canvas.width / canvas.height, half[0], dtype=np.float32)[None] * np.float32(0.45)
    down = np.linspace(0, 0.45, half[1], dtype=np.float32)[:, None] + across * np.float32(0.2)
    broad = field(canvas.structure("nebula"), 256, roughness=2.0)
    warp = lookup(field(canvas.detail("warp"), 256, roughness=1.9), down, across + np.float32(0) * down)
    gas = lookup(broad, down + warp * np.float32(0.018), across + warp * np.float32(0.018))
    hue = lookup(field(canvas.structure("hue"), 128, roughness=2.4), down, across + np.float32(0) * down)
    colors = canvas.colors
    tint = mix(
        mix(colors.horizon, colors.middle, 0.2),
        mix(colors.horizon, colors.light, 0.35),
        ramp(-1, 1.5, hue)[..., None],
    )
    light = ramp(-0.2, 2.2, gas)[..., None] * tint * np.float32(0.95)
    light += (ramp(1.2, 2.8, gas + warp * np.float32(0.4)) * np.float32(0.5))[..., None] * colors.light
    for band in range(3):
        canvas.pixels[..., band] += enlarge(
            np.ascontiguousarray(light[..., band]), canvas.width, canvas.height
        )
    canvas.shine(
        canvas.sun_x,
        canvas.height * 0.22,
        canvas.unit * 26,
        mix(colors.horizon, colors.light, 0.5),
        strength=0.6,
    )
    canvas.shine(canvas.sun_x, canvas.height * 0.22, canvas.unit * 4, colors.light, strength=1.3)


def _stars(canvas: Canvas) -> None:
    rng = canvas.detail("space-stars")
    count = int(2200 * canvas.width / canvas.height / 1.78)
    bright = rng.random(count, dtype=np.float32) ** 6 + np.float32(0.10)
    rows = rng.integers(0, canvas.height - 1, count)
    columns = rng.integers(0, canvas.width - 1, count)
    light = bright[:, None] * mix(
        canvas.colors.light, np.ones(3, np.float32), rng.random((count, 1), dtype=np.float32)
    )
    np.add.at(canvas.pixels, (rows, columns), light)
    big = bright > 0.5
    for down, across in ((0, 1), (1, 0), (1, 1)):
        np.add.at(canvas.pixels, (rows[big] + down, columns[big] + across), light[big] * np.float32(0.55))


def _local(
    canvas: Canvas, x: float, y: float, radius: float, reach: float
) -> tuple[slice, slice, Floats, Floats]:
    """Return the window around a body and the positions there in radii."""
    top, bottom = max(0, int(y - radius * reach)), min(canvas.height, int(y + radius * reach) + 1)
    left, right = max(0, int(x - radius * reach)), min(canvas.width, int(x + radius * reach) + 1)
    down = (np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(y)) / np.float32(radius)
    across = (np.arange(left, right, dtype=np.float32)[None] - np.float32(x)) / np.float32(radius)
    return slice(top, bottom), slice(left, right), down, across


def _planet(canvas: Canvas, x: float, y: float, radius: float) -> None:
    rows, columns, down, across = _local(canvas, x, y, radius, 1.4)
    square = down**2 + across**2
    depth = np.sqrt(np.clip(1 - square, 0, 1))
    sun = np.array([canvas.sun_x - x, canvas.height * 0.22 - y, canvas.height * 0.42], np.float32)
    sun /= np.linalg.norm(sun)
    facing = across * sun[0] + down * sun[1] + depth * sun[2]
    colors = canvas.colors
    bend = np.arcsin(np.clip(down, -1, 1)) / np.float32(math.pi)
    turn = np.arctan2(across, depth + np.float32(0.05)) / np.float32(math.tau)
    bands = lookup(field(canvas.structure("bands"), 256, roughness=1.9, stretch=2.6), bend, turn)
    spots = lookup(field(canvas.detail("bands"), 256, roughness=1.5, stretch=2.0), bend * 2, turn * 2)
    tone = bands + spots * np.float32(0.3)
    skin = mix(
        mix(colors.middle, colors.horizon, 0.6),
        mix(colors.horizon, colors.light, 0.55),
        ramp(-1.2, 1.4, tone)[..., None],
    )
    shaded = skin * (ramp(-0.12, 0.9, facing)[..., None] * np.float32(1.15) + np.float32(0.015))
    edge = np.clip((1 - np.sqrt(square)) * np.float32(radius / 1.5), 0, 1)[..., None]
    region = canvas.pixels[rows, columns]
    region += (shaded - region) * edge
    rim = np.exp(-np.abs(np.sqrt(square) - 1) * 22) * np.clip(
        across * sun[0] + down * sun[1] + np.float32(0.35), 0, 1
    )
    region += rim[..., None] * mix(colors.horizon, colors.light, 0.6) * np.float32(0.75)


def _ring(canvas: Canvas, x: float, y: float, radius: float) -> None:
    rows, columns, down, across = _local(canvas, x, y, radius, 2.5)
    tilt = -0.3 if canvas.sun_x > x else 0.3
    along = across * math.cos(tilt) + down * math.sin(tilt)
    over = (down * math.cos(tilt) - across * math.sin(tilt)) / np.float32(0.24)
    reach = np.sqrt(along**2 + over**2)
    grooves = curve(canvas.detail("ring"), 600, roughness=0.7, lowest=8) * np.float32(0.25) + np.float32(0.62)
    density = np.clip(grooves[np.clip((reach - 1.2) * 540, 0, 599).astype(np.int32)], 0.05, 1)
    cover = ramp(1.30, 1.36, reach) * ramp(2.25, 2.12, reach) * density
    behind = (over < 0) & (down**2 + across**2 < 1)
    cover = np.where(behind, 0, cover).astype(np.float32)
    region = canvas.pixels[rows, columns]
    region += (mix(canvas.colors.horizon, canvas.colors.light, 0.6) - region) * (cover * np.float32(0.85))[
        ..., None
    ]
