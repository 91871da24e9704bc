"""Versions to choose from on the desk: asked for, watched, picked, and a still made like another one."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.desk_samples import sample_words
from tests.widgets.harness import DeskServer
from tests.widgets.test_review_desk_browser import card


def on_desk(page: Page, segment_id: int) -> None:
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", str(segment_id))


def test_variants_are_asked_for_and_watched_by_keyboard(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=3, log="ask-variants")
    expect(page.get_by_test_id("desk")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_test_id("variants-3")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("price")).to_have_text("$0.12")
    page.get_by_test_id("variants-4").click()
    expect(page.get_by_test_id("price")).to_have_text("$0.16")
    page.get_by_test_id("variants-2").focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("price")).to_have_text("$0.08")
    page.get_by_test_id("image-prompt").press("Enter")
    variants = page.get_by_test_id("variant")
    expect(variants).to_have_count(2)
    expect(variants.first).to_have_attribute("data-state", "queued")
    expect(page.get_by_test_id("variants")).to_contain_text("0 of 2 variants are made")
    expect(card(page, 1)).to_contain_text("2 variants, waiting")
    expect(page.get_by_test_id("approve")).to_be_disabled()
    (asked,) = desk_server.asked_times(1, "ask-variants", "regenerate")
    assert (asked["variants"], asked["references"], asked["engine"]) == (2, [], "local")
    page.keyboard.press("b")
    expect(page.get_by_test_id("variants")).to_have_count(0)
    expect(page.get_by_test_id("cancel-task")).to_have_text("Cancel all 2")
    page.get_by_test_id("cancel-task").click()
    cancelled = desk_server.asked_times(2, "ask-variants", "cancel_task")
    assert [data["task_id"] for data in cancelled] == ["v1_1", "v1_2"]


def test_a_variant_is_picked_with_its_number_and_taken_back_with_one_key(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=4, scenario="variants", log="pick-variant")
    expect(card(page, 1).get_by_test_id("to-pick")).to_have_text("pick 1 of 3")
    expect(page.get_by_test_id("pickable")).to_contain_text("3 variants wait for a choice")
    page.keyboard.press("2")
    page.keyboard.press("b")
    expect(page.get_by_test_id("variant")).to_have_count(3)
    expect(page.get_by_test_id("variants")).to_contain_text("Version 3 stays current until one is picked")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("toast").last).to_contain_text("Choose one of the variants first")
    assert desk_server.asked("pick-variant", "decide") == []
    page.keyboard.press("2")
    expect(card(page, 1)).to_have_attribute("data-version", "5")
    expect(page.get_by_test_id("variants")).to_have_count(0)
    expect(page.get_by_text("Variant 2 is current now, as version 5")).to_be_visible()
    (picked,) = desk_server.asked_times(1, "pick-variant", "pick_variant")
    assert (picked["set_id"], picked["version_id"]) == ("set1", 105)
    page.keyboard.press("v")
    expect(page.get_by_test_id("version")).to_have_count(6)
    page.keyboard.press("z")
    expect(card(page, 1)).to_have_attribute("data-version", "3")


def test_a_variant_is_picked_by_mouse_and_a_failed_one_says_why(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, scenario="variants")
    card(page, 3).click()
    page.get_by_test_id("show-variants").click()
    expect(page.get_by_test_id("variant")).to_have_count(4)
    failed = page.get_by_test_id("variant").nth(1)
    expect(failed).to_contain_text("The engine refused the words")
    expect(failed.get_by_test_id("retry-task")).to_be_visible()
    expect(page.get_by_test_id("pick-2")).to_be_disabled()
    page.keyboard.press("2")
    expect(page.get_by_text("Variant 2 is not made.")).to_be_visible()
    page.get_by_test_id("pick-4").click()
    expect(card(page, 3)).to_have_attribute("data-version", "4")
    expect(card(page, 3).get_by_test_id("to-pick")).to_have_count(0)


def test_what_is_still_made_shows_its_percent_and_the_choice_survives_a_reload(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, scenario="variants")
    card(page, 2).click()
    page.get_by_test_id("variants-open").click()
    first = page.get_by_test_id("variant").first.get_by_test_id("task-progress")
    expect(first).to_have_attribute("data-percent", "40")
    page.wait_for_timeout(300)  # what is open is kept a moment later
    page.reload()
    page.get_by_test_id("page-keyframes").wait_for()
    expect(page.get_by_test_id("variant")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("variants")).to_have_count(0)


def test_a_still_is_made_like_another_one_and_the_picture_goes_where_engines_take_it(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=4, log="similar")
    expect(page.get_by_test_id("desk")).to_be_visible()
    page.keyboard.press("g")
    on_desk(page, 2)
    words = page.get_by_test_id("image-prompt")
    expect(words).to_have_value(f"{sample_words(1)[1]}, in the style of segment 1")
    note = page.get_by_test_id("reference-note")
    expect(note).to_have_text("The engine “local” takes no pictures to go by, so only the words go along.")
    page.get_by_test_id("engine").select_option("google")
    expect(note).to_have_text("The still of segment 1 goes along as a picture to go by.")
    page.get_by_test_id("like-own-words").click()
    expect(words).to_have_value(sample_words(2)[1])
    page.get_by_test_id("like-target").select_option("4")
    on_desk(page, 4)
    page.get_by_test_id("like-source").select_option("3")
    expect(words).to_have_value(f"{sample_words(3)[1]}, in the style of segment 3")
    page.get_by_test_id("engine").select_option("google")
    words.press("Enter")
    expect(card(page, 4)).to_have_attribute("data-task", "queued")
    (asked,) = desk_server.asked_times(1, "similar", "regenerate")
    assert (asked["segment_id"], asked["references"], asked["engine"]) == (4, [301], "google")
    assert asked["image_prompt"].endswith(", in the style of segment 3")


def test_escape_goes_back_to_the_still_that_was_to_be_the_example(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, segment=2)
    page.get_by_test_id("similar").click()
    on_desk(page, 3)
    page.keyboard.press("Escape")
    on_desk(page, 2)
    expect(page.get_by_test_id("regenerate-sheet")).to_have_count(0)


def test_on_the_clips_it_is_said_why_nothing_is_made_like_another(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, kind="video")
    page.keyboard.press("g")
    expect(page.get_by_test_id("toast").last).to_contain_text("a clip starts from its own keyframe")
    expect(page.get_by_test_id("similar")).to_have_count(0)


def test_a_model_is_chosen_with_its_price_and_kept_for_the_segment_or_the_stream(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="engine")
    page.keyboard.press("r")
    expect(page.get_by_test_id("engine").locator("option[value=replicate]")).to_be_disabled()
    page.get_by_test_id("engine").select_option("google")
    expect(page.get_by_test_id("engine-model").locator("option")).to_have_text(
        ["quick-1 · $0.039 a still", "fine-2 · $0.13 a still"]
    )
    page.get_by_test_id("engine-model").select_option("fine-2")
    expect(page.get_by_test_id("price")).to_have_text("$0.13")
    page.get_by_test_id("engine-keep").select_option("segment")
    page.get_by_test_id("regenerate-go").click()
    (asked,) = desk_server.asked_times(1, "engine", "regenerate")
    assert (asked["engine"], asked["model"]) == ("google", "fine-2")
    (kept,) = desk_server.asked_times(1, "engine", "choose_engine")
    assert (kept["segment_id"], kept["engine"], kept["model"]) == (1, "google", "fine-2")
    expect(page.get_by_text("google, fine-2, makes segment 1 from now on.")).to_be_visible()
    page.get_by_test_id("cancel-task").click()
    page.get_by_test_id("regenerate").click()
    expect(page.get_by_test_id("engine-model")).to_have_value("fine-2")
    page.get_by_test_id("forget-engine").click()
    expect(page.get_by_text("made like the rest of the stream again")).to_be_visible()
    (forgotten,) = desk_server.asked_times(1, "engine", "forget_engine")
    assert forgotten["segment_id"] == 1


def test_what_is_queued_already_is_said_and_the_verdict_stays_as_it_was(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="queued-already")
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("toast").last).to_contain_text("queued with the same wishes already")
    expect(card(page, 1)).to_have_attribute("data-decision", "undecided")


def test_variants_are_shown_although_they_were_asked_for_before_the_segment_was_read(
    open_desk: OpenDesk,
) -> None:
    page = open_desk(n=4, scenario="variants")
    expect(page.get_by_test_id("pickable")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("b")
    expect(page.get_by_test_id("variant")).to_have_count(2)
    expect(page.get_by_test_id("regenerate-sheet")).to_have_count(0)
    expect(page.get_by_test_id("toast")).to_have_count(0)
