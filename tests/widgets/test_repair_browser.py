from __future__ import annotations

from playwright.sync_api import expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.harness import DeskServer


def test_a_stream_that_is_up_to_date_has_no_bar(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    expect(page.get_by_test_id("segment-card")).to_have_count(3)
    expect(page.get_by_test_id("repair-bar")).to_have_count(0)


def test_a_repair_is_read_and_done_by_keyboard(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=4, scenario="outdated", log="repair")
    expect(page.get_by_test_id("repair-bar")).to_contain_text(
        "3 out of date: 2 stills and 1 clip, about $0.54"
    )
    page.get_by_test_id("repair-open").focus()
    page.keyboard.press("Enter")
    steps = page.get_by_test_id("repair-step")
    expect(steps).to_have_count(3)
    expect(steps.nth(0)).to_contain_text("Bring back still version 1 in place of version 2")
    expect(steps.nth(0)).to_contain_text("The image prompt has changed")
    expect(steps.nth(2)).to_contain_text("Not now: its keyframe has to be repaired first.")
    expect(page.get_by_test_id("repair-approved")).to_have_count(1)
    expect(page.get_by_test_id("repair-apply")).to_have_text("Repair 1 now, $0.00")
    page.keyboard.press("r")
    expect(page.get_by_test_id("regenerate-sheet")).to_have_count(0)
    page.get_by_test_id("repair-approved-too").focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("repair-apply")).to_have_text("Repair 2 now, $0.04")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("repair-with-clips")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("repair-apply")).to_have_text("Repair 3 now, $0.54")
    expect(page.get_by_test_id("repair-later")).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("repair-sheet")).to_have_count(0)
    expect(page.get_by_test_id("repair-bar")).to_contain_text("1 out of date: 1 clip")
    expect(page.get_by_text("2 queued, 1 restored.")).to_be_visible()
    [asked] = desk_server.asked_times(1, "repair", "apply_repair")
    assert asked["plan_sha256"] == "c0ffee"
    assert (asked["replace_approved"], asked["with_clips"]) == (True, True)


def test_escape_closes_the_sheet_and_gives_the_keys_back(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, scenario="outdated")
    page.get_by_test_id("repair-open").click()
    expect(page.get_by_test_id("repair-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("repair-sheet")).to_have_count(0)
    page.keyboard.press("r")
    expect(page.get_by_test_id("regenerate-sheet")).to_be_visible()


def test_a_plan_that_changed_meanwhile_is_told_and_shown_anew(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=4, scenario="outdated-changing", log="changing")
    page.get_by_test_id("repair-open").click()
    asked = len(desk_server.asked_times(2, "changing", "repair_plan"))
    page.get_by_test_id("repair-apply").click()
    expect(page.get_by_test_id("toast-error")).to_contain_text("Nothing was saved")
    expect(page.get_by_test_id("repair-sheet")).to_be_visible()
    assert len(desk_server.asked_times(asked + 1, "changing", "repair_plan")) > asked


def test_a_viewer_reads_the_plan_and_is_told_why_it_rests(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, scenario="outdated", viewer=1)
    page.get_by_test_id("repair-open").click()
    expect(page.get_by_test_id("repair-apply")).to_be_disabled()
    expect(page.get_by_test_id("repair-apply")).to_have_attribute(
        "title", "Your role may not start generation"
    )


def test_a_stale_card_says_why(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, scenario="outdated")
    tag = page.locator("[data-testid=segment-card][data-segment='1'] .is-stale")
    expect(tag).to_have_attribute("title", "The image prompt has changed since this still was made.")
