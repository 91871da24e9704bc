"""The keys of the providers: in the environment of the worker, and nowhere else."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

from dotenv import dotenv_values

from director_lib.errors import ConfigError

KEYS = {"google": "GOOGLE_AI_API_KEY", "replicate": "REPLICATE_API_TOKEN"}
"""Engines that need a key, and the variable that the worker finds it in."""

KEY_VARIABLES = tuple(KEYS.values())


def take_keys(environment: MutableMapping[str, str], file: Path) -> None:
    """Put the keys that a ``.env`` file has into the environment; those that are there already stay.

    Only the worker calls this, for itself and for the programs it starts.

    Raises:
        ConfigError: The file is there and cannot be read.
    """
    if not file.is_file():
        return
    try:
        values = dotenv_values(file)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file.resolve()} cannot be read ({error}). Correct it, or set the keys in the environment."
        ) from error
    for name in KEY_VARIABLES:
        if value := values.get(name):
            environment.setdefault(name, value)
