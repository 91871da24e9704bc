"""One module per kind of place; each paints it over a sky that is already there."""

from __future__ import annotations

from collections.abc import Callable

from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.scenes import (
    city,
    desert,
    forest,
    mountain,
    plain,
    river,
    room,
    sea,
    space,
    village,
)

PAINTERS: dict[str, Callable[[Canvas], None]] = {
    "city": city.paint,
    "desert": desert.paint,
    "forest": forest.paint,
    "mountain": mountain.paint,
    "plain": plain.paint,
    "river": river.paint,
    "room": room.paint,
    "sea": sea.paint,
    "space": space.paint,
    "village": village.paint,
}
