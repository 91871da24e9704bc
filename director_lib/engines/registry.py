"""Finds engines by name. Importing this module loads none of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from director_lib.config import Settings
from director_lib.domain.version import Kind
from director_lib.engines.protocol import Engine
from director_lib.errors import ConfigError, InputError

_GOOGLE_KEY = "GOOGLE_AI_API_KEY"


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
    from pydantic import SecretStr

    from director_lib.engines.google import GoogleImageEngine, GoogleOptions

    # only the worker's environment has the key; elsewhere the engine is asked for prices alone
    key = os.environ.get(_GOOGLE_KEY)
    options = GoogleOptions(api_key=SecretStr(key) if key else None)
    if settings.google_base_url:
        options = replace(options, base_url=settings.google_base_url)
    if settings.google_image_model:
        options = replace(options, image_model=settings.google_image_model)
    return GoogleImageEngine(options)


_ENGINES: dict[str, Callable[[Settings], Engine]] = {"google": _google, "local": _local, "script": _script}


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
