"""The boards' server and a browser for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.widgets.serving import NotebookServer, start_server
from tests.widgets.tabs import Person, one_persons_browser, watched_tabs

OpenBoard = Callable[..., Page]


@pytest.fixture(scope="session")
def board_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    """A server with the boards' notebook."""
    folder = tmp_path_factory.mktemp("boards")
    server = start_server(folder, "board.ipynb", "tests.widgets_boards.harness:show_board")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def boards_person(browser: Browser, board_server: NotebookServer) -> Iterator[Person]:
    """One person's browser for all tests of a process."""
    with one_persons_browser(browser, board_server, 1280) as person:
        yield person


@pytest.fixture
def open_board(boards_person: Person) -> Iterator[OpenBoard]:
    """Open a board with a query, and fail on anything that the page reports as an error."""
    with watched_tabs(boards_person) as tabs:

        def open_one(board: str, **query: object) -> Page:
            return tabs.open(page=board, board=board, **query)

        yield open_one
