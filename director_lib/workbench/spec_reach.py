"""What the engine of each segment's clip can do, as far as it is known without asking anybody."""

from __future__ import annotations

from director_lib.domain.spec_lint import EngineReach
from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind
from director_lib.engines.catalog import models_of
from director_lib.engines.registry import find_engine
from director_lib.errors import ConfigError, InputError
from director_lib.tasks.asking import read_choices
from director_lib.workbench.studio import Studio

_SHORTEST_S = 1.0


def read_reaches(studio: Studio, stream: Stream) -> dict[int, EngineReach]:
    """Return, by segment, what the engine of its clip can make; unusable engines are absent."""
    with studio.database.read() as connection:
        choices = read_choices(connection, studio.settings, stream.id)
    known: dict[tuple[str, str], EngineReach | None] = {}
    reaches: dict[int, EngineReach] = {}
    for segment in stream.segments:
        picked = choices.pick(segment.id, Kind.VIDEO)
        if picked not in known:
            known[picked] = _find_reach(studio, *picked)
        reach = known[picked]
        if reach is not None:
            reaches[segment.id] = reach
    return reaches


def _find_reach(studio: Studio, name: str, model: str) -> EngineReach | None:
    try:
        engine = find_engine(name, studio.settings)
        models = models_of(engine, Kind.VIDEO) if engine is not None else ()
    except (ConfigError, InputError):
        return None
    if engine is None:
        return None
    used = next((one for one in models if one.name == model or (not model and one.is_default)), None)
    can = engine.capabilities()
    longest_s = used.longest_s if used is not None and used.longest_s is not None else can.longest_s
    return EngineReach(name, _SHORTEST_S, longest_s, camera_only=can.camera_only)
