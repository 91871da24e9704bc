"""Fixtures of a desk on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from director_lib.config import Settings
from director_lib.media.files import VersionFiles
from director_lib.store.database import open_database
from director_lib.streams.folder import StreamsRoot
from director_lib.tasks.live import LiveTasks
from director_lib.tasks.workshop import Workshop
from tests.intake.studio import STREAM, Studio, write_spec
from tests.tasks.desk import Desk, HeldPresence, ListQueue
from tests.tasks.doubles import SOURCE


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


@pytest.fixture
def studio(settings: Settings) -> Iterator[Studio]:
    write_spec(settings.streams_root / STREAM)
    database = open_database(settings.database)
    yield Studio(settings, database, VersionFiles(settings.media_dir), StreamsRoot(settings.streams_root))
    database.close()


@pytest.fixture
def make_desk(studio: Studio) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(**wanted: Any) -> Desk:
        wanted.setdefault("worker_concurrency", 2)
        shop = Workshop(
            studio.database, studio.settings.model_copy(update=wanted), SOURCE, clock=lambda: studio.now
        )
        made.append(Desk(studio, shop, ListQueue(), LiveTasks(), HeldPresence()))
        return made[-1]

    yield make
    for desk in made:
        desk.dispatcher.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()
