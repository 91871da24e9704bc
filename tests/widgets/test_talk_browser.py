"""Comments, drawings, presets and own keys on the desk, with a page's double behind it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.harness import DeskServer


def card(page: Page, segment_id: int) -> Locator:
    return page.locator(f"[data-testid=segment-card][data-segment='{segment_id}']")


def say(page: Page, text: str) -> None:
    page.keyboard.press("c")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("comment-text")).to_have_value("")


def test_names_are_offered_while_somebody_types_and_taken_or_left(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    field, offered = page.get_by_test_id("comment-text"), page.get_by_test_id("mention-option")
    page.keyboard.press("c")
    page.keyboard.type("ask @d")
    expect(offered).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(offered.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(field).to_have_value("ask @dora ")
    page.keyboard.type("or @")
    expect(offered).to_have_count(3)
    page.keyboard.press("Escape")
    expect(offered).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.type("sz")
    expect(offered).to_have_text("Pál Szűcs @pal")
    offered.click()
    expect(field).to_have_value("ask @dora or @pal ")
    page.keyboard.type("x@d")
    expect(offered).to_have_count(0)


def test_esc_drops_what_is_being_drawn_and_leaves_the_desk_as_it_was(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="dropped")
    page.get_by_test_id("draw-arrow").click()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("new-shape")).to_have_attribute("data-kind", "arrow")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("new-shape")).to_have_count(0)
    expect(page.get_by_test_id("comment-text")).to_be_focused()
    page.get_by_test_id("draw-stroke").click()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("new-shape")).to_have_count(1)
    page.get_by_test_id("clear-drawing").click()
    say(page, "no drawing")
    assert [data["region"] for data in desk_server.asked_times(1, "dropped", "add_comment")] == [None]


def test_a_comment_about_the_segment_names_no_version_and_has_no_drawing(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="segment")
    page.get_by_test_id("draw-box").click()
    page.keyboard.press("Enter")
    page.get_by_test_id("on-version").click()
    expect(page.get_by_test_id("draw-box")).to_have_count(0)
    say(page, "about all of it")
    (asked,) = desk_server.asked_times(1, "segment", "add_comment")
    assert (asked["version_id"], asked["frame"], asked["region"]) == (None, None, None)


def test_drawing_leaves_a_comparison_and_a_next_segment_has_no_drawing(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.keyboard.press("d")
    expect(page.get_by_test_id("current-picture")).to_have_count(0)
    page.get_by_test_id("draw-box").click()
    expect(page.get_by_test_id("region-overlay")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("new-shape")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.get_by_test_id("new-shape")).to_have_count(0)


def test_who_may_not_comment_sees_threads_and_writes_none(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, viewer=1, scenario="hostile", segment=1)
    expect(page.get_by_test_id("comment")).to_have_count(1)
    expect(page.get_by_test_id("resolve-comment")).to_be_disabled()
    expect(page.get_by_test_id("answer-comment")).to_be_disabled()
    expect(page.get_by_test_id("regenerate-with")).to_be_disabled()
    expect(page.get_by_test_id("draw-box")).to_have_count(0)
    assert page.get_by_test_id("comment-text").get_attribute("readonly") is not None
    assert page.evaluate("document.body.dataset.hacked") is None


def test_a_suggestion_belongs_to_one_opening_of_the_sheet(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    say(page, "@dan, softer")
    page.get_by_test_id("regenerate-with").click()
    expect(page.get_by_test_id("suggestion")).to_contain_text("softer")
    expect(page.get_by_test_id("suggestion")).not_to_contain_text("@dan")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_test_id("regenerate-sheet")).to_be_visible()
    expect(page.get_by_test_id("suggestion")).to_have_count(0)


def test_a_preset_counts_only_while_its_words_are_still_in_what_is_sent(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="counted")
    page.keyboard.press("r")
    page.get_by_test_id("preset").filter(has_text="sea fog").click()
    page.get_by_test_id("preset").filter(has_text="gentle pan").click()
    field = page.get_by_test_id("image-prompt").last
    field.fill(field.input_value().replace(", soft sea fog", ""))
    page.keyboard.press("Enter")
    assert [data["preset_ids"] for data in desk_server.asked_times(1, "counted", "count_presets")] == [[3]]


def test_hints_and_help_show_a_person_s_own_keys_and_the_desk_obeys_them(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="own", scenario="own-keys")
    expect(page.get_by_test_id("approve")).to_contain_text("9")
    page.keyboard.press("Space")
    page.keyboard.press("9")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    assert len(desk_server.asked_times(1, "own", "decide")) == 1
    page.keyboard.press("0")
    expect(page.get_by_test_id("help-sheet")).to_contain_text("9")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("90")
    expect(page.get_by_test_id("comment-text")).to_have_value("90")
    assert len(desk_server.asked("own", "decide")) == 1
