"""The picture while it is being painted: its pixels, its colours and where things are."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from director_lib.domain.task import GenerationRequest
from director_lib.engines.local.noise import Floats, generator
from director_lib.engines.local.palette import Colors, colors_for, read_palette
from director_lib.engines.local.shapes import Pen
from director_lib.engines.local.words import Reading, read_prompt

_HORIZONS = {
    "sea": 0.60,
    "river": 0.50,
    "city": 0.66,
    "village": 0.56,
    "forest": 0.62,
    "mountain": 0.58,
    "plain": 0.66,
    "desert": 0.56,
    "space": 0.75,
    "room": 0.62,
}
_SUN_HEIGHTS = {
    "day": 0.40,
    "winter": 0.26,
    "night": 0.36,
    "noir": 0.3,
    "blue": 0.22,
    "neon": 0.30,
    "golden": 0.17,
}


@dataclass(slots=True)
class Canvas:
    """A picture in the making.

    Attributes:
        pixels: Height x width x 3 numbers, 0 black to 1 white; may exceed 1 until graded.
        horizon: Row of the horizon, in pixels from the top.
        sun_x: Column of the sun, moon or window, in pixels.
        sun_y: Row of the sun or moon, in pixels.
    """

    reading: Reading
    prompt: str
    seed: int
    width: int
    height: int
    colors: Colors
    pixels: Floats
    horizon: float
    sun_x: float
    sun_y: float
    palette: list[Floats] = field(default_factory=list)

    @property
    def unit(self) -> float:
        """A hundredth of the picture's height, in pixels."""
        return self.height / 100

    @property
    def other_x(self) -> float:
        """Column of the main subject: across from the sun, in pixels."""
        third = 0.34 if self.sun_x > self.width / 2 else 0.66
        return third * self.width

    @property
    def shows_sun(self) -> bool:
        """Whether sun or moon stand in the open sky."""
        reading = self.reading
        hidden = reading.light in {"overcast", "storm", "neon", "space"}
        hidden = hidden or reading.has("rain", "snow", "storm", "overcast")
        return reading.has("moon") or not hidden

    def structure(self, name: str) -> np.random.Generator:
        """Return randomness for the composition: the same for every wording with this seed and scene."""
        return generator("structure", self.seed, self.reading.scene, name)

    def detail(self, name: str) -> np.random.Generator:
        """Return randomness for texture: other words give another one."""
        return generator("detail", self.seed, self.prompt, name)

    def pen(self) -> Pen:
        """Return a pen for one silhouette in pixel coordinates."""
        return Pen(self.width, self.height)

    def fill(self, pen: Pen, color: Floats, *, opacity: float = 1.0) -> None:
        """Cover what the pen drew with one colour."""
        patch = pen.coverage()
        if patch is None:
            return
        rows, columns, cover = patch
        region = self.pixels[rows, columns]
        region += (color - region) * (cover * np.float32(opacity))[..., None]

    def glow(self, pen: Pen, color: Floats, *, strength: float = 1.0) -> None:
        """Add light where the pen drew."""
        patch = pen.coverage()
        if patch is None:
            return
        rows, columns, cover = patch
        self.pixels[rows, columns] += color * (cover * np.float32(strength))[..., None]

    def shine(self, x: float, y: float, radius: float, color: Floats, *, strength: float = 1.0) -> None:
        """Add a soft round light; ``radius`` is where it has faded to a third, in pixels."""
        reach = radius * 3.2
        top, bottom = max(0, int(y - reach)), min(self.height, int(y + reach) + 1)
        left, right = max(0, int(x - reach)), min(self.width, int(x + reach) + 1)
        if top >= bottom or left >= right:
            return
        down = (np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(y)) / np.float32(radius)
        across = (np.arange(left, right, dtype=np.float32)[None] - np.float32(x)) / np.float32(radius)
        distance = np.sqrt(down**2 + across**2)
        light = np.exp(-distance * 1.3) * np.clip(1 - distance / 3.2, 0, 1) * np.float32(strength)
        self.pixels[top:bottom, left:right] += light[..., None] * color


def compose(request: GenerationRequest) -> Canvas:
    """Read the prompt and lay out an empty picture."""
    reading = read_prompt(request.image_prompt, request.seed, unwanted=request.negative_prompt)
    palette = read_palette(request.palette)
    rng = generator("structure", request.seed, reading.scene, "layout")
    width, height = request.width, request.height
    lift = {"low": 0.10, "high": -0.14}.get(reading.shot, 0.0)
    horizon = _HORIZONS[reading.scene] + float(rng.random() - 0.5) * 0.07 + lift
    sun_x = float(rng.choice([0.30, 0.36, 0.64, 0.70])) + float(rng.random() - 0.5) * 0.06
    height_of_sun = _SUN_HEIGHTS.get(reading.light, 0.09) + float(rng.random()) * 0.06
    return Canvas(
        reading=reading,
        prompt=request.image_prompt,
        seed=request.seed,
        width=width,
        height=height,
        colors=colors_for(reading, palette),
        pixels=np.zeros((height, width, 3), np.float32),
        horizon=horizon * height,
        sun_x=sun_x * width,
        sun_y=(horizon - height_of_sun) * height,
        palette=palette,
    )
