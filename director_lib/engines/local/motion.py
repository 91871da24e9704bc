"""What moves in a clip besides the camera: rain, snow, flickering light, fades."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from director_lib.domain.task import GenerationRequest
from director_lib.engines.local.noise import Floats, generator
from director_lib.engines.local.words import fold, read_prompt

Bytes = npt.NDArray[np.uint8]
_BLACK, _WHITE, _NEUTRAL, _BRIGHTEST = 16, 235, 128, 240
_FLICKER = re.compile(r"\bflicker\w*|\bcandle\w*|\bneon\b|\bpislakol\w*|\bvillog\w*|\bremego feny\w*")
_FADE_IN = re.compile(r"\bfade in\b|\bfrom black\b|\bfeketebol\b")
_FADE_OUT = re.compile(r"\bfade out\b|\bto black\b|\bfeketebe\b")
_FADE_S = 0.8


@dataclass(frozen=True, slots=True)
class Motion:
    """Effects for each frame of one clip.

    Attributes:
        drops: Column, row, size and phase of each drop or flake as parts of the picture; empty for none.
        is_rain: Rain rather than snow.
        light: Brightness of each frame, 1 as painted.
        visible: 0 black to 1 fully shown, for each frame.
    """

    drops: Floats
    is_rain: bool
    light: Floats
    visible: Floats
    fps: int

    @property
    def is_idle(self) -> bool:
        """Whether no frame changes at all."""
        return not len(self.drops) and bool((self.light == 1).all()) and bool((self.visible == 1).all())


def read_effects(request: GenerationRequest, frames: int) -> Motion:
    """Return the effects that the motion prompt, or the weather of the still, asks for."""
    text = fold(request.motion_prompt)
    scene = read_prompt(
        f"{request.image_prompt}. {request.motion_prompt}", request.seed, unwanted=request.negative_prompt
    )
    outdoors = scene.scene not in {"room", "space"}
    rain, snow = scene.has("rain") and outdoors, scene.has("snow") and outdoors
    rng = generator("motion", request.seed)
    drops = rng.random((240, 4), dtype=np.float32) if rain or snow else np.zeros((0, 4), np.float32)
    light = np.ones(frames, np.float32)
    if _FLICKER.search(text):
        noise = np.convolve(rng.random(frames + 4) - 0.5, np.ones(3) / 3, "same")[:frames]
        light = (1 + 0.16 * noise).astype(np.float32)
    return Motion(drops, rain, light, _visible(text, frames, request.fps), request.fps)


def _visible(text: str, frames: int, fps: int) -> Floats:
    seconds = np.arange(frames, dtype=np.float32) / fps
    visible = np.ones(frames, np.float32)
    if _FADE_IN.search(text):
        visible = np.minimum(visible, seconds / np.float32(_FADE_S))
    if _FADE_OUT.search(text):
        visible = np.minimum(visible, seconds[::-1] / np.float32(_FADE_S))
    return visible


def apply(motion: Motion, frame: int, planes: tuple[Bytes, Bytes, Bytes]) -> tuple[Bytes, Bytes, Bytes]:
    """Return the frame's brightness and colour planes with the effects added."""
    brightness, blue, red = planes
    if len(motion.drops):
        brightness = brightness.copy()
        _fall(motion, frame, brightness)
    shown = float(motion.visible[frame])
    level = shown * float(motion.light[frame])
    if level != 1:
        brightness = _scaled(brightness, _BLACK, level)
    if shown < 1:
        blue, red = _scaled(blue, _NEUTRAL, shown), _scaled(red, _NEUTRAL, shown)
    return brightness, blue, red


def _scaled(plane: Bytes, middle: int, factor: float) -> Bytes:
    """Move all values of a plane towards or away from a middle, through a table."""
    table = np.clip(middle + (np.arange(256) - middle) * factor, _BLACK, _BRIGHTEST).astype(np.uint8)
    result: Bytes = table[plane]
    return result


def _fall(motion: Motion, frame: int, brightness: Bytes) -> None:
    """Brighten the places where drops or flakes are at this frame."""
    height, width = brightness.shape
    seconds = frame / motion.fps
    column, row, size, phase = motion.drops.T
    speed = (1.3 + size) if motion.is_rain else (0.10 + 0.12 * size)
    sway = -0.03 * seconds if motion.is_rain else 0.012 * np.sin(seconds * 1.6 + phase * 6)
    tops = ((row + seconds * speed) % 1 * height).astype(int).tolist()
    lefts = ((column + sway) % 1 * width).astype(int).tolist()
    gain, unit = 24 if motion.is_rain else 62, height / 720
    for top, left, part in zip(tops, lefts, size.tolist(), strict=True):
        tall = max(1, int(((12 + 22 * part) if motion.is_rain else (1.4 + 3.2 * part**3)) * unit))
        wide = max(1, round(unit)) if motion.is_rain else tall
        spot = brightness[top : top + tall, left : left + wide]
        np.minimum(spot, _WHITE - gain, out=spot)
        spot += np.uint8(gain)
