"""Finds engines by name. Importing this module loads none of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from director_lib.config import Settings
from director_lib.domain.version import Kind
from director_lib.engines.keys import KEYS
from director_lib.engines.protocol import Engine
from director_lib.errors import ConfigError, InputError

if TYPE_CHECKING:
    from director_lib.engines.google import GoogleOptions


def _local(settings: Settings) -> Engine:
    from director_lib.engines.local import LocalEngine

    return LocalEngine(pace_s=settings.local_pace_s)


def _script(settings: Settings) -> Engine:
    from director_lib.engines.script import ScriptEngine, ScriptOptions

    return ScriptEngine(
        ScriptOptions(
            frame_command=settings.script_frame_command,
            video_command=settings.script_video_command,
            folder=settings.script_dir,
            timeout_s=settings.script_timeout_s,
            frame_usd=settings.script_frame_usd,
            video_usd_per_s=settings.script_video_usd_per_s,
        )
    )


def _google(settings: Settings) -> Engine:
    from director_lib.engines.google import GoogleEngine

    return GoogleEngine(google_options(settings))


def google_options(settings: Settings) -> GoogleOptions:
    """Return what Google's engines are told; the key is there in the worker only."""
    from pydantic import SecretStr

    from director_lib.engines.google.models import (
        DEFAULT_IMAGE_MODEL,
        DEFAULT_TEXT_MODEL,
        DEFAULT_VIDEO_MODEL,
    )
    from director_lib.engines.google.options import GOOGLE_URL, GoogleOptions

    # only the worker's environment has the key; elsewhere the engine is asked for prices alone
    key = os.environ.get(KEYS["google"])
    return GoogleOptions(
        api_key=SecretStr(key) if key else None,
        base_url=settings.google_base_url or GOOGLE_URL,
        image_model=settings.google_image_model or DEFAULT_IMAGE_MODEL,
        video_model=settings.google_video_model or DEFAULT_VIDEO_MODEL,
        text_model=settings.google_spec_model or DEFAULT_TEXT_MODEL,
    )


def _replicate(settings: Settings) -> Engine:
    from director_lib.engines.replicate import ReplicateEngine, ReplicateOptions
    from director_lib.engines.replicate.models import DEFAULT_IMAGE_MODEL, DEFAULT_VIDEO_MODEL
    from director_lib.engines.replicate.options import REPLICATE_URL

    return ReplicateEngine(
        ReplicateOptions(
            token=os.environ.get(KEYS["replicate"], ""),
            base_url=settings.replicate_base_url or REPLICATE_URL,
            video_model=settings.replicate_video_model or DEFAULT_VIDEO_MODEL,
            image_model=settings.replicate_image_model or DEFAULT_IMAGE_MODEL,
        )
    )


_ENGINES: dict[str, Callable[[Settings], Engine]] = {
    "google": _google,
    "local": _local,
    "replicate": _replicate,
    "script": _script,
}


def engine_names() -> list[str]:
    """Return the names of all engines, sorted."""
    return sorted(_ENGINES)


def offered_names(settings: Settings, kind: Kind) -> list[str]:
    """Return the engines that a person may choose for a kind, the configured one first.

    An engine that cannot make the kind, or is not set up, is left out, except the configured one: its task
    then says what is missing.
    """
    default = settings.engine_keyframe if kind is Kind.KEYFRAME else settings.engine_video
    others = [name for name in settings.engine_choices if name != default and _makes(name, settings, kind)]
    return [default, *others]


def find_engine(name: str, settings: Settings) -> Engine | None:
    """Return the engine of that name, or None.

    Args:
        name: One of ``engine_names()``.

    Raises:
        ConfigError: The engine's settings cannot work.
    """
    make = _ENGINES.get(name)
    return make(settings) if make else None


def get_engine(name: str, settings: Settings) -> Engine:
    """Return the engine of that name.

    Args:
        name: One of ``engine_names()``.

    Raises:
        InputError: There is no such engine; the message names the known ones.
        ConfigError: The engine's settings cannot work.
    """
    engine = find_engine(name, settings)
    if engine is None:
        raise InputError(f"There is no engine “{name}”. Known engines: {', '.join(engine_names())}.")
    return engine


def _makes(name: str, settings: Settings, kind: Kind) -> bool:
    try:
        engine = find_engine(name, settings)
    except ConfigError:
        return False
    return engine is not None and kind in engine.capabilities().kinds
