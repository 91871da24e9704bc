from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.watching import record, wait_for_recorded
from tests.widgets.conftest import OpenDesk
from tests.widgets.harness import DeskServer


def card(page: Page, segment_id: int) -> Locator:
    return page.locator(f"[data-testid=segment-card][data-segment='{segment_id}']")


def on_desk(page: Page) -> Locator:
    return page.get_by_test_id("desk")


def test_a_morning_by_keyboard_alone(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=12, log="morning", keep="morning")
    for number in range(1, 6):
        expect(on_desk(page)).to_have_attribute("data-segment", str(number))
        page.keyboard.press("Space")
        expect(card(page, number)).to_have_attribute("data-decision", "approved")
    decided = desk_server.asked_times(5, "morning", "decide")
    assert [data["segment_ids"] for data in decided] == [[1], [2], [3], [4], [5]]
    assert all(len(data["sha256s"][str(n)]) == 64 for n, data in enumerate(decided, 1))

    page.keyboard.press("r")
    expect(page.get_by_test_id("regenerate-sheet")).to_be_visible()
    page.keyboard.type(", gulls, no boats")
    expect(page.get_by_test_id("word-diff").locator("ins")).to_have_text(", gulls, no boats")
    expect(page.get_by_test_id("price")).to_have_text("$0.04")
    page.keyboard.press("Enter")
    expect(card(page, 6)).to_have_attribute("data-task", "queued")
    expect(card(page, 6)).to_have_attribute("data-decision", "adjust_prompt")
    (asked,) = desk_server.asked_times(1, "morning", "regenerate")
    assert asked["image_prompt"].endswith(", gulls, no boats")
    assert (asked["seed"], asked["engine"]) == ("new", "local")

    page.keyboard.press("v")
    expect(page.get_by_test_id("version")).to_have_count(1)
    page.keyboard.press("v")
    expect(page.get_by_test_id("versions-strip")).to_have_count(0)
    page.keyboard.press("z")
    expect(card(page, 6)).to_have_attribute("data-decision", "undecided")
    page.keyboard.press("z")
    expect(card(page, 5)).to_have_attribute("data-decision", "undecided")
    expect(on_desk(page)).to_have_attribute("data-segment", "5")

    page.reload()
    page.get_by_test_id("page-keyframes").wait_for()
    expect(on_desk(page)).to_have_attribute("data-segment", "5")
    expect(card(page, 4)).to_have_attribute("data-decision", "approved")
    expect(card(page, 5)).to_have_attribute("data-decision", "undecided")


def test_what_is_being_made_is_made_once_passed_over_and_can_be_stopped(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="once")
    for key in ("r", "Enter", "Enter", "r", "Enter"):
        page.keyboard.press(key)
    expect(card(page, 1)).to_have_attribute("data-task", "queued")
    expect(page.get_by_test_id("regenerate")).to_be_disabled()
    page.keyboard.press("Space")
    expect(on_desk(page)).to_have_attribute("data-segment", "2")
    page.keyboard.press("Space")
    expect(card(page, 2)).to_have_attribute("data-decision", "approved")
    page.keyboard.press("p")
    page.keyboard.press("p")
    page.get_by_test_id("cancel-task").click()
    expect(card(page, 1)).to_have_attribute("data-task", "cancelled")
    assert len(desk_server.asked_times(1, "once", "regenerate")) == 1
    assert [data["segment_ids"] for data in desk_server.asked_times(1, "once", "decide")] == [[2]]
    assert [data["task_id"] for data in desk_server.asked_times(1, "once", "cancel_task")] == ["t1"]


def test_a_version_is_made_from_queue_to_picture_before_the_eyes(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, step=0.15)
    record(page, "[data-testid=desk] [data-testid=task-progress]", "data-percent")
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    progress = on_desk(page).get_by_test_id("task-progress")
    wait_for_recorded(page, "^(20|40|60|80)$")
    expect(card(page, 1)).to_have_attribute("data-version", "4")
    expect(card(page, 1)).to_have_attribute("data-decision", "undecided")
    expect(progress).to_have_count(0)


def test_an_earlier_version_is_looked_at_and_made_current_by_keyboard(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.keyboard.press("v")
    expect(page.get_by_test_id("version")).to_have_count(3)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("earlier-version")).to_contain_text("Version 2")
    expect(page).to_have_url(re.compile("version=2"))
    expect(page.get_by_test_id("approve")).to_be_disabled()
    page.keyboard.press("Enter")
    expect(card(page, 1)).to_have_attribute("data-version", "2")
    expect(page.get_by_test_id("approve")).to_be_enabled()


def test_a_note_goes_with_an_approval_and_with_a_refusal(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="notes")
    page.keyboard.press("a")
    page.keyboard.type("Lovely. Keep the fog.")
    page.keyboard.press("Enter")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved_with_notes")
    expect(on_desk(page)).to_have_attribute("data-segment", "2")
    page.get_by_test_id("ask-changes").click()
    page.keyboard.type("Too bright")
    page.keyboard.press("Enter")
    expect(card(page, 2)).to_have_attribute("data-decision", "adjust_prompt")
    notes = [(data["decision"], data["note"]) for data in desk_server.asked_times(2, "notes", "decide")]
    assert notes == [("approved_with_notes", "Lovely. Keep the fog."), ("adjust_prompt", "Too bright")]


def test_keys_are_letters_while_somebody_types(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=3, log="letters")
    page.keyboard.press("c")
    page.keyboard.type("a fair zoo, never rave ")
    expect(page.get_by_test_id("comment-text")).to_have_value("a fair zoo, never rave ")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("comment")).to_have_count(1)
    expect(page.get_by_test_id("comment")).to_contain_text("a fair zoo, never rave")
    assert desk_server.asked("letters", "decide") == []
    page.get_by_test_id("resolve-comment").click()
    expect(page.get_by_test_id("comment")).to_have_attribute("data-resolved", "true")


def test_versions_that_come_late_leave_the_keyboard_to_who_is_writing(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="late-detail")
    page.keyboard.press("v")
    page.keyboard.press("c")
    expect(page.get_by_test_id("comment-text")).to_be_focused()
    page.keyboard.type("H")
    expect(page.get_by_test_id("version").first).to_be_visible()
    page.keyboard.type("alf a thought")
    expect(page.get_by_test_id("comment-text")).to_have_value("Half a thought")


def test_space_is_a_buttons_own_after_tab_and_the_desks_after_a_click(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="space")
    page.get_by_test_id("versions").focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("versions-strip")).to_be_visible()
    page.get_by_test_id("next").click()
    page.keyboard.press("Space")
    expect(card(page, 2)).to_have_attribute("data-decision", "approved")
    assert [data["segment_ids"] for data in desk_server.asked_times(1, "space", "decide")] == [[2]]
    page.keyboard.press("?")
    expect(page.get_by_test_id("help-sheet")).to_contain_text("Approve, go to the next undecided")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("help-sheet")).to_have_count(0)
    page.keyboard.press("f")
    expect(page.get_by_test_id("home")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("home")).to_be_visible()


def test_what_was_opened_by_the_next_key_keeps_the_focus(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.keyboard.press("c")
    expect(page.get_by_test_id("comment-text")).to_be_focused()
    focused = page.evaluate("""() => new Promise((resolve) => {
        const event = (key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
        const press = (key, where) => where.dispatchEvent(event(key));
        const tell = () => resolve(document.activeElement.dataset.testid);
        press("Escape", document.activeElement);
        press("q", document.body);
        requestAnimationFrame(() => requestAnimationFrame(tell));
    })""")
    assert focused == "decision-note-text"
