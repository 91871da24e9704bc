"""Tabs of one browser, watched for anything that their page reports as an error."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, ViewportSize

from tests.widgets.serving import NotebookServer

_NO_PAGE = "/voila/static/none"
# The stock server asks for a font on the net, has no icon, ends no kernel, and cuts a page that is left off
# before it has written down what is open; the workbench's own is better.
_STOCK_NOISE = (
    "/voila/api/shutdown/",
    "ERR_NAME_NOT_RESOLVED",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION",
    "/favicon.ico",
    "Cannot send",
)
# The browser keeps something of every screen that was shown in a page; a page of a hundred took 1 GB.
_MOST_SCREENS = 30
_LEAVE = """async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    localStorage.clear();
    sessionStorage.clear();
}"""


@dataclass
class Person:
    """Somebody's browser for several tests, so that scripts are fetched once.

    Attributes:
        tab: The tab that the next test may use.
        stage: What its page listens to for the next screen; empty when the page was loaded anew by a test.
        n_screens: How many screens its page has shown.
    """

    context: BrowserContext
    server: NotebookServer
    tab: Page | None = None
    stage: str = ""
    n_screens: int = 0
    size: ViewportSize | None = field(init=False, default=None)


class WatchedTabs:
    """Opens tabs and keeps what their pages complain about."""

    def __init__(self, person: Person) -> None:
        self.faults: list[str] = []
        self._person = person
        self._tabs: list[Page] = []

    def open(self, *, page: str = "", **query: object) -> Page:
        """Open the notebook with a query and wait for its page; for any page when it is not named.

        The first tab of a test goes on with the page of the test before: its screen is another one, made anew
        with a double of its own, in the same kernel.
        """
        person, wanted = self._person, f"[data-testid=page-{page}]" if page else "[data-testid^=page-]"
        tab = person.tab if person.tab is not None and not self._tabs else person.context.new_page()
        self._tabs.append(tab)
        tab.on("pageerror", self._note_error)
        tab.on("console", self._note)
        if tab is person.tab and person.stage:
            address = person.server.address(**query, stage=person.stage)
            tab.evaluate("address => history.replaceState(null, '', address)", address)
            person.server.order(person.stage, query)
            person.n_screens += 1
        else:
            stage = secrets.token_hex(6)
            tab.goto(person.server.address(**query, stage=stage), wait_until="commit")
            tab.evaluate("stage => { window.stage = stage; }", stage)
            if len(self._tabs) == 1:
                person.tab, person.stage, person.size = tab, stage, tab.viewport_size
                person.n_screens = 1
        tab.wait_for_selector(wanted)
        return tab

    def close(self) -> None:
        """Leave every page, and forget what it kept in the browser; one tab waits for the next test.

        A page writes down what is open a moment after a change and once more when it is left, so it is
        gone before its storage is emptied: the next test's page would open with this one's panels.
        """
        for tab in self._tabs:
            tab.remove_listener("pageerror", self._note_error)
            tab.remove_listener("console", self._note)
            if tab is self._person.tab:
                self._leave(tab)
            else:
                tab.goto("about:blank")
                tab.close()

    def _leave(self, tab: Page) -> None:
        person = self._person
        tab.unroute_all(behavior="ignoreErrors")
        if person.n_screens < _MOST_SCREENS and tab.evaluate("window.stage") == person.stage:
            person.server.order(person.stage, None)
            tab.wait_for_function("!document.querySelector('[data-testid^=page-]')")
        else:
            origin = tab.evaluate("location.origin")
            person.stage = ""
            tab.goto("about:blank")
            tab.goto(f"{origin}{_NO_PAGE}")
        tab.evaluate(_LEAVE)
        if person.size is not None and tab.viewport_size != person.size:
            tab.set_viewport_size(person.size)

    def _note_error(self, error: Error) -> None:
        if str(error) not in _STOCK_NOISE:
            self.faults.append(str(error))

    def _note(self, message: ConsoleMessage) -> None:
        said = f"{message.text} {message.location['url']}"
        if message.type == "error" and not any(noise in said for noise in _STOCK_NOISE):
            self.faults.append(said)


@contextmanager
def one_persons_browser(
    browser: Browser, server: NotebookServer, width: int, height: int = 900
) -> Iterator[Person]:
    """One person's browser for several tests."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="en-GB", timezone_id="UTC"
    )
    yield Person(context, server)
    context.close()


@contextmanager
def watched_tabs(person: Person) -> Iterator[WatchedTabs]:
    """Tabs that are closed afterwards; fails on anything that a page reported as an error."""
    tabs = WatchedTabs(person)
    yield tabs
    tabs.close()
    assert not tabs.faults, tabs.faults
