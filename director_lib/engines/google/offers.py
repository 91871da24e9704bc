"""Which of Google's models there are to choose from, and which are refused before anything is sent."""

from __future__ import annotations

import re

from director_lib.domain.version import Kind
from director_lib.engines.catalog import TYPICAL_CLIP_S, ModelOffer
from director_lib.engines.google.models import (
    IMAGE_MODELS,
    VIDEO_MODELS,
    find_replacement,
    image_model,
    image_size,
    video_model,
    video_resolution,
)
from director_lib.engines.google.options import GoogleOptions
from director_lib.engines.google.prices import image_price, video_price
from director_lib.errors import ConfigError, InputError

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,199}", re.ASCII)
_WIDTH, _HEIGHT = 1280, 720
_SETTINGS = {Kind.KEYFRAME: "DIRECTOR_GOOGLE_IMAGE_MODEL", Kind.VIDEO: "DIRECTOR_GOOGLE_VIDEO_MODEL"}
_NOUNS = {Kind.KEYFRAME: "stills", Kind.VIDEO: "clips"}


def list_offers(options: GoogleOptions, kind: Kind) -> tuple[ModelOffer, ...]:
    """List the models known for a kind, the one in use first."""
    usual = _usual(options, kind)
    known = IMAGE_MODELS if kind is Kind.KEYFRAME else VIDEO_MODELS
    return tuple(_offer(options, kind, name) for name in dict.fromkeys((usual, *known)))


def check_model(options: GoogleOptions, kind: Kind, model: str) -> None:
    """Refuse a model that surely cannot make the kind.

    Args:
        model: Empty for the one in use.

    Raises:
        InputError: The model that was asked for is retired, makes something else, or is no name.
        ConfigError: The same of the settings' model.
    """
    if why := _why_not(kind, model or _usual(options, kind)):
        if model:
            raise InputError(why)
        raise ConfigError(f"{why} It is what {_SETTINGS[kind]} names.")


def most_references(options: GoogleOptions, kind: Kind, model: str) -> int:
    """Tell how many further pictures a model takes; an empty one is the one in use."""
    name = model or _usual(options, kind)
    return (image_model(name) if kind is Kind.KEYFRAME else video_model(name)).most_references


def _why_not(kind: Kind, name: str) -> str:
    if not _NAME.fullmatch(name):
        return (
            f"“{name[:80]}” is no name of a model at Google. Nothing was queued. Give one like "
            f"{next(iter(IMAGE_MODELS if kind is Kind.KEYFRAME else VIDEO_MODELS))}."
        )
    if replacement := find_replacement(name):
        return f"Google has retired the model “{name}”. Nothing was queued. Use “{replacement}” instead."
    other = VIDEO_MODELS if kind is Kind.KEYFRAME else IMAGE_MODELS
    if name in other:
        return f"Google's model “{name}” makes no {_NOUNS[kind]}. Nothing was queued. Choose another model."
    return ""


def _offer(options: GoogleOptions, kind: Kind, name: str) -> ModelOffer:
    is_default = name == _usual(options, kind)
    references = most_references(options, kind, name)
    if kind is Kind.KEYFRAME:
        price = image_price(name, image_size(name, _WIDTH, _HEIGHT), options.prices_usd)
        return ModelOffer(name, price.usd, not price.is_known, references, is_default=is_default)
    clip = video_price(name, video_resolution(_WIDTH, _HEIGHT), TYPICAL_CLIP_S, options.prices_usd)
    longest_s = VIDEO_MODELS[name].longest_s if name in VIDEO_MODELS else None
    usd = round(clip.usd / TYPICAL_CLIP_S, 6)
    return ModelOffer(name, usd, not clip.is_known, references, longest_s, is_default)


def _usual(options: GoogleOptions, kind: Kind) -> str:
    return options.image_model if kind is Kind.KEYFRAME else options.video_model
