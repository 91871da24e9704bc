"""Finds engines by name. Importing this module loads none of them."""

from __future__ import annotations

from collections.abc import Callable

from director_lib.engines.protocol import Engine
from director_lib.errors import InputError


def _local(pace_s: float) -> Engine:
    from director_lib.engines.local import LocalEngine

    return LocalEngine(pace_s=pace_s)


_ENGINES: dict[str, Callable[[float], Engine]] = {"local": _local}


def engine_names() -> list[str]:
    """Return the names of all engines, sorted."""
    return sorted(_ENGINES)


def find_engine(name: str, *, pace_s: float = 0.0) -> Engine | None:
    """Return the engine of that name, or None.

    Args:
        name: One of ``engine_names()``.
        pace_s: Wall seconds that the local engine takes at least for a file; other engines ignore it.
    """
    make = _ENGINES.get(name)
    return make(pace_s) if make else None


def get_engine(name: str, *, pace_s: float = 0.0) -> Engine:
    """Return the engine of that name.

    Args:
        name: One of ``engine_names()``.
        pace_s: Wall seconds that the local engine takes at least for a file; other engines ignore it.

    Raises:
        InputError: There is no such engine; the message names the known ones.
    """
    engine = find_engine(name, pace_s=pace_s)
    if engine is None:
        raise InputError(f"There is no engine “{name}”. Known engines: {', '.join(engine_names())}.")
    return engine
