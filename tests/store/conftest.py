from __future__ import annotations

from collections.abc import Iterator

import pytest

from director_lib.config import Settings
from director_lib.store.database import Database, open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty review database."""
    opened = open_database(settings.database)
    yield opened
    opened.close()
