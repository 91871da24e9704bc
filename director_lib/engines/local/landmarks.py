"""What people built or planted in the landscape, where the prompt names it."""

from __future__ import annotations

from director_lib.engines.local.buildings import castle, church, house, lighthouse
from director_lib.engines.local.canvas import Canvas
from director_lib.engines.local.plants import bare, grown


def paint_far_subjects(canvas: Canvas) -> None:
    """Paint what stands at the far edge of water, before the water mirrors it."""
    reading = canvas.reading
    if reading.has("castle"):
        castle(canvas, canvas.other_x, canvas.horizon + canvas.unit * 2, canvas.height * 0.22)
    if reading.has("lighthouse"):
        beam = reading.is_dark or reading.light in {"dusk", "storm", "sunset", "overcast", "dawn"}
        lighthouse(
            canvas, canvas.other_x, canvas.horizon + canvas.unit * 1.5, canvas.height * 0.42, beam=beam
        )
    if reading.has("house", "village", "church") and reading.scene == "sea":
        _shore_houses(canvas)


def _shore_houses(canvas: Canvas) -> None:
    rng = canvas.structure("shore-houses")
    for number in range(4):
        x = canvas.sun_x + canvas.width * (0.04 + 0.045 * number) * (
            1 if canvas.sun_x > canvas.width / 2 else -1
        )
        house(canvas, x, canvas.horizon + 1, canvas.unit * 2.4, nearness=0.55, rng=rng)


def paint_landmarks(canvas: Canvas) -> None:
    """Paint the buildings and the lone tree that the prompt names, on open land."""
    reading = canvas.reading
    x, foot = canvas.other_x, canvas.horizon + (canvas.height - canvas.horizon) * 0.34
    if reading.scene in {"plain", "mountain", "desert"}:
        if reading.has("house", "village"):
            house(canvas, x, foot, canvas.unit * 6, nearness=0.75, rng=canvas.structure("house"))
        if reading.has("church"):
            church(canvas, x - canvas.unit * 20, foot - canvas.unit * 2, canvas.unit * 4.4, nearness=0.62)
        if reading.has("castle"):
            castle(canvas, x, canvas.height * 0.95, canvas.height * 0.38)
        if reading.has("lighthouse"):
            lighthouse(canvas, x, foot, canvas.height * 0.44, beam=reading.is_dark)
    if reading.has("lone_tree") and reading.scene != "forest":
        at = canvas.width - canvas.other_x if reading.has("figure", "house") else canvas.other_x
        _lone_tree(canvas, at, foot + canvas.unit * 6)


def _lone_tree(canvas: Canvas, x: float, foot: float) -> None:
    pen = canvas.pen()
    tall, rng = canvas.height * 0.44, canvas.structure("lone-tree")
    if canvas.reading.has("winter"):
        bare(pen, (x, foot), tall, rng)
    else:
        grown(pen, (x, foot), tall, rng)
    canvas.fill(pen, canvas.colors.distance(0.96))
