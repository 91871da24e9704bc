"""The sky: gradient, sun or moon, clouds in perspective, stars and northern lights."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.noise import Floats, curve, enlarge_picture, field, lookup, mix, ramp
from director_lib.engines.local.palette import rgb

_HALF = 2
_FIXED_STAR_FIELD = 1500


@dataclass(frozen=True, slots=True)
class _Grid:
    """Positions of a half-size plate in fractions of the picture's height."""

    across: Floats
    down: Floats
    horizon: float
    from_sun: Floats


def paint_sky(canvas: Canvas) -> None:
    """Fill the whole picture with sky; what is below the horizon is for the scene to cover."""
    grid = _grid(canvas)
    plate = _gradient(canvas, grid)
    if canvas.reading.has("aurora"):
        plate += _aurora(canvas, grid)
    plate = _clouds(canvas, grid, plate)
    if canvas.shows_sun:
        _sun_glow(canvas, grid, plate)
    canvas.pixels[:] = enlarge_picture(plate, canvas.width, canvas.height)
    if canvas.reading.is_dark or canvas.reading.has("stars"):
        _stars(canvas, share=1.0 if canvas.reading.has("stars") else 0.35)
    if canvas.shows_sun:
        _disc(canvas)


def _grid(canvas: Canvas) -> _Grid:
    rows, columns = max(2, canvas.height // _HALF), max(2, canvas.width // _HALF)
    aspect = canvas.width / canvas.height
    across = np.linspace(-aspect / 2, aspect / 2, columns, dtype=np.float32)[None]
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    sun_across = canvas.sun_x / canvas.height - aspect / 2
    sun_down = canvas.sun_y / canvas.height
    from_sun = np.sqrt((across - np.float32(sun_across)) ** 2 + (down - np.float32(sun_down)) ** 2)
    return _Grid(across, down, canvas.horizon / canvas.height, from_sun)


def _gradient(canvas: Canvas, grid: _Grid) -> Floats:
    colors = canvas.colors
    part = np.clip(grid.down / np.float32(grid.horizon), 0, 1)[..., None]
    upper = mix(colors.top, colors.middle, ramp(0.0, 0.68, part))
    column = mix(upper, colors.horizon, ramp(0.46, 1.0, part))
    plate = np.repeat(column, grid.across.shape[1], axis=1)
    if canvas.shows_sun:
        wide = np.exp(-grid.from_sun * np.float32(2.6))[..., None] * np.float32(0.5)
        plate = mix(plate, mix(colors.horizon, colors.light, 0.45), wide * _sun_strength(canvas))
    return plate


def _sun_strength(canvas: Canvas) -> float:
    return 0.5 if canvas.reading.is_dark else 1.0


def _sun_glow(canvas: Canvas, grid: _Grid, plate: Floats) -> None:
    tight = np.exp(-grid.from_sun * np.float32(9.0))[..., None] * np.float32(0.75 * _sun_strength(canvas))
    plate += tight * (canvas.colors.light - plate)


def _cloud_amount(canvas: Canvas) -> float:
    reading = canvas.reading
    if reading.has("clear"):
        return -1.6
    if reading.light in {"storm", "overcast"} or reading.has("rain", "storm", "snow", "overcast"):
        return 0.75
    if reading.has("stars", "aurora") or reading.light in {"night", "space"}:
        return -0.9
    return -0.15 + 0.4 * float(canvas.structure("cloudiness").random())


def _clouds(canvas: Canvas, grid: _Grid, plate: Floats) -> Floats:
    """Lay two decks of clouds over the plate, lit from the side of the sun."""
    amount = _cloud_amount(canvas)
    if canvas.reading.light == "space":
        return plate
    far = np.float32(1) / (np.maximum(np.float32(grid.horizon) - grid.down, 0) + np.float32(0.075))
    down, across = far * np.float32(0.16), grid.across * far * np.float32(0.10)
    broad = field(canvas.structure("clouds"), 256, roughness=2.2)
    fine = field(canvas.detail("clouds"), 256, roughness=1.7)
    shape = lookup(broad, down, across)
    wisps = lookup(fine, down * np.float32(3.1), across * np.float32(3.1))
    density = shape + wisps * np.float32(0.36) + np.float32(amount - 0.55)
    toward = np.sign(canvas.sun_x - canvas.width / 2) * 0.02
    behind = lookup(broad, down - np.float32(0.03), across + np.float32(toward))
    lit = np.clip(0.5 + (shape - behind) * np.float32(0.85) + wisps * np.float32(0.16), 0, 1)
    cover = ramp(-0.15, 1.05, density) * ramp(
        0.0, 0.16, np.float32(grid.horizon) - grid.down + np.float32(0.06)
    )
    return mix(plate, _cloud_color(canvas, grid, lit, density), (cover * np.float32(0.9))[..., None])


def _cloud_color(canvas: Canvas, grid: _Grid, lit: Floats, density: Floats) -> Floats:
    colors = canvas.colors
    thick = ramp(0.3, 2.0, density)[..., None]
    near_sun = np.exp(-grid.from_sun * np.float32(2.2))[..., None] * np.float32(_sun_strength(canvas))
    low = ramp(0.0, grid.horizon, grid.down)[..., None]
    shade = mix(mix(colors.middle, colors.top, 0.45), colors.middle, low) * (1 - np.float32(0.22) * thick)
    bright = mix(mix(colors.middle, colors.horizon, 0.62), colors.light, near_sun * np.float32(0.9))
    return mix(shade, bright, np.clip(lit[..., None] * np.float32(1.1) + near_sun * np.float32(0.25), 0, 1))


def _aurora(canvas: Canvas, grid: _Grid) -> Floats:
    """Return three curtains of northern lights."""
    rng = canvas.structure("aurora")
    rows = grid.down.shape[0]
    total = np.zeros((rows, grid.across.shape[1], 3), np.float32)
    up = np.clip((np.float32(grid.horizon) - grid.down) / np.float32(grid.horizon), 0, 1)
    tint = mix(rgb("#38f5a0"), rgb("#9a5cff"), (up**1.4)[..., None])
    for number in range(3):
        bend = curve(rng, rows, roughness=1.9) * np.float32(0.10)
        center = np.float32((number - 1) * 0.5 + (rng.random() - 0.5) * 0.2)
        offset = grid.across - center - bend[:, None] - (up - np.float32(0.3)) * np.float32(0.25)
        streaks = curve(canvas.detail(f"aurora{number}"), 512, roughness=0.5, lowest=20)
        streak = streaks[np.clip(offset * 300 + 256, 0, 511).astype(np.int32)] * np.float32(
            0.25
        ) + np.float32(0.7)
        curtain = np.exp(-np.maximum(offset, 0) * 7) * np.exp(-np.maximum(-offset, 0) * 42)
        fade = ramp(0.05, 0.35, up) * ramp(1.05, 0.5, up)
        total += (curtain * fade * np.clip(streak, 0, 1.3))[..., None] * tint * np.float32(0.6)
    return total


def _stars(canvas: Canvas, *, share: float) -> None:
    """Scatter stars above the horizon, denser along a band when the sky is clear."""
    rng = canvas.detail("stars")
    count = int(_FIXED_STAR_FIELD * share * canvas.width / canvas.height / 1.78)
    x = rng.random(count, dtype=np.float32)
    y = rng.random(count, dtype=np.float32) * np.float32(canvas.horizon / canvas.height)
    if share == 1.0:
        band = slice(0, count // 2)
        y[band] = 0.10 + x[band] * 0.38 + rng.normal(0, 0.06, y[band].size)
    bright = rng.random(count, dtype=np.float32) ** 5 * np.float32(0.9) + np.float32(0.12)
    rows = np.clip(y * canvas.height, 0, canvas.height - 2).astype(np.int32)
    columns = np.clip(x * canvas.width, 0, canvas.width - 2).astype(np.int32)
    fade = np.clip((canvas.horizon - rows) / (canvas.horizon * 0.4), 0, 1).astype(np.float32)
    light = (bright * fade)[:, None] * mix(canvas.colors.light, np.ones(3, np.float32), 0.5)
    np.add.at(canvas.pixels, (rows, columns), light)
    big = bright > 0.55
    for down, across in ((0, 1), (1, 0), (1, 1)):
        np.add.at(canvas.pixels, (rows[big] + down, columns[big] + across), light[big] * np.float32(0.6))


def _disc(canvas: Canvas) -> None:
    """Draw the sun, or a moon with a little shading."""
    night = canvas.reading.is_dark or canvas.reading.has("moon")
    radius = canvas.unit * (3.4 if night else 4.6)
    pen = canvas.pen()
    pen.disc(canvas.sun_x, canvas.sun_y, radius)
    canvas.fill(pen, canvas.colors.light * np.float32(1.05), opacity=0.96)
    canvas.shine(canvas.sun_x, canvas.sun_y, radius * 2.4, canvas.colors.light, strength=0.28)
    if not night:
        return
    rng = canvas.structure("moon")
    seas = canvas.pen()
    for _ in range(5):
        angle, reach = rng.random() * math.tau, radius * 0.6 * float(rng.random())
        size = radius * (0.14 + 0.22 * float(rng.random()))
        seas.disc(canvas.sun_x + math.cos(angle) * reach, canvas.sun_y + math.sin(angle) * reach, size)
    seas.soften(radius * 0.12)
    canvas.fill(seas, mix(canvas.colors.light, canvas.colors.middle, 0.5), opacity=0.3)
