"""What every use case about tasks needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from director_lib.config import Settings
from director_lib.domain.people import Actor
from director_lib.engines.protocol import Engine
from director_lib.engines.registry import get_engine
from director_lib.store.database import Database


class TaskDesk:
    """One person's access to the tasks of one studio."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        actor: Actor,
        clock: Callable[[], datetime],
        *,
        engines: Callable[[str, Settings], Engine] = get_engine,
    ) -> None:
        self._database = database
        self._settings = settings
        self._actor = actor
        self._clock = clock
        self._engines = engines

    def _get_engine(self, name: str) -> Engine:
        return self._engines(name, self._settings)
