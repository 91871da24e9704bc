from __future__ import annotations

from collections.abc import Iterator

import pytest

from director_lib.config import Settings
from director_lib.media.files import VersionFiles
from director_lib.store.database import open_database
from director_lib.streams.folder import StreamsRoot
from tests.intake.studio import STREAM, Studio, write_spec


@pytest.fixture
def studio(settings: Settings) -> Iterator[Studio]:
    """A studio of four segments that nobody serves."""
    write_spec(settings.streams_root / STREAM, n_segments=4)
    database = open_database(settings.database)
    yield Studio(settings, database, VersionFiles(settings.media_dir), StreamsRoot(settings.streams_root))
    database.close()
