from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.harness import DeskServer


def card(page: Page, segment_id: int) -> Locator:
    return page.locator(f"[data-testid=segment-card][data-segment='{segment_id}']")


def test_an_approval_too_few_does_not_look_approved_and_the_last_one_does(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, scenario="two-approvals")
    first = card(page, 1)
    expect(first.get_by_test_id("approvals")).to_have_text("1 of 2 approvals")
    expect(first).to_have_attribute("data-decision", "approved")
    expect(first).to_have_attribute("data-approved", "false")
    expect(page.get_by_test_id("desk").get_by_test_id("approvals")).to_have_text("1 of 2 approvals")
    expect(page.get_by_test_id("desk").get_by_test_id("decision")).to_contain_text("Waits for approvals")
    page.keyboard.press("Space")
    expect(first).to_have_attribute("data-approved", "true")
    expect(first.get_by_test_id("approvals")).to_have_count(0)
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", "3")


def test_sending_back_starts_the_approvals_anew(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, scenario="two-approvals")
    page.get_by_test_id("ask-changes").click()
    page.keyboard.type("Darker.")
    page.keyboard.press("Enter")
    expect(card(page, 1)).to_have_attribute("data-decision", "adjust_prompt")
    card(page, 1).click()
    expect(page.get_by_test_id("desk").get_by_test_id("approvals")).to_have_text("0 of 2 approvals")


def test_a_clip_of_an_unapproved_keyframe_is_only_made_with_the_tick(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, kind="video", scenario="unapproved-keyframe", log="leave")
    page.keyboard.press("r")
    tick, go = page.get_by_test_id("allow-unapproved-keyframe"), page.get_by_test_id("regenerate-go")
    expect(tick).to_be_visible()
    expect(go).to_be_disabled()
    page.keyboard.press("Enter")
    expect(tick).to_be_focused()
    page.keyboard.press("Space")
    expect(tick).to_be_checked()
    page.keyboard.press("Enter")
    (asked,) = desk_server.asked_times(1, "leave", "regenerate")
    assert asked["allow_unapproved_keyframe"] is True
    card(page, 2).click()
    page.keyboard.press("r")
    expect(go).to_be_enabled()
    expect(tick).to_have_count(0)
