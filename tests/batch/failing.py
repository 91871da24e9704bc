"""A local engine that never succeeds, for a worker."""

from __future__ import annotations

from director_lib.config import Settings
from tests.tasks.doubles import DoubleEngine, refuse

SOURCE = "tests.batch.failing:get_engine"


def get_engine(name: str, _settings: Settings | None = None) -> DoubleEngine:
    return DoubleEngine(name, refuse)
