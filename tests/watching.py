"""What the browser tests share: cards, waiting for what is durable, and where the keyboard is."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page

from tests.patience import PATIENCE_S

OpenPage = Callable[[str, str], Page]

_RECORD = """([selector, attribute]) => {
    const seen = window.recorded = [];
    const note = () => {
        for (const found of document.querySelectorAll(selector)) {
            const value = found.getAttribute(attribute);
            if (value !== null && !seen.includes(value)) seen.push(value);
        }
    };
    new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
    note();
}"""


def record(page: Page, selector: str, attribute: str) -> None:
    """Write down, inside the page, each value that an attribute of what is selected takes from now on.

    What is shown for a moment only would be over before a slow machine looks for it.
    """
    page.evaluate(_RECORD, [selector, attribute])


def wait_for_recorded(page: Page, pattern: str) -> None:
    """Wait until one of the values that were written down is like the regular expression."""
    page.wait_for_function(
        "pattern => window.recorded.some(value => new RegExp(pattern).test(value))", arg=pattern
    )


def card(page: Page, segment_id: int) -> Locator:
    """Find a segment's card in the grid."""
    return page.locator(f"[data-testid=segment-card][data-segment='{segment_id}']")


def eventually(is_so: Callable[[], bool]) -> bool:
    """Tell whether something becomes so; the page shows it before it is durable."""
    until = time.monotonic() + PATIENCE_S
    while not is_so() and time.monotonic() < until:
        time.sleep(0.05)
    return is_so()


def focused(page: Page) -> str:
    """Return the test id of the element that has the keyboard."""
    return str(page.evaluate("document.activeElement.dataset.testid || ''"))


def tab_to(page: Page, test_id: str, most: int = 40) -> None:
    """Press Tab until the element with the test id has the keyboard."""
    for _ in range(most):
        if focused(page) == test_id:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {test_id}; it is at {focused(page)}")
