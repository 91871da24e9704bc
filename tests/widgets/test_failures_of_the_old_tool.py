"""What went wrong with the pages of the tool before this one; each is impossible here, in a real browser."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.widgets.conftest import OpenDesk


def card(page: Page, segment_id: int) -> Locator:
    return page.locator(f"[data-testid=segment-card][data-segment='{segment_id}']")


def desk(page: Page, segment_id: int) -> Locator:
    return page.locator(f"[data-testid=desk][data-segment='{segment_id}']")


def test_an_approval_does_not_reload_the_page_and_keeps_the_desk_open(open_desk: OpenDesk) -> None:
    page = open_desk(n=4)
    desk(page, 1).wait_for()
    page.evaluate("window.notReloaded = true")
    page.get_by_test_id("approve").click()
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    desk(page, 2).wait_for()
    assert page.evaluate("window.notReloaded")


def test_next_and_previous_are_buttons_and_keys(open_desk: OpenDesk) -> None:
    page = open_desk(n=4)
    desk(page, 1).wait_for()
    page.get_by_test_id("next").click()
    desk(page, 2).wait_for()
    page.keyboard.press("n")
    desk(page, 3).wait_for()
    page.get_by_test_id("previous").click()
    desk(page, 2).wait_for()


def test_notes_and_versions_are_within_reach_of_the_desk(open_desk: OpenDesk) -> None:
    page = open_desk(n=4)
    desk(page, 1).wait_for()
    page.keyboard.press("v")
    expect(page.get_by_test_id("version").first).to_be_visible()
    page.get_by_test_id("comment-text").fill("lighter at the left")
    page.get_by_test_id("comment-text").press("Enter")
    expect(page.get_by_test_id("comment")).to_contain_text("lighter at the left")


def test_the_place_and_the_decisions_survive_a_refresh(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, keep="refresh")
    desk(page, 1).wait_for()
    page.keyboard.press("Space")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    page.get_by_test_id("next").click()
    desk(page, 3).wait_for()
    page.reload()
    page.get_by_test_id("page-keyframes").wait_for()
    desk(page, 3).wait_for()
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
