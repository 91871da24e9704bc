"""What survives a reload, a crashed tab and another browser: the place, what is open, and unsent words."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.harness import DeskServer
from tests.widgets.test_review_desk_browser import card

KEPT_MS = 400
"""A little longer than the desk waits until it keeps what is open."""


def reload(page: Page) -> None:
    page.wait_for_timeout(KEPT_MS)
    page.reload()
    page.get_by_test_id("page-keyframes").wait_for()


def test_selection_search_and_scroll_come_back(open_desk: OpenDesk) -> None:
    page = open_desk(n=120)
    page.get_by_test_id("prompt-search").fill("ice")
    page.keyboard.press("Escape")
    card(page, 17).click()
    page.keyboard.press("x")
    page.keyboard.press("n")
    page.keyboard.press("Shift+X")
    before = page.locator("[data-testid=desk]").get_attribute("data-segment")
    reload(page)
    expect(page.get_by_test_id("prompt-search")).to_have_value("ice")
    expect(page.get_by_test_id("selection-count")).to_have_text("2 selected")
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", str(before))
    expect(card(page, int(before or 0))).to_be_in_viewport()


def test_an_open_sheet_comes_back_with_the_words_in_it(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.keyboard.press("r")
    expect(page.get_by_test_id("image-prompt")).to_be_focused()
    page.keyboard.type(", gulls")
    reload(page)
    expect(page.get_by_test_id("regenerate-sheet")).to_be_visible()
    expect(page.get_by_test_id("word-diff").locator("ins")).to_have_text(", gulls")
    expect(page.get_by_test_id("draft-offer")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("draft-offer")).to_contain_text(", gulls")


def test_a_note_and_a_comment_that_were_not_sent_come_back(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="remarks")
    page.keyboard.press("c")
    expect(page.get_by_test_id("comment-text")).to_be_focused()
    page.keyboard.type("Half a thou")
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    expect(page.get_by_test_id("decision-note-text")).to_be_focused()
    page.keyboard.type("Too bri")
    reload(page)
    expect(page.get_by_test_id("decision-note-text")).to_have_value("Too bri")
    expect(page.get_by_test_id("comment-text")).to_have_value("Half a thou")
    page.get_by_test_id("decision-note-text").fill("Too bright")
    page.keyboard.press("Enter")
    expect(card(page, 1)).to_have_attribute("data-decision", "adjust_prompt")
    kept = [(data["field"], data["text"]) for data in desk_server.asked("remarks", "save_draft")]
    assert ("comment_keyframe", "Half a thou") in kept
    forgotten = desk_server.asked_times(1, "remarks", "discard_draft")
    assert {"segment_id": 1, "field": "changes_keyframe"} in forgotten


def test_after_a_crash_a_new_tab_goes_on_where_the_old_one_ended(open_desk: OpenDesk) -> None:
    page = open_desk(n=12)
    page.get_by_test_id("filter-undecided").click()
    card(page, 5).click()
    page.keyboard.press("x")
    page.get_by_test_id("size-large").click()
    page.keyboard.press("e")
    expect(page.get_by_test_id("image-prompt")).to_be_focused()
    page.keyboard.type(", unsent")
    page.wait_for_timeout(KEPT_MS)
    # A tab that crashes says no goodbye; its page would swallow that of the next test, too.
    page.evaluate("window.addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)")
    page.evaluate("window.stage = 'crashed'")
    again = open_desk(n=12)
    expect(again.get_by_test_id("desk")).to_have_attribute("data-segment", "5")
    expect(again.get_by_test_id("filter-undecided")).to_have_attribute("aria-pressed", "true")
    expect(again.get_by_test_id("size-large")).to_have_attribute("aria-pressed", "true")
    expect(again.get_by_test_id("selection-count")).to_have_text("1 selected")
    expect(again.get_by_test_id("draft-offer")).to_contain_text(", unsent")


def test_a_tab_that_was_closed_leaves_only_what_is_a_matter_of_taste(open_desk: OpenDesk) -> None:
    page = open_desk(n=12)
    card(page, 5).click()
    page.keyboard.press("x")
    page.get_by_test_id("size-large").click()
    page.wait_for_timeout(KEPT_MS)
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    again = open_desk(n=12)
    expect(again.get_by_test_id("size-large")).to_have_attribute("aria-pressed", "true")
    expect(again.get_by_test_id("desk")).to_have_attribute("data-segment", "1")
    expect(again.get_by_test_id("selection-bar")).to_have_count(0)


def test_unsent_words_are_offered_against_a_prompt_that_changed_since(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="draft-over-other-words")
    offer = page.get_by_test_id("draft-offer")
    expect(offer.get_by_test_id("draft-changed")).to_contain_text("changed since")
    expect(offer.get_by_test_id("word-diff").locator("ins")).to_have_text("red")
    expect(offer.get_by_test_id("word-diff").locator("del")).to_have_text("grey")
    page.get_by_test_id("restore-draft").click()
    expect(page.get_by_test_id("keep-yours")).to_be_focused()


def test_every_prompt_is_edited_in_the_grid_by_key_and_by_mouse(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="grid-fields")
    card(page, 2).click()
    page.keyboard.press("n")
    page.keyboard.press("p")
    expect(card(page, 2)).to_be_focused()
    page.keyboard.press("Enter")
    field = card(page, 2).get_by_test_id("card-prompt-text")
    expect(field).to_have_attribute("data-field", "image_prompt")
    field.fill("A calm sea")
    card(page, 2).get_by_test_id("card-motion_prompt").click()
    expect(field).to_have_value("slow push in")
    field.fill("hold still")
    page.keyboard.press("Shift+Tab")
    expect(card(page, 2).get_by_test_id("card-negative_prompt")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("data-field", "negative_prompt")
    field.fill("people")
    field.press("Enter")
    expect(card(page, 2).get_by_test_id("card-prompt")).to_have_text("A calm sea")
    saved = desk_server.asked_times(3, "grid-fields", "save_prompt")
    assert [(data["field"], data["text"]) for data in saved] == [
        ("image_prompt", "A calm sea"),
        ("motion_prompt", "hold still"),
        ("negative_prompt", "people"),
    ]


def test_the_words_on_the_desk_are_compared_with_the_version_that_is_shown(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    expect(page.get_by_test_id("desk")).to_be_visible()
    expect(page.get_by_test_id("changed-image-prompt")).to_have_count(0)
    page.keyboard.press("e")
    page.keyboard.type(", gulls")
    expect(page.get_by_test_id("diff-image-prompt").locator("ins")).to_have_text(", gulls")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("diff-image-prompt")).to_have_count(0)
    page.get_by_test_id("changed-image-prompt").click()
    expect(page.get_by_test_id("diff-image-prompt").locator("ins")).to_have_text(", gulls")
    expect(page.get_by_test_id("changed-image-prompt")).to_have_text("Hide changes")


def test_a_card_tells_percent_and_time_left_and_stops_what_is_made(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, scenario="running", log="card-stop")
    progress = card(page, 2).get_by_test_id("task-progress")
    expect(progress).to_have_text("rendering 40 %, 6 s left")
    card(page, 2).hover()
    card(page, 2).get_by_test_id("card-cancel-task").click()
    expect(card(page, 2)).to_have_attribute("data-task", "cancelled")
    assert [data["task_id"] for data in desk_server.asked_times(1, "card-stop", "cancel_task")] == ["t2"]
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", "1")
