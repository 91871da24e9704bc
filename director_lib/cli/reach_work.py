"""What ``director doctor`` asks of the engines in use: whether their providers let this machine in."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping

from director_lib.config import Settings
from director_lib.engines.catalog import Reachable
from director_lib.engines.keys import KEYS
from director_lib.engines.protocol import Engine
from director_lib.engines.registry import find_engine
from director_lib.errors import DirectorError

Find = Callable[[str, Settings], Engine | None]


def reach_engines(
    names: Collection[str],
    settings: Settings,
    *,
    variables: Mapping[str, str] = os.environ,
    find: Find = find_engine,
) -> str:
    """Ask each engine in use, with one call that costs nothing and a short wait.

    An engine whose key is not here is not asked, and one that does not exist is told of elsewhere.

    Args:
        variables: Where keys are looked for.

    Raises:
        DirectorError: One cannot be reached, is refused, or has no program to run.
    """
    told, troubles = [], []
    for name in sorted(names):
        if name in KEYS and not variables.get(KEYS[name], "").strip():
            told.append(f"{name} (not asked: no key here)")
            continue
        try:
            engine = find(name, settings)
            if isinstance(engine, Reachable):
                told.append(f"{name} ({engine.check_access()})")
        except DirectorError as error:
            troubles.append(f"{name}: {error.user_message}")
    if troubles:
        raise DirectorError(" ".join(troubles))
    return ", ".join(told) or "those in use need no provider"
