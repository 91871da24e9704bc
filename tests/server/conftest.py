"""One running server for all tests of a process, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from director_lib.config import Settings
from director_lib.store.database import Database, open_database
from tests.server.live_server import LiveServer, make_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A running server with probe pages and the people ann, bob and cleo."""
    server = make_server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def ann(server: LiveServer) -> Iterator[httpx.Client]:
    """A director's signed-in browser."""
    with server.browser("ann") as client:
        yield client


@pytest.fixture(scope="session")
def bob(server: LiveServer) -> Iterator[httpx.Client]:
    """A viewer's signed-in browser."""
    with server.browser("bob") as client:
        yield client


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty review database."""
    database = open_database(settings.database)
    yield database
    database.close()
