"""Suggestions in the regenerate sheet: read, used, taken back and told, by mouse and by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.fake_advice import NEAR
from tests.widgets.harness import DeskServer


def test_a_suggestion_becomes_a_draft_and_is_told_when_it_is_made(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="advice")
    expect(page.get_by_test_id("desk")).to_be_visible()
    page.keyboard.press("r")
    field = page.get_by_test_id("image-prompt").last
    mine = field.input_value()
    advised = page.get_by_test_id("advised-prompt")
    expect(advised).to_have_count(2)
    expect(advised.first).to_contain_text("72 % predicted (95 % 44–93 %) · approved 3 of 4")
    expect(advised.last).to_contain_text("worth a try")
    expect(page.get_by_test_id("advice-own")).to_contain_text("41 % predicted (95 % 20–60 %)")
    expect(page.get_by_test_id("advised-makers")).to_contain_text("google · fine-2: 9 of 12 approved")
    assert desk_server.asked("advice", "regenerate") == []

    page.get_by_test_id("use-prompt").first.focus()
    page.keyboard.press("Enter")
    expect(field).to_have_value(NEAR)
    expect(field).to_be_focused()
    page.get_by_test_id("use-prompt").first.click()
    expect(field).to_have_value(mine)

    phrase = page.get_by_test_id("use-phrase")
    expect(phrase).to_have_text("golden hour 18 of 20")
    phrase.focus()
    page.keyboard.press("Space")
    expect(field).to_have_value(f"{mine}, golden hour")
    expect(phrase).to_have_attribute("aria-pressed", "true")
    field.press("Enter")
    taken = desk_server.asked_times(3, "advice", "take_suggestions")
    assert [(data["suggestion_ids"], data["task_id"] is None) for data in taken] == [
        ([11], True),
        ([13], True),
        ([13], False),
    ]


def test_closed_suggestions_stay_closed_and_nothing_is_asked_for(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=2, log="advice-closed")
    expect(page.get_by_test_id("desk")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_test_id("advice-toggle").click()
    expect(page.get_by_test_id("advised-prompt")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("r")
    expect(page.get_by_test_id("advice-toggle")).to_have_attribute("aria-expanded", "false")
    assert len(desk_server.asked("advice-closed", "advice")) <= 1
    page.get_by_test_id("advice-toggle").click()
    expect(page.get_by_test_id("advised-prompt")).to_have_count(2)
