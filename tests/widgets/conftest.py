"""A served desk and a browser for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.widgets.fake_desk import FakeDeskPage
from tests.widgets.harness import DeskServer, start_desk_server
from tests.widgets.tabs import Person, one_persons_browser, watched_tabs

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


@pytest.fixture(scope="session")
def person(browser: Browser, desk_server: DeskServer) -> Iterator[Person]:
    """One person's browser for all tests of a process."""
    with one_persons_browser(browser, desk_server, 1440) as person:
        yield person


@pytest.fixture
def open_desk(person: Person, desk_server: DeskServer) -> Iterator[OpenDesk]:
    """Open the desk with a query, and fail on anything that the page reports as an error."""
    with watched_tabs(person) as tabs:
        begun: set[object] = set()

        def open_one(**query: object) -> Page:
            log = query.get("log")
            if log is not None and log not in begun:
                desk_server.forget(str(log))
                begun.add(log)
            return tabs.open(**query)

        yield open_one
