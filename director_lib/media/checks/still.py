"""Looking at a new still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from director_lib.domain.finding import Finding, Severity
from director_lib.media.checks.frame import find_bars, is_black, is_flat
from director_lib.media.checks.similarity import difference_hash, grey, hash_distance

_LOOK_PX = 320
_PALETTE_PX = 64
_NEAR = 70.0
_LEAST_SHARE = 0.15
_ASPECT_TOLERANCE = 0.02
_SAME_BITS = 2


@dataclass(frozen=True, slots=True)
class StillExpectation:
    """What a still should be like.

    Attributes:
        size_px: Width and height that were asked for; None when nobody asked.
        palette: Names to ``#rrggbb``; empty expects no colours.
        earlier: Version numbers to pictures of the same asset.
    """

    size_px: tuple[int, int] | None = None
    palette: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[int, Path] = field(default_factory=dict)


def check_still(path: Path, expected: StillExpectation) -> list[Finding]:
    """Look at a still that can be decoded.

    Returns:
        What was found, the most serious first; empty for a still without reproach.

    Raises:
        OSError: The file, or an earlier one, cannot be read.
    """
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    plane = grey(picture, _LOOK_PX)
    found = []
    if is_black(plane):
        found.append(Finding("black", "The picture is almost black.", Severity.SERIOUS))
    elif is_flat(plane):
        found.append(Finding("flat", "The picture is all of one tone.", Severity.SERIOUS))
    if (bars := find_bars(plane)) is not None:
        found.append(Finding("letterbox", f"There are black bars {bars}."))
    found += _shape(picture, expected) + _colours(picture, expected) + _repeats(picture, expected)
    return sorted(found, key=lambda finding: finding.severity is not Severity.SERIOUS)


def _shape(picture: Image.Image, expected: StillExpectation) -> list[Finding]:
    if expected.size_px is None:
        return []
    wanted = expected.size_px[0] / expected.size_px[1]
    got = picture.width / picture.height
    if abs(got / wanted - 1) <= _ASPECT_TOLERANCE:
        return []
    asked = f"{expected.size_px[0]} x {expected.size_px[1]}"
    words = f"The picture is {picture.width} x {picture.height}; {asked} was asked for, another shape."
    return [Finding("shape", words)]


def _colours(picture: Image.Image, expected: StillExpectation) -> list[Finding]:
    share = palette_share(picture, expected.palette)
    if share is None or share >= _LEAST_SHARE:
        return []
    return [Finding("off_palette", f"Only {share:.0%} of the picture is near the palette's colours.")]


def palette_share(picture: Image.Image, palette: Mapping[str, str]) -> float | None:
    """Return the share of the picture, from 0 to 1, that is near a colour of the palette; None without one.

    Near is a distance below 70 in redmean (T. Riemersma, Colour metric): coarse, and quick.
    """
    colours = [_rgb(code) for code in palette.values() if len(code) == len("#rrggbb")]
    if not colours:
        return None
    small = picture.resize((_PALETTE_PX, _PALETTE_PX), Image.Resampling.BOX)
    points = np.asarray(small, dtype=np.float32).reshape(-1, 1, 3)
    wanted = np.asarray(colours, dtype=np.float32).reshape(1, -1, 3)
    red_mean = (points[..., 0] + wanted[..., 0]) / 2
    red, green, blue = np.moveaxis((points - wanted) ** 2, -1, 0)
    distance = np.sqrt((2 + red_mean / 256) * red + 4 * green + (2 + (255 - red_mean) / 256) * blue)
    return float((distance.min(1) < _NEAR).mean())


def _rgb(code: str) -> tuple[int, int, int]:
    value = int(code[1:], 16)
    return value >> 16, value >> 8 & 255, value & 255


def _repeats(picture: Image.Image, expected: StillExpectation) -> list[Finding]:
    own = difference_hash(picture)
    for number, path in sorted(expected.earlier.items(), reverse=True):
        with Image.open(path) as earlier:
            if hash_distance(own, difference_hash(earlier)) <= _SAME_BITS:
                return [Finding("repeated", f"It looks the same as version {number}.")]
    return []
