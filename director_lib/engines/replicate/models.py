"""Models as they were last known: what they take when Replicate cannot be asked, and what follows them."""

from __future__ import annotations

from director_lib.domain.version import Kind
from director_lib.engines.replicate.schema import ModelSchema, Slot

DEFAULT_VIDEO_MODEL = "bytedance/seedance-1-pro"
DEFAULT_IMAGE_MODEL = "bytedance/seedream-4"

_ANY = Slot()
_SEED = Slot(least=0, most=2**31 - 1)
_SIZES = Slot(choices=("480p", "720p", "1080p"))


def _clip(image: str, durations: tuple[int, ...], **more: Slot) -> ModelSchema:
    slots = {"prompt": _ANY, image: _ANY, "duration": Slot(choices=durations), **more}
    return ModelSchema(slots, frozenset({"prompt"}))


def _still(references: str | None = None, **more: Slot) -> ModelSchema:
    lists = {} if references is None else {references: Slot(is_list=True)}
    return ModelSchema({"prompt": _ANY, "aspect_ratio": _ANY, **lists, **more}, frozenset({"prompt"}))


_KLING = _clip("start_image", (5, 10), negative_prompt=_ANY)
_SEEDANCE = _clip("image", tuple(range(2, 13)), resolution=_SIZES, fps=Slot(choices=(24,)), seed=_SEED)
_WAN = _clip("image", (5, 10), resolution=_SIZES, seed=_SEED, negative_prompt=_ANY)
_HAILUO = _clip("first_frame_image", (6, 10), resolution=Slot(choices=("768p", "1080p")))
_VEO = _clip("image", (4, 6, 8), resolution=Slot(choices=("720p", "1080p")), generate_audio=_ANY, seed=_SEED)
_RAY = _clip("start_image", (5, 9))
_FLUX = _still(seed=_SEED, output_format=Slot(choices=("webp", "jpg", "png")))

KNOWN: dict[str, ModelSchema] = {
    "kwaivgi/kling-v2.1": _KLING,
    "kwaivgi/kling-v2.1-master": _KLING,
    "kwaivgi/kling-v2.5-turbo-pro": _KLING,
    "kwaivgi/kling-v2.6": _clip("start_image", (5, 10), negative_prompt=_ANY, generate_audio=_ANY),
    "bytedance/seedance-1-pro": _SEEDANCE,
    "bytedance/seedance-1-lite": _SEEDANCE,
    "wan-video/wan-2.5-i2v": _WAN,
    "minimax/hailuo-02": _HAILUO,
    "minimax/hailuo-2.3": _HAILUO,
    "google/veo-3.1": _VEO,
    "google/veo-3-fast": _VEO,
    "luma/ray-2-720p": _RAY,
    "luma/ray-flash-2-720p": _RAY,
    "black-forest-labs/flux-schnell": _FLUX,
    "black-forest-labs/flux-dev": _FLUX,
    "black-forest-labs/flux-1.1-pro": _FLUX,
    "google/nano-banana": _still("image_input", output_format=Slot(choices=("jpg", "png"))),
    "bytedance/seedream-4": _still("image_input"),
}

_FOLLOWS: dict[str, str] = {
    "kwaivgi/kling-v1.6-standard": "kwaivgi/kling-v2.1",
    "kwaivgi/kling-v1.6-pro": "kwaivgi/kling-v2.5-turbo-pro",
    "kwaivgi/kling-v2.1": "kwaivgi/kling-v2.5-turbo-pro",
    "kwaivgi/kling-v2.5-turbo-pro": "kwaivgi/kling-v2.6",
    "minimax/video-01": "minimax/hailuo-2.3",
    "minimax/hailuo-02": "minimax/hailuo-2.3",
    "google/veo-2": "google/veo-3.1",
    "google/veo-3": "google/veo-3.1",
    "luma/ray": "luma/ray-2-720p",
    "black-forest-labs/flux-pro": "black-forest-labs/flux-1.1-pro",
    "bytedance/seedream-3": "bytedance/seedream-4",
}
_FIRST_CHOICES = {
    Kind.VIDEO: ("bytedance/seedance-1-pro", "kwaivgi/kling-v2.5-turbo-pro"),
    Kind.KEYFRAME: ("black-forest-labs/flux-1.1-pro", "bytedance/seedream-4"),
}


def find_known_schema(model: str) -> ModelSchema | None:
    """Return what a model took when it was last looked up, or None."""
    name, _, version = model.partition(":")
    known = KNOWN.get(name)
    if known is None or not version:
        return known
    return ModelSchema(known.slots, known.needed, version)


def find_known_kind(model: str) -> Kind | None:
    """Return what a model makes; None for one that is not known."""
    known = KNOWN.get(model.partition(":")[0])
    if known is None:
        return None
    return Kind.VIDEO if "duration" in known.slots else Kind.KEYFRAME


def replacement(model: str, kind: Kind) -> str:
    """Return the model to use when this one is gone."""
    name = model.partition(":")[0]
    first, second = _FIRST_CHOICES[kind]
    return _FOLLOWS.get(name) or (second if name == first else first)


def gone_message(model: str, kind: Kind) -> str:
    """Tell that a model is gone and what to use instead."""
    return (
        f"Replicate no longer has the model {model}, or it is not open to this account. Nothing was charged. "
        f"Choose another one for the studio, such as {replacement(model, kind)}, then retry the task."
    )
