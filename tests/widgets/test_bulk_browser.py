"""One deed on all selected segments, by mouse and by key: counted, priced, and the skipped ones named."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.harness import DeskServer
from tests.widgets.test_review_desk_browser import card


def selected(page: Page) -> list[str | None]:
    chosen = page.locator("[data-testid=segment-card][data-chosen=true]").all()
    return [one.get_attribute("data-segment") for one in chosen]


def test_segments_are_selected_by_click_by_range_by_key_and_by_what_is_shown(open_desk: OpenDesk) -> None:
    page = open_desk(n=12, mixed=1)
    expect(page.get_by_test_id("segment-card").first).to_be_visible()
    card(page, 2).get_by_test_id("choose").check(force=True)
    card(page, 5).click(modifiers=["Shift"])
    assert selected(page) == ["2", "3", "4", "5"]
    card(page, 3).click(modifiers=["Control"])
    assert selected(page) == ["2", "4", "5"]
    taken = page.get_by_test_id("export-selected")
    expect(taken).to_have_attribute("href", "/export/lighthouse/keyframes?segments=2,4,5")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("selection-bar")).to_have_count(0)
    card(page, 1).click()
    page.keyboard.press("x")
    for _ in range(2):
        page.keyboard.press("n")
    page.keyboard.press("Shift+X")
    assert selected(page) == ["1", "2", "3"]
    page.get_by_test_id("filter-approved").click()
    page.keyboard.press("Control+a")
    page.get_by_test_id("filter-all").click()
    expect(page.get_by_test_id("selection-count")).to_have_text("7 selected")
    page.get_by_test_id("filter-approved").click()
    expect(page.get_by_test_id("selection-hidden")).to_have_text("3 not shown")
    page.get_by_test_id("clear-selection").click()
    assert selected(page) == []


def test_all_selected_are_approved_and_the_others_named(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=4, log="approve-all")
    expect(page.get_by_test_id("desk")).to_be_visible()
    page.keyboard.press("Space")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    page.keyboard.press("Control+a")
    page.get_by_test_id("approve-selected").click()
    for number in (2, 3, 4):
        expect(card(page, number)).to_have_attribute("data-decision", "approved")
    expect(page.get_by_test_id("toast").last).to_have_text(
        "Approved 3 stills. Left 1: it is approved already."
    )
    (asked,) = desk_server.asked_times(1, "approve-all", "approve_selected")
    assert [one["segment_id"] for one in asked["shown"]] == [1, 2, 3, 4]
    assert all(len(one["sha256"]) == 64 for one in asked["shown"])
    expect(page.get_by_test_id("selection-bar")).to_have_count(0)


def test_all_selected_are_made_anew_by_keyboard_after_their_price_was_shown(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=4, log="make-all")
    expect(page.get_by_test_id("desk")).to_be_visible()
    page.keyboard.press("Shift+R")
    expect(page.get_by_test_id("toast").last).to_contain_text("No segment is selected")
    page.keyboard.press("Space")
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+R")
    expect(page.get_by_test_id("bulk-plan")).to_have_text("3 segments are made anew, $0.12 in all")
    expect(page.get_by_test_id("bulk-skipped")).to_have_text("Left 1: it is approved already.")
    page.get_by_test_id("variants-2").click()
    expect(page.get_by_test_id("bulk-go")).to_contain_text("Regenerate 3, $0.24")
    page.get_by_test_id("engine").select_option("script")
    expect(page.get_by_test_id("bulk-price")).to_have_text("$2.10")
    page.get_by_test_id("bulk-regenerate-sheet").focus()
    page.keyboard.press("Enter")
    for number in (2, 3, 4):
        expect(card(page, number)).to_have_attribute("data-task", "queued")
    expect(page.get_by_test_id("toast").last).to_contain_text("Queued 3 stills.")
    (asked,) = desk_server.asked_times(1, "make-all", "regenerate_selected")
    assert (asked["engine"], asked["model"], asked["variants"]) == ("script", "", 2)


def test_the_same_is_said_at_all_selected_and_unsent_words_stay(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=4, log="say-all")
    expect(page.get_by_test_id("desk")).to_be_visible()
    for key in ("x", "n", "n", "x", "Shift+C"):
        page.keyboard.press(key)
    page.keyboard.type("Warmer, please")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("bulk-comment-sheet")).to_have_count(0)
    page.get_by_test_id("comment-selected").click()
    expect(page.get_by_test_id("bulk-comment-text")).to_have_value("Warmer, please")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("toast").last).to_have_text("Commented on 2 stills.")
    expect(page.get_by_test_id("comment")).to_contain_text("Warmer, please")
    (asked,) = desk_server.asked_times(1, "say-all", "comment_selected")
    assert (asked["segment_ids"], asked["text"]) == ([1, 3], "Warmer, please")


def test_a_preset_goes_into_all_selected_by_keyboard(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=4, log="preset-all")
    expect(page.get_by_test_id("desk")).to_be_visible()
    page.keyboard.press("x")
    page.keyboard.press("Shift+P")
    expect(page.get_by_test_id("selection-preset")).to_be_focused()
    page.get_by_test_id("selection-preset").select_option(label="sea fog")
    page.keyboard.press("Enter")
    expect(card(page, 1)).to_contain_text("soft sea fog")
    (asked,) = desk_server.asked_times(1, "preset-all", "apply_preset")
    assert (asked["preset_id"], asked["segment_ids"]) == (2, [1])


def test_a_viewer_selects_and_is_told_why_nothing_can_be_done_to_all(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, viewer=1)
    expect(page.get_by_test_id("desk")).to_be_visible()
    page.keyboard.press("Control+a")
    for name in ("approve-selected", "regenerate-selected", "comment-selected"):
        expect(page.get_by_test_id(name)).to_be_disabled()
    page.keyboard.press("Shift+A")
    expect(page.get_by_test_id("toast").last).to_have_text("Your role may not decide on versions.")
