"""Paints a still from a request, step by step."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from director_lib.domain.task import GenerationRequest
from director_lib.engines.local.canvas import Canvas, compose
from director_lib.engines.local.grade import develop, finish
from director_lib.engines.local.scenes import PAINTERS
from director_lib.engines.local.sky import paint_sky
from director_lib.engines.local.subjects import paint_near_subjects
from director_lib.engines.local.weather import paint_air, paint_lightning, paint_weather
from director_lib.engines.protocol import ProgressCallback


def render_still(request: GenerationRequest, progress: ProgressCallback) -> Image.Image:
    """Paint the picture that the request's prompt, seed, palette and size describe.

    The same request gives the same picture, byte for byte, on the same machine.
    """
    progress("composing", 2)
    canvas = compose(request)
    progress("composing", 8)
    for step, percent in _STEPS:
        step(canvas)
        progress("painting", percent)
    progress("finishing", 74)
    develop(canvas)
    progress("finishing", 80)
    picture = finish(canvas)
    progress("finishing", 86)
    return picture


def _paint_scene(canvas: Canvas) -> None:
    PAINTERS[canvas.reading.scene](canvas)


_STEPS: tuple[tuple[Callable[[Canvas], None], float], ...] = (
    (paint_sky, 24),
    (paint_lightning, 28),
    (_paint_scene, 56),
    (paint_air, 60),
    (paint_near_subjects, 66),
    (paint_weather, 72),
)
