from __future__ import annotations

from collections.abc import Iterator

import pytest

from director_lib.config import Settings
from director_lib.media.files import VersionFiles
from director_lib.store.database import open_database
from director_lib.streams.folder import StreamsRoot
from tests.intake.crashes import PowerCut
from tests.intake.studio import STREAM, Studio, write_spec


@pytest.fixture
def studio(settings: Settings) -> Iterator[Studio]:
    """A studio with one stream of three segments and no media."""
    write_spec(settings.streams_root / STREAM)
    database = open_database(settings.database)
    yield Studio(settings, database, VersionFiles(settings.media_dir), StreamsRoot(settings.streams_root))
    database.close()


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> PowerCut:
    """Cuts the power at any step of taking in."""
    return PowerCut(monkeypatch)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)
