"""Chromium for measuring and for screenshots: the machine's own when there is one, else Playwright's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start a headless Chromium and stop it in the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_find_chromium(), args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_profile(folder: Path, screen: ViewportSize) -> Iterator[BrowserContext]:
    """Start a headless Chromium with a profile on disk, which keeps files and compiled scripts."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=_find_chromium(), args=list(_FLAGS), viewport=screen
        )
        try:
            yield context
        finally:
            context.close()


def sign_in(page: Page, url: str, username: str, password: str) -> None:
    """Sign in through the form, as a person does."""
    page.goto(f"{url}/login")
    page.get_by_test_id("username").fill(username)
    page.get_by_test_id("password").fill(password)
    page.get_by_test_id("password").press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def close_page(page: Page) -> None:
    """Leave a page as a person does, so that the server ends its kernel."""
    page.close(run_before_unload=True)


def _find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)
