"""A served desk and a browser for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.widgets.fake_desk import FakeDeskPage
from tests.widgets.harness import DeskServer, start_desk_server

_READY_MS = 60_000
# The stock server asks for a font on the net and refuses to end a kernel; the workbench's own does neither.
_STOCK_NOISE = (
    "/voila/api/shutdown/",
    "ERR_NAME_NOT_RESOLVED",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION",
)

OpenDesk = Callable[..., Page]


class SentMessages(list[dict[str, Any]]):
    """What a screen sent to the browser."""

    def of(self, method: str) -> list[dict[str, Any]]:
        """Return the payloads of one method, oldest first."""
        return [message["args"][0] for message in self if message["method"] == method]


@pytest.fixture
def page_double() -> FakeDeskPage:
    """A review page of three stills, without a browser."""
    return FakeDeskPage(3)


@pytest.fixture
def sent(page_double: FakeDeskPage, monkeypatch: pytest.MonkeyPatch) -> SentMessages:
    """Everything the page double's desk sends from now on."""
    messages = SentMessages()
    monkeypatch.setattr(page_double.desk, "send", lambda content, buffers=None: messages.append(content))
    return messages


@pytest.fixture(scope="session")
def desk_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A server with the desk's notebook."""
    server = start_desk_server(tmp_path_factory.mktemp("desk"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def tab_maker(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser for a module's tests, so that scripts are fetched once."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="UTC")
    yield context
    context.close()


@pytest.fixture
def open_desk(tab_maker: BrowserContext, desk_server: DeskServer) -> Iterator[OpenDesk]:
    """Open the desk with a query, and fail on anything that the page reports as an error."""
    faults: list[str] = []
    tabs: list[Page] = []

    def note(message: ConsoleMessage) -> None:
        said = f"{message.text} {message.location['url']}"
        if message.type == "error" and not any(noise in said for noise in _STOCK_NOISE):
            faults.append(said)

    def open_one(**query: object) -> Page:
        tab = tab_maker.new_page()
        tabs.append(tab)
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("console", note)
        tab.goto(desk_server.address(**query), wait_until="commit")
        tab.wait_for_selector("[data-testid^=page-]", timeout=_READY_MS)
        return tab

    yield open_one
    for tab in tabs:
        tab.evaluate("localStorage.clear()")
        tab.close(run_before_unload=True)
    assert not faults, faults
