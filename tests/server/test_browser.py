"""A page in a real browser, from signing in to resuming after its engine has died."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from director_lib.server.live import PageHub
from tests.server.live_server import PASSWORD, LiveServer, make_server, wait_for

PATIENCE_MS = 60_000


class Watched:
    """A browser tab that remembers what went wrong in it."""

    def __init__(self, page: Page, server: LiveServer) -> None:
        self.page = page
        self.faults: list[str] = []
        own = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        page.on(
            "request",
            lambda request: None if request.url.startswith(own) else self.faults.append(request.url),
        )

    def open(self, path: str) -> str:
        """Open a probe page and return its kernel's id."""
        self.page.goto(path)
        self.page.get_by_test_id("page-probe").wait_for()
        return str(self.page.evaluate("document.body.dataset.kernel"))

    def wait_for_another(self, kernel_id: str) -> None:
        """Wait until the probe page runs on another kernel."""
        self.page.wait_for_function(
            "id => document.body && document.body.dataset.kernel && document.body.dataset.kernel !== id",
            arg=kernel_id,
        )
        self.page.get_by_test_id("page-probe").wait_for()


@contextmanager
def signed_in_tab(browser: Browser, server: LiveServer) -> Iterator[Watched]:
    """Sign ann in through the form, in a fresh browser."""
    context = browser.new_context(base_url=server.url)
    watched = Watched(context.new_page(), server)
    watched.page.goto("/s/film/videos?segment=7")
    watched.page.get_by_test_id("username").fill("ann")
    watched.page.get_by_test_id("password").fill(PASSWORD)
    watched.page.get_by_test_id("sign-in").click()
    yield watched
    watched.page.close(run_before_unload=True)
    context.close()


@pytest.fixture
def tab(browser: Browser, server: LiveServer) -> Iterator[Watched]:
    """A tab of a browser that ann has just signed in with."""
    with signed_in_tab(browser, server) as watched:
        yield watched


def has_kernel(client: httpx.Client, kernel_id: str) -> bool:
    return bool(client.get("/session", params={"kernel": kernel_id}).json()["kernel"])


def test_a_page_opens_works_and_asks_no_foreign_server(tab: Watched, ann: httpx.Client) -> None:
    page = tab.page
    expect(page.get_by_test_id("who")).to_contain_text("ann director", timeout=PATIENCE_MS)
    page.get_by_test_id("press").click()
    expect(page.get_by_test_id("n")).to_have_text("1")
    assert page.title() == "Videos · film · Director"
    assert page.locator("#director-skeleton").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 12, 13)"
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    for name in ("jupyter-vue", "jupyter-vuetify"):
        page.wait_for_function(f"window._JUPYTERLAB[{name!r}] !== undefined")
    assert tab.faults == []
    kernel_id = page.evaluate("document.body.dataset.kernel")
    page.goto("/logout")
    wait_for(lambda: not has_kernel(ann, kernel_id), "the kernel's end")


def test_the_bundle_holds_every_script_that_a_page_needs(tab: Watched) -> None:
    fetched: list[str] = []
    tab.page.on("request", lambda request: fetched.append(request.url))
    tab.open("/s/film/videos")
    scripts = {url.rpartition("/")[2].partition(".")[0] for url in fetched if ".js" in url}
    assert scripts <= {"startup", "bundle", "page", "mathjax", "remoteEntry"}, (
        "name what is missing in bundle.txt"
    )


def test_a_dead_engine_is_told_and_enter_resumes(tab: Watched) -> None:
    kernel_id = tab.open("/s/film/videos")
    os.kill(int(tab.page.get_by_test_id("pid").inner_text()), signal.SIGKILL)
    banner = tab.page.get_by_test_id("banner-gone")
    expect(banner).to_contain_text("Press Enter to resume", timeout=PATIENCE_MS)
    assert banner.get_attribute("role") == "alert"
    tab.page.keyboard.press("Enter")
    tab.wait_for_another(kernel_id)
    assert tab.faults == []


def test_signing_out_in_one_tab_is_told_in_the_other(tab: Watched, ann: httpx.Client) -> None:
    kernel_id = tab.open("/s/film/videos")
    other = tab.page.context.new_page()
    other.goto("/logout")
    other.get_by_role("button", name="Sign out").click()
    expect(tab.page.get_by_test_id("banner-signed-out")).to_be_visible(timeout=PATIENCE_MS)
    wait_for(lambda: not has_kernel(ann, kernel_id), "the kernel's end")
    tab.page.get_by_test_id("resume").click()
    expect(tab.page.get_by_test_id("login-form")).to_be_visible(timeout=PATIENCE_MS)
    assert re.search(r"next=%2Fs%2Ffilm%2Fvideos", tab.page.url)


def test_a_download_does_not_end_the_page(tab: Watched) -> None:
    tab.open("/s/film/videos")
    # What following a link to an attachment does to a page.
    tab.page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    tab.page.get_by_test_id("press").click()
    expect(tab.page.get_by_test_id("n")).to_have_text("1")


def test_a_page_that_fails_shows_its_card_and_not_the_skeleton(tab: Watched) -> None:
    tab.page.goto("/tasks")
    expect(tab.page.get_by_test_id("page-error")).to_be_visible(timeout=PATIENCE_MS)
    assert tab.page.locator("#director-skeleton").count() == 0


def test_a_killed_server_is_told_and_its_successor_resumes(browser: Browser, tmp_path: Path) -> None:
    server = make_server(tmp_path / "home", warm=False)
    server.start()
    try:
        # The next one must be found at the same address.
        server.environment["DIRECTOR_PORT"] = server.url.rpartition(":")[2]
        with signed_in_tab(browser, server) as tab:
            kernel_id = tab.open("/s/film/videos?segment=7")
            assert server.process is not None
            server.process.kill()
            server.process.wait()
            expect(tab.page.get_by_test_id("banner-offline")).to_be_visible(timeout=PATIENCE_MS)
            server.start()
            expect(tab.page.get_by_test_id("banner-gone")).to_be_visible(timeout=PATIENCE_MS)
            tab.page.get_by_test_id("resume").click()
            tab.wait_for_another(kernel_id)
            expect(tab.page.get_by_test_id("who")).to_contain_text("'7'", timeout=PATIENCE_MS)
    finally:
        server.stop()


def test_the_hub_tells_nobody_when_nobody_listens() -> None:
    hub = PageHub()
    hub.tell_gone("kernel", None)
    hub.tell_signed_out("session")
    assert hub.sessions() == {}
