"""Google's models: what each one can make, and which are gone.

Models are retired within months, so their names are settings, and this table only knows more about some.
As of 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

DEFAULT_IMAGE_MODEL = "gemini-nano-banana-2.1"
DEFAULT_VIDEO_MODEL = "gemini-omni-1.2-flash"
DEFAULT_TEXT_MODEL = "gemini-3.8-flash"

IMAGE_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
VIDEO_RATIOS = ("16:9", "9:16")

_PIXELS_OF_SIZE = {"1K": 1024**2, "2K": 2048**2, "4K": 4096**2}
_LINES_OF_RESOLUTION = {"360p": 360, "720p": 720, "1080p": 1080, "4k": 2160}
# A picture of 3% fewer pixels than asked for is not worth the price of the next size.
_CLOSE_ENOUGH = 0.97


@dataclass(frozen=True, slots=True)
class ImageModel:
    """What an image model can make.

    Attributes:
        sizes: From small to large.
        most_references: How many pictures it takes to go by.
    """

    sizes: tuple[str, ...] = ("1K", "2K", "4K")
    most_references: int = 14


@dataclass(frozen=True, slots=True)
class VideoModel:
    """What a video model can make.

    Attributes:
        longest_s: Longest clip from a keyframe alone.
        longest_with_references_s: Longest clip when further pictures come with the keyframe.
    """

    longest_s: int
    shortest_s: int = 3
    longest_with_references_s: int = 10
    most_references: int = 5


IMAGE_MODELS = {
    "gemini-nano-banana-2.1": ImageModel(),
    "gemini-3-pro-image": ImageModel(),
    "gemini-3.1-flash-lite-image": ImageModel(sizes=("1K",)),
}
VIDEO_MODELS = {
    "gemini-omni-1.2-flash": VideoModel(longest_s=15),
    "gemini-omni-1.1-flash": VideoModel(longest_s=10),
}

_RETIRED = {
    "imagen-": DEFAULT_IMAGE_MODEL,
    "gemini-2.0-flash-preview-image-generation": DEFAULT_IMAGE_MODEL,
    "gemini-2.5-flash-image": DEFAULT_IMAGE_MODEL,
    "gemini-3.1-flash-image": DEFAULT_IMAGE_MODEL,
    "gemini-3-pro-image-preview": "gemini-3-pro-image",
    "nano-banana-pro-preview": "gemini-3-pro-image",
    "veo-": DEFAULT_VIDEO_MODEL,
    "gemini-omni-flash-preview": DEFAULT_VIDEO_MODEL,
    "gemini-1.": DEFAULT_TEXT_MODEL,
    "gemini-2.": DEFAULT_TEXT_MODEL,
    "gemini-3-pro-preview": DEFAULT_TEXT_MODEL,
    "gemini-3-flash-preview": DEFAULT_TEXT_MODEL,
    "gemini-pro": DEFAULT_TEXT_MODEL,
}


def image_model(name: str) -> ImageModel:
    """Return what is known of an image model; an unknown one is taken to be able to do what most can."""
    return IMAGE_MODELS.get(name, ImageModel())


def video_model(name: str) -> VideoModel:
    """Return what is known of a video model; an unknown one is taken to be like the default."""
    return VIDEO_MODELS.get(name, VIDEO_MODELS[DEFAULT_VIDEO_MODEL])


def find_replacement(name: str) -> str | None:
    """Return the model to use instead of one that Google has retired; None for any other."""
    return next((other for start, other in _RETIRED.items() if name.startswith(start)), None)


def nearest_ratio(width: int, height: int, ratios: Sequence[str]) -> str:
    """Return the aspect ratio, written ``16:9``, that is nearest to a size."""
    return min(ratios, key=lambda ratio: abs(log(_quotient(ratio)) - log(width / height)))


def image_size(name: str, width: int, height: int) -> str:
    """Return the smallest size of an image model that has the pixels asked for, or its largest."""
    sizes = image_model(name).sizes
    wanted = width * height * _CLOSE_ENOUGH
    return next((size for size in sizes if _PIXELS_OF_SIZE[size] >= wanted), sizes[-1])


def video_resolution(width: int, height: int) -> str:
    """Return the lowest resolution that has the lines asked for, or the highest."""
    wanted = min(width, height) * _CLOSE_ENOUGH
    return next((name for name, lines in _LINES_OF_RESOLUTION.items() if lines >= wanted), "4k")


def whole_seconds(duration_s: float, shortest_s: int) -> int:
    """Return the seconds to ask for: whole ones, rather too many than too few."""
    # a duration computed from frames may be a hair above a whole number
    return max(shortest_s, ceil(duration_s - 0.01))


def _quotient(ratio: str) -> float:
    wide, _, high = ratio.partition(":")
    return int(wide) / int(high)
