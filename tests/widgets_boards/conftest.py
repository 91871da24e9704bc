"""The boards' server and a browser for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.widgets_boards.harness import BoardServer, start_board_server

_READY_MS = 60_000
# The stock server asks for a font on the net and refuses to end a kernel; the workbench's own does neither.
_STOCK_NOISE = (
    "/voila/api/shutdown/",
    "ERR_NAME_NOT_RESOLVED",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION",
)

OpenBoard = Callable[..., Page]


@pytest.fixture(scope="session")
def board_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardServer]:
    """A server with the boards' notebook."""
    server = start_board_server(tmp_path_factory.mktemp("boards"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def boards_tab_maker(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser for a module's tests, so that scripts are fetched once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="UTC")
    yield context
    context.close()


@pytest.fixture
def open_board(boards_tab_maker: BrowserContext, board_server: BoardServer) -> Iterator[OpenBoard]:
    """Open a board with a query, and fail on anything that the page reports as an error."""
    faults: list[str] = []
    tabs: list[Page] = []

    def note(message: ConsoleMessage) -> None:
        said = f"{message.text} {message.location['url']}"
        if message.type == "error" and not any(noise in said for noise in _STOCK_NOISE):
            faults.append(said)

    def open_one(board: str, **query: object) -> Page:
        tab = boards_tab_maker.new_page()
        tabs.append(tab)
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("console", note)
        tab.goto(board_server.address(board=board, **query), wait_until="commit")
        tab.wait_for_selector(f"[data-testid=page-{board}]", timeout=_READY_MS)
        return tab

    yield open_one
    for tab in tabs:
        tab.close(run_before_unload=True)
    assert not faults, faults
