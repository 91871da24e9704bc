"""Colours: the light of each hour, and how a stream's own palette tints it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from director_lib.engines.local.noise import Floats, mix
from director_lib.engines.local.words import Reading

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_TINT = 0.5

# Top of the sky, its middle, the horizon, the light itself, and the ground in shadow.
_LIGHTS = {
    "day": "#2c6cb4 #7fb4e0 #dcebf0 #fff6e2 #22382c",
    "dawn": "#40598f #b892b4 #ffd3b2 #fff0d2 #232438",
    "golden": "#54718f #c9a678 #ffdf9e #fff0c8 #30220f",
    "sunset": "#2b2452 #a8476e #ff9b58 #ffdfa0 #150d1c",
    "dusk": "#18244a #57588c #e39a80 #ffdcb8 #0d101e",
    "blue": "#0f2350 #2f5590 #93b6d8 #e4f0ff #08101e",
    "night": "#050a1c #10224a #35588c #dce8ff #03060e",
    "neon": "#0a0622 #3d1068 #c93a98 #86eeff #050310",
    "overcast": "#55636f #8f9ba4 #c9cfd1 #eceeec #1d2326",
    "storm": "#161d28 #3d4a58 #8f9aa0 #dde4e4 #0b0e12",
    "winter": "#7391b8 #b3cadf #f1ebe6 #fff6ea #2b384a",
    "noir": "#101012 #3e3e42 #a8a8ac #f8f8f8 #050506",
    "fire": "#1a0a10 #701a18 #ff7430 #ffd27c #0c0404",
    "space": "#04061a #1c1448 #6a3a92 #d0e2ff #02030a",
}


@dataclass(frozen=True, slots=True)
class Colors:
    """The five colours a picture is mixed from, each three numbers from 0 to 1."""

    top: Floats
    middle: Floats
    horizon: Floats
    light: Floats
    ground: Floats

    def distance(self, nearness: float) -> Floats:
        """Return the colour of things in shadow, from the far haze (0) to right here (1)."""
        far = mix(self.horizon, self.middle, 0.45)
        return mix(far, self.ground, nearness**0.85)


def rgb(code: str) -> Floats:
    """Return a ``#rrggbb`` colour as three numbers from 0 to 1."""
    digits = code.lstrip("#")
    return np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)], np.float32) / np.float32(255)


def luma(color: Floats) -> Floats:
    """Return the brightness of colours along the last axis."""
    result: Floats = color @ _LUMA
    return result


def read_palette(palette: Mapping[str, str]) -> list[Floats]:
    """Return a stream's colours from dark to light; entries that are no ``#rrggbb`` are left out."""
    codes = [match[1] for value in palette.values() if (match := _HEX.fullmatch(value.strip()))]
    return sorted((rgb(code) for code in codes), key=lambda color: float(luma(color)))


def colors_for(reading: Reading, palette: list[Floats]) -> Colors:
    """Return the colours of a prompt's light and weather, tinted by the stream's palette."""
    colors = Colors(*(rgb(code) for code in _LIGHTS[reading.light].split()))
    if reading.has("rain", "storm", "overcast") and reading.light not in {"storm", "overcast", "neon"}:
        colors = _muted(colors, 0.35, 0.84)
    if reading.has("winter") and reading.light in {"day", "golden", "overcast"}:
        colors = replace(colors, ground=mix(colors.ground, rgb("#3a4a62"), 0.5))
    return _tinted(colors, palette) if palette else colors


def _muted(colors: Colors, share: float, brightness: float) -> Colors:
    def mute(color: Floats) -> Floats:
        grey = np.full(3, luma(color), np.float32)
        return mix(color, grey, share) * np.float32(brightness)

    return Colors(
        mute(colors.top), mute(colors.middle), mute(colors.horizon), colors.light, mute(colors.ground)
    )


def _tinted(colors: Colors, palette: list[Floats]) -> Colors:
    """Pull each colour towards the palette's colour of the nearest brightness, keeping its own brightness."""

    def tint(color: Floats) -> Floats:
        wanted = min(palette, key=lambda candidate: abs(float(luma(candidate) - luma(color))))
        level = max(float(luma(wanted)), 0.02)
        matched = np.clip(wanted * np.float32(min(float(luma(color)) / level, 2.5)), 0, 1)
        return mix(color, matched, _TINT)

    light = mix(tint(colors.light), colors.light, 0.4)
    return Colors(tint(colors.top), tint(colors.middle), tint(colors.horizon), light, tint(colors.ground))
