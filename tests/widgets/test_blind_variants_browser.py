"""Versions that differ, asked for and chosen from blind, and segments in the order of what needs work."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.harness import DeskServer
from tests.widgets.test_review_desk_browser import card


def test_versions_that_differ_are_asked_for_with_their_own_price(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="differ")
    page.keyboard.press("r")
    expect(page.get_by_test_id("variants-differ")).to_have_count(0)
    page.get_by_test_id("variants-2").click()
    page.get_by_test_id("variants-differ").click()
    expect(page.get_by_test_id("arm")).to_have_count(2)
    expect(page.get_by_test_id("arms-alike")).to_be_visible()
    second = page.get_by_test_id("arm").nth(1)
    second.get_by_test_id("engine").select_option("google")
    second.get_by_test_id("engine-model").select_option("fine-2")
    expect(page.get_by_test_id("price")).to_have_text("$0.17")
    second.get_by_test_id("arm-preset").select_option("2")
    second.get_by_test_id("arm-prompt").fill("a cliff at dusk")
    expect(page.get_by_test_id("arms-alike")).to_have_count(0)
    page.get_by_test_id("variants-blind").click()
    page.get_by_test_id("variants-3").click()
    expect(page.get_by_test_id("arm")).to_have_count(3)
    page.get_by_test_id("variants-2").click()
    expect(second.get_by_test_id("arm-prompt")).to_have_value("a cliff at dusk")
    second.get_by_test_id("arm-prompt").press("Enter")
    (asked,) = desk_server.asked_times(1, "differ", "regenerate")
    plain = {"engine": "", "model": "", "prompt": "", "preset_id": 0}
    other = {"engine": "google", "model": "fine-2", "prompt": "a cliff at dusk", "preset_id": 2}
    assert (asked["arms"], asked["blind"]) == ([plain, other], True)


def test_all_selected_are_compared_by_preset(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=3, log="bulk-differ")
    page.keyboard.press("x")
    page.get_by_test_id("regenerate-selected").click()
    page.get_by_test_id("variants-2").click()
    page.get_by_test_id("variants-differ").click()
    expect(page.get_by_test_id("arm-prompt")).to_have_count(0)
    page.get_by_test_id("arm").nth(1).get_by_test_id("arm-preset").select_option("2")
    page.get_by_test_id("bulk-go").click()
    (asked,) = desk_server.asked_times(1, "bulk-differ", "regenerate_selected")
    assert ([arm["preset_id"] for arm in asked["arms"]], asked["blind"]) == ([0, 2], False)


def test_a_blind_choice_tells_nothing_before_and_everything_after(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=4, scenario="blind", log="blind")
    expect(page.get_by_test_id("pickable")).to_be_visible()
    page.keyboard.press("b")
    choice = page.get_by_test_id("variants")
    expect(choice).to_have_attribute("data-blind", "true")
    expect(choice).to_contain_text("Nobody is told which is which")
    for word in ("seed", "painter", "Version", "$"):
        expect(page.get_by_test_id("variant").first).not_to_contain_text(word)
    page.keyboard.press("2")
    expect(page.get_by_test_id("toast").last).to_contain_text("google · fine-2 made it")
    (picked,) = desk_server.asked_times(1, "blind", "pick_blind")
    assert (picked["set_id"], picked["position"]) == ("set1", 2)
    assert desk_server.asked("blind", "pick_variant") == []


def test_none_better_is_said_with_a_button(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=4, scenario="blind", log="tie")
    card(page, 2).click()
    page.get_by_test_id("show-variants").click()
    page.get_by_test_id("tie-variants").press("Enter")
    expect(page.get_by_test_id("variants")).to_contain_text("None was found better")
    assert desk_server.asked_times(1, "tie", "tie_variants")[0]["set_id"] == "set2"


def order_of(page: Page) -> list[str | None]:
    return [one.get_attribute("data-segment") for one in page.get_by_test_id("segment-card").all()]


def test_what_needs_work_comes_first_when_asked_for_and_a_verdict_moves_nothing(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, scenario="ordered")
    expect(card(page, 1)).to_be_visible()
    assert order_of(page) == ["1", "2", "3", "4"]
    page.get_by_test_id("order").select_option("attention")
    expect(page.get_by_test_id("score")).to_have_text(["90 %", "60 %", "20 %"])
    assert order_of(page) == ["3", "4", "1", "2"]
    card(page, 3).click()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", "4")
    assert order_of(page) == ["3", "4", "1", "2"]


def test_without_knowledge_there_is_no_order_to_choose(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    expect(card(page, 1)).to_be_visible()
    expect(page.get_by_test_id("order")).to_have_count(0)
