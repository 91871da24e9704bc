"""Two people with a browser each on one stream: each sees what the other does, without a reload."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from director_lib.domain.people import Role
from tests.browser.conftest import PASSWORD, LiveStudio
from tests.watching import OpenPage, card

PATH = "/s/film/keyframes?segment=2"


@pytest.fixture
def theirs(browser: Browser, live: LiveStudio) -> Iterator[Page]:
    """The desk in the browser of somebody else, who signed in with a password."""
    with live.workbench() as workbench:
        if "dan" not in [one.username for one in workbench.people.list()]:
            workbench.people.add("dan", Role.DIRECTOR, PASSWORD, "Dan Okafor")
    context = browser.new_context(base_url=live.base_url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto("/login")
    page.get_by_test_id("username").fill("dan")
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("password").press("Enter")
    page.get_by_test_id("page-streams").wait_for()
    page.goto(PATH)
    page.get_by_test_id("page-keyframes").wait_for()
    yield page
    page.close(run_before_unload=True)
    context.close()


def test_each_sees_the_other_s_decision_comment_and_prompt(open_page: OpenPage, theirs: Page) -> None:
    mine = open_page(PATH, "keyframes")
    mine.keyboard.press("Space")
    expect(card(theirs, 2)).to_have_attribute("data-decision", "approved")
    theirs.keyboard.press("n")
    theirs.keyboard.press("q")
    theirs.get_by_test_id("decision-note-text").fill("Less red")
    theirs.keyboard.press("Enter")
    expect(card(mine, 3)).to_have_attribute("data-decision", "adjust_prompt")
    expect(mine.get_by_test_id("desk")).to_have_attribute("data-segment", "3")
    expect(mine.get_by_test_id("decision-note")).to_have_text("Less red")

    theirs.keyboard.press("p")
    theirs.keyboard.press("c")
    theirs.keyboard.type("The boat has two masts")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_test_id("comment")).to_have_count(1)
    theirs.get_by_test_id("image-prompt").fill("A calm sea, one mast")
    theirs.get_by_test_id("image-prompt").press("Enter")

    expect(card(mine, 3)).to_contain_text("A calm sea, one mast")
    expect(mine.get_by_test_id("image-prompt")).to_have_value("A calm sea, one mast")
    expect(mine.get_by_test_id("comment")).to_contain_text("The boat has two masts")
    expect(mine.get_by_test_id("comment")).to_contain_text("Dan Okafor")
    mine.get_by_test_id("resolve-comment").click()
    expect(theirs.get_by_test_id("comment")).to_have_attribute("data-resolved", "true")
