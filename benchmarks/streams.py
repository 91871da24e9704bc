"""Streams made for measuring: many segments with small, distinct stills."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

_WORDS = (
    "harbour",
    "market",
    "forest",
    "rooftop",
    "kitchen",
    "canyon",
    "library",
    "station",
    "shore",
    "orchard",
)
_LIGHT = ("at dawn", "in rain", "under stars", "in low sun", "in fog")


def write_stream(
    root: Path,
    stream_id: str,
    n_segments: int,
    *,
    with_stills: bool,
    still_px: tuple[int, int] = (480, 270),
) -> None:
    """Write a stream's folder.

    Args:
        root: The streams folder; created when missing.
        with_stills: Whether every segment has its still already.
        still_px: Width and height of the stills.
    """
    folder = root / stream_id
    folder.mkdir(parents=True)
    spec = {
        "stream": {"id": stream_id, "title": f"{n_segments} segments"},
        "visual_direction": {
            "style": "quiet, natural light",
            "color_palette": {"sand": "#d8c7a0", "sea": "#2f4858"},
        },
        "segments": [_segment(number) for number in range(1, n_segments + 1)],
    }
    text = json.dumps(spec, indent=2, ensure_ascii=False)
    (folder / "production.json").write_text(text, encoding="utf-8")
    if with_stills:
        (folder / "keyframes").mkdir()
        for number in range(1, n_segments + 1):
            _write_still(folder / "keyframes" / f"segment_{number}_keyframe.png", number, still_px)


def _segment(number: int) -> dict[str, object]:
    place, light = _WORDS[number % len(_WORDS)], _LIGHT[number % len(_LIGHT)]
    return {
        "id": number,
        "title": f"The {place}",
        "image_prompt": f"A wide view of the {place} {light}, one figure walking away, {number}",
        "motion_prompt": "slow push in, then still",
        "represents": "The way home",
        "duration": 5,
    }


def _write_still(path: Path, number: int, size_px: tuple[int, int]) -> None:
    gradient = Image.linear_gradient("L").resize(size_px).rotate(number * 37 % 360)
    tint = tuple((number * factor) % 200 + 40 for factor in (53, 97, 151))
    picture = Image.merge(
        "RGB", [gradient.point([value * level // 255 for value in range(256)]) for level in tint]
    )
    picture.putpixel((number % 480, number // 480), (255, 255, 255))
    picture.save(path)
