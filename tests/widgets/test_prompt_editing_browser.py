"""Prompts on the desk: what is shown when somebody else edits the same one, and their history."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.fake_prompts import RIVAL
from tests.widgets.harness import DeskServer
from tests.widgets.test_review_desk_browser import card

MINE = "My own sea"


def type_and_leave(page: Page) -> None:
    """Write into the prompt and leave the field, so that the page hears of the unsaved text."""
    page.get_by_test_id("image-prompt").fill(MINE)
    page.get_by_test_id("image-prompt").blur()


def test_an_outside_change_under_unsaved_text_is_shown_at_once_and_the_text_stays(
    open_desk: OpenDesk,
) -> None:
    page = open_desk(n=3, scenario="rival-while-typing")
    type_and_leave(page)
    clash = page.get_by_test_id("prompt-clash")
    expect(clash.locator("ins")).to_have_text(["My own sea"])
    expect(clash.locator("del")).to_have_text([RIVAL])
    expect(page.get_by_test_id("image-prompt")).to_have_value(MINE)
    expect(page.get_by_test_id("save-prompt")).to_have_count(0)


def test_yours_is_kept_by_two_enters_and_overwrites_what_was_seen(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, scenario="rival-while-typing", log="keep-yours")
    type_and_leave(page)
    expect(page.get_by_test_id("prompt-clash")).to_be_visible()
    page.get_by_test_id("image-prompt").press("Enter")
    expect(page.get_by_test_id("keep-yours")).to_be_focused()
    assert desk_server.asked("keep-yours", "save_prompt") == []
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("prompt-clash")).to_have_count(0)
    expect(card(page, 1)).to_contain_text(MINE)
    (saved,) = desk_server.asked_times(1, "keep-yours", "save_prompt")
    assert (saved["text"], saved["base_text"]) == (MINE, RIVAL)


def test_theirs_is_taken_by_escape_and_nothing_is_saved(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=3, scenario="rival-while-typing", log="take-theirs")
    type_and_leave(page)
    expect(page.get_by_test_id("prompt-clash")).to_be_visible()
    page.get_by_test_id("image-prompt").press("Escape")
    expect(page.get_by_test_id("image-prompt")).to_have_value(RIVAL)
    expect(page.get_by_test_id("draft-offer")).to_have_count(0)
    assert desk_server.asked("take-theirs", "save_prompt") == []
    assert len(desk_server.asked_times(1, "take-theirs", "discard_draft")) == 1


def test_a_save_that_comes_too_late_leads_to_the_choice(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="rival-while-saving")
    page.get_by_test_id("image-prompt").fill(MINE)
    page.get_by_test_id("image-prompt").press("Enter")
    expect(page.get_by_test_id("keep-yours")).to_be_focused()
    expect(page.get_by_test_id("image-prompt")).to_have_value(MINE)
    expect(page.get_by_test_id("toast-error")).to_have_count(0)
    expect(page.get_by_test_id("draft-offer")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("take-theirs")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("image-prompt")).to_have_value(RIVAL)


def test_a_save_from_the_grid_that_comes_too_late_leads_to_the_choice_on_the_desk(
    open_desk: OpenDesk,
) -> None:
    page = open_desk(n=3, scenario="rival-while-saving")
    card(page, 2).get_by_test_id("card-prompt").click()
    card(page, 2).get_by_test_id("card-prompt-text").fill(MINE)
    card(page, 2).get_by_test_id("card-prompt-text").press("Enter")
    expect(page.get_by_test_id("prompt-clash").locator("del")).to_have_text([RIVAL])
    page.get_by_test_id("keep-yours").click()
    expect(card(page, 2)).to_contain_text(MINE)


def test_unsent_text_that_was_left_behind_is_offered_against_theirs(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="rival-while-typing")
    type_and_leave(page)
    expect(page.get_by_test_id("prompt-clash")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_test_id("prompt-clash")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.get_by_test_id("draft-offer")).to_contain_text(MINE)
    expect(page.get_by_test_id("image-prompt")).to_have_value(RIVAL)
    page.get_by_test_id("restore-draft").click()
    expect(page.get_by_test_id("keep-yours")).to_be_focused()
    expect(page.get_by_test_id("prompt-clash").locator("ins")).to_have_text([MINE])


def test_the_regenerate_sheet_asks_before_it_overwrites(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=3, scenario="rival-in-the-sheet", log="sheet")
    page.keyboard.press("r")
    page.get_by_test_id("image-prompt").fill(MINE)
    page.get_by_test_id("engine").select_option("script")
    expect(page.get_by_test_id("prompt-clash").locator("del")).to_have_text([RIVAL])
    expect(page.get_by_test_id("image-prompt")).to_have_value(MINE)
    expect(page.get_by_test_id("draft-offer")).to_have_count(0)
    page.get_by_test_id("image-prompt").press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("prompt-clash")).to_have_count(0)
    assert desk_server.asked("sheet", "regenerate") == []
    page.keyboard.press("Enter")
    (asked,) = desk_server.asked_times(1, "sheet", "regenerate")
    assert (asked["image_prompt"], asked["base_texts"]["image_prompt"]) == (MINE, RIVAL)


def test_a_regeneration_that_comes_too_late_queues_nothing_and_shows_the_choice(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="rival-while-regenerating")
    page.keyboard.press("r")
    page.get_by_test_id("image-prompt").fill(MINE)
    page.get_by_test_id("image-prompt").press("Enter")
    expect(page.get_by_test_id("toast-error")).to_contain_text("Nothing was saved")
    expect(page.get_by_test_id("prompt-clash").locator("ins")).to_have_text([MINE])
    expect(card(page, 1)).to_have_attribute("data-task", "none")


def test_the_history_lists_each_edit_and_brings_any_wording_back(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, scenario="edited", log="history")
    page.keyboard.press("h")
    changes = page.get_by_test_id("prompt-change")
    expect(changes).to_have_count(3)
    expect(changes.nth(1)).to_contain_text("Edited outside")
    expect(changes.nth(1).locator("del").first).to_have_text("dusk")
    expect(changes.nth(1).get_by_test_id("in-use")).to_be_visible()
    oldest = changes.nth(2).get_by_test_id("use-again")
    expect(oldest).to_have_count(2)
    oldest.last.click()
    expect(changes).to_have_count(4)
    expect(changes.first).to_have_attribute("data-source", "brought_back")
    expect(page.get_by_test_id("image-prompt")).not_to_have_value("A grey harbour at dawn, gulls")
    (asked,) = desk_server.asked_times(1, "history", "bring_back_prompt")
    assert (asked["change_seq"], asked["side"], asked["field"]) == (1, "before", "image_prompt")
    page.keyboard.press("n")
    expect(page.get_by_test_id("prompt-history-list")).to_contain_text("not changed yet")
    page.get_by_test_id("prompt-history").click()
    expect(page.get_by_test_id("prompt-history-list")).to_have_count(0)


def test_a_viewer_sees_the_history_and_cannot_use_it(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="edited", viewer=1)
    page.get_by_test_id("prompt-history").click()
    expect(page.get_by_test_id("use-again").first).to_be_disabled()


def test_a_file_that_is_gone_is_told_and_put_back(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=3, scenario="gone", log="gone")
    expect(page.get_by_test_id("file-gone")).to_contain_text("gone from the stream’s folder")
    page.get_by_test_id("put-back").click()
    version_id = desk_server.asked_times(1, "gone", "restore")[0]["version_id"]
    assert version_id // 100 == 1
    page.keyboard.press("n")
    expect(page.get_by_test_id("file-gone")).to_have_count(0)


def test_opening_the_history_leaves_the_screen_in_its_place(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.set_viewport_size({"width": 1280, "height": 800})
    # What can be scrolled around the desk must not be: only the panel of the prompts may move.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<div style=\"height: 2000px\"></div>')")
    bar = page.get_by_test_id("queue-badge")
    before = bar.bounding_box()
    page.keyboard.press("h")
    expect(page.get_by_test_id("prompt-history")).to_be_in_viewport()
    page.wait_for_timeout(700)  # a smooth scroll takes its time, and ends where it must not
    assert bar.bounding_box() == before
