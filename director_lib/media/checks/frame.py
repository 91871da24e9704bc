"""Looks at one grey plane that stills and clips share: darkness, flatness, bars at the edges."""

from __future__ import annotations

import numpy as np

from director_lib.media.checks.similarity import Plane

_DARK = 34
_LIVELY_SHARE = 0.02
_FLAT = 2.0
_BAR = 26
_BRIGHT = 60
_BAR_SHARE = 0.045


def is_black(plane: Plane) -> bool:
    """Tell whether all but the brightest 2 % of the picture is nearly black."""
    return float(np.quantile(plane, 1 - _LIVELY_SHARE)) < _DARK


def is_flat(plane: Plane) -> bool:
    """Tell whether the picture is all of one tone."""
    return float(plane.std()) < _FLAT


def find_bars(brightest: Plane) -> str | None:
    """Find black bars at two opposite edges.

    Args:
        brightest: A picture, or the brightest value of each point over a clip.

    Returns:
        "above and below", "left and right", or None.
    """
    rows, columns = brightest.max(1), brightest.max(0)
    for name, values in (("above and below", rows), ("left and right", columns)):
        width = max(2, round(len(values) * _BAR_SHARE))
        edges = max(int(values[:width].max()), int(values[-width:].max()))
        if edges < _BAR and int(values.max()) > _BRIGHT:
            return name
    return None
