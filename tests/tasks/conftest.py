from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from director_lib.config import Settings, load_settings
from director_lib.media.files import VersionFiles
from director_lib.store.database import open_database
from director_lib.streams.folder import StreamsRoot
from tests.intake.studio import STREAM, Studio, write_spec, write_still
from tests.tasks.scene import Scene


def make_scene(settings: Settings, folder: Path) -> Scene:
    write_spec(settings.streams_root / STREAM, n_segments=12)
    return Scene(settings, open_database(settings.database), folder / "worker.log")


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Iterator[Scene]:
    """A studio without a worker; whatever worker a test starts is gone afterwards."""
    made = make_scene(settings, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A studio that a worker serves, for all tests of a module; each test has segments of its own."""
    folder = tmp_path_factory.mktemp("served")
    made = make_scene(load_settings(home=folder / "home", local_pace_s=0.0, _env_file=None), folder)
    made.start()
    yield made
    made.close()


@pytest.fixture
def studio(settings: Settings) -> Iterator[Studio]:
    """A studio of four segments whose first two have stills; nobody serves it."""
    write_spec(settings.streams_root / STREAM, n_segments=4)
    database = open_database(settings.database)
    made = Studio(settings, database, VersionFiles(settings.media_dir), StreamsRoot(settings.streams_root))
    for segment_id, color in ((1, "navy"), (2, "teal")):
        write_still(made.still(segment_id), color)
    made.scan()
    yield made
    database.close()
