"""Asking Google whether it lets this key in."""

from __future__ import annotations

from director_lib.engines.google.connection import Connection
from director_lib.engines.google.failures import Call, explained
from director_lib.engines.google.options import GoogleOptions

_PATIENCE_S = 10.0


def ask_for_model(options: GoogleOptions, model: str) -> str:
    """Look a model up, with one call that costs nothing.

    Returns:
        What Google said, in a few words.

    Raises:
        ConfigError: The key is missing or refused.
        EngineBusyError: Google cannot be reached, or has no time.
        EngineError: Google has retired the model, or refuses for another reason.
    """
    connection = Connection(options, _PATIENCE_S)
    models = connection.client.models
    with explained(Call("model", model, connection.key, is_order=False, is_about_model=True)):
        found = models.get(model=model)
    name = (found.name or model).rpartition("/")[2]
    return f"answers and has {name}"
