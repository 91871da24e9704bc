from __future__ import annotations

from collections.abc import Iterator

import pytest

from director_lib.config import Settings
from tests.lifecycle.house import House


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """A studio with one stream "film", whose still is approved with the note "mine"."""
    made = House(settings)
    made.make("film")
    made.approve("film", "mine")
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)
