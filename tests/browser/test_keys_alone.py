"""The checkpoints beside the desk, the activity and the streams page, with Tab, arrows and keys alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from director_lib.config import load_settings
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from tests.browser.conftest import LiveStudio, start_studio
from tests.delivery.delivering import make_stream
from tests.watching import OpenPage, eventually, tab_to

MOST_TABS = 150


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudio]:
    """A running studio with one short film whose stills and clips are approved."""
    home = tmp_path_factory.mktemp("studio")
    settings = load_settings(home=home, local_pace_s=0.0, _env_file=None)
    folder = make_stream(settings.streams_root, "short", n_segments=2)
    (folder / "input.json").write_text(json.dumps({"title": "Short", "story": "Once. Twice."}))
    studio = start_studio(settings, home / "up.log")
    with studio.workbench() as workbench:
        workbench.streams.scan("short")
        versions = workbench.reviews.standing("short").versions
        for kind in Kind:
            shown = {place[0]: one.sha256 for place, one in versions.items() if place[1] is kind}
            workbench.reviews.decide("short", kind, shown, DecisionKind.APPROVED)
    yield studio
    studio.stop()


def press(page: Page, test_id: str) -> None:
    """Go to a button or link with Tab, and press it."""
    expect(page.get_by_test_id(test_id).first).to_be_enabled()
    tab_to(page, test_id, MOST_TABS)
    page.keyboard.press("Enter")


def expect_gate(page: Page, state: str) -> None:
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", state)


def answer(page: Page, words: str) -> None:
    """Write into the note that has just opened, and send it."""
    expect(page.get_by_test_id("decision-note-text")).to_be_focused()
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")


def test_story_spec_and_final_cut_are_judged_and_the_film_deployed_and_rolled_back(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/short/story", "story")
    press(page, "needs-clarification")
    answer(page, "Who speaks?")
    expect_gate(page, "changes")
    press(page, "approve")
    expect_gate(page, "approved")
    press(page, "go-on")
    page.get_by_test_id("page-spec").wait_for()
    press(page, "revision-needed")
    answer(page, "Warmer")
    expect_gate(page, "changes")
    press(page, "approve")
    expect_gate(page, "approved")
    press(page, "rail-final")
    page.get_by_test_id("page-final").wait_for()
    press(page, "approve")
    expect_gate(page, "approved")
    press(page, "deploy")
    latest = page.locator("[data-testid=deployment][data-latest=true]")
    expect(latest).to_contain_text("/site/short/")
    first = str(latest.get_attribute("data-build"))
    spec = live.settings.streams_root / "short" / "production.json"
    spec.write_text(spec.read_text().replace("Text 1.", "Another text."))
    expect(page.get_by_test_id("gate-state")).not_to_have_attribute("data-state", "approved")
    press(page, "deploy")
    tab_to(page, "override-why", MOST_TABS)
    page.keyboard.insert_text("the customer waits")
    press(page, "deploy-anyway")
    expect(latest).not_to_have_attribute("data-build", first)
    press(page, "roll-back")
    expect(latest).to_have_attribute("data-build", first)
    with live.workbench() as workbench:
        assert eventually(lambda: workbench.deliveries.shown_build("short") == first)


def test_the_activity_is_filtered_and_leads_to_the_thing(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/short/activity", "activity")
    press(page, "group-decisions")
    expect(page.get_by_test_id("group-decisions")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-testid=activity-line]:not([data-group=decisions])")).to_have_count(0)
    tab_to(page, "by-segment", MOST_TABS)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("by-segment")).to_have_value("1")
    tab_to(page, "by-person", MOST_TABS)
    page.keyboard.type("dora")
    expect(page.get_by_test_id("by-person")).to_have_value("dora")
    lines = page.get_by_test_id("activity-line")
    expect(page.get_by_test_id("activity-list")).to_have_attribute("aria-busy", "false")
    expect(lines).to_have_count(2)
    tab_to(page, "activity-line", MOST_TABS)
    page.keyboard.press("End")
    expect(lines.last).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(lines.first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/short/*segment=1")


def test_a_stream_is_made_archived_trashed_and_restored(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/", "streams")
    press(page, "new-stream")
    expect(page.get_by_test_id("story-paste")).to_be_focused()
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 10:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.closest('[data-testid=new-stream-sheet]') !== null")
    tab_to(page, "story-paste", MOST_TABS)
    page.keyboard.insert_text("Salt and Rain\n\nIt was the night that he had left.")
    press(page, "look-new")
    expect(page.get_by_test_id("new-title")).to_be_focused()
    press(page, "make-stream")
    page.get_by_test_id("page-story").wait_for()
    page = open_page("/", "streams")
    made = page.locator("[data-testid=stream-card][data-stream=salt-and-rain]")
    for place in ("archive-stream", "trash-stream"):
        page.keyboard.press("/")
        page.keyboard.type("salt")
        expect(page.get_by_test_id("stream-card")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        press(page, "card-menu")
        press(page, place)
        expect(made).to_have_count(0)
        expect(page.get_by_test_id("put-away-note")).to_be_visible()
        press(page, "put-away")
        expect(page.get_by_test_id("put-away-line")).to_have_attribute("data-stream", "salt-and-rain")
        press(page, "restore-stream")
        expect(made).to_have_count(1)
        press(page, "close-put-away")
        expect(page.get_by_test_id("put-away-sheet")).to_have_count(0)
        assert (live.settings.streams_root / "salt-and-rain" / "input.json").is_file()
        tab_to(page, "search", MOST_TABS)
        page.keyboard.press("Escape")


def test_metrics_are_walked_through_and_every_number_leads_to_its_rows_and_to_its_stream(
    open_page: OpenPage,
) -> None:
    page = open_page("/metrics", "metrics")
    expect(page.get_by_test_id("stream-row")).to_have_count(1)
    tab_to(page, "card-rows", MOST_TABS)
    page.keyboard.press("Enter")
    table = page.get_by_role("dialog")
    expect(table).to_contain_text("4 rows, these are all.")
    page.keyboard.press("ArrowDown")
    expect(table.get_by_test_id("row-link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("card-rows").first).to_be_focused()
    tab_to(page, "sort-title", MOST_TABS)
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Stream")
    tab_to(page, "stream-number", MOST_TABS)
    page.keyboard.press("Enter")
    expect(table).to_contain_text("Short, first-pass approval: 100 %, n = 4")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/short/metrics")


def test_frames_are_downloaded_as_what_their_links_say(open_page: OpenPage) -> None:
    page = open_page("/metrics", "metrics")
    found = {}
    for ending in ("csv", "parquet"):
        tab_to(page, f"frame-reviews-{ending}", MOST_TABS)
        with page.expect_download() as saved:
            page.keyboard.press("Enter")
        assert saved.value.suggested_filename == f"reviews.{ending}"
        found[ending] = saved.value.path().read_bytes()
    exact, plain = (
        pd.read_parquet(io.BytesIO(found["parquet"])),
        pd.read_csv(io.BytesIO(found["csv"])),
    )
    assert [*exact.columns] == [*plain.columns]
    assert exact["decision"].tolist() == plain["decision"].tolist() == ["approved"] * 4


@pytest.fixture
def two_presets(live: LiveStudio) -> Iterator[None]:
    """Two presets, which are gone afterwards."""
    with live.workbench() as workbench:
        added = [workbench.presets.add(name, "lens", "low angle") for name in ("First", "Second")]
    yield
    with live.workbench() as workbench:
        for preset in added:
            workbench.presets.delete(preset.id)


@pytest.mark.usefixtures("two_presets")
def test_what_is_cancelled_gives_the_keyboard_back_to_the_button_that_began_it(open_page: OpenPage) -> None:
    page = open_page("/settings#presets", "settings")
    second = page.get_by_test_id("preset-line").filter(has_text="Second")
    for begin, ends in (("edit-preset", "preset-name"), ("delete-preset", "delete-preset-go")):
        second.get_by_test_id(begin).press("Enter")
        expect(page.get_by_test_id(ends)).to_be_focused()
        page.keyboard.press("Escape")
        expect(second.get_by_test_id(begin)).to_be_focused()
    second.get_by_test_id("delete-preset").press("Enter")
    second.get_by_test_id("keep-preset").press("Enter")
    expect(second.get_by_test_id("delete-preset")).to_be_focused()
    page.get_by_test_id("section-people").press("Enter")
    page.get_by_test_id("new-person").press("Enter")
    expect(page.get_by_test_id("person-username")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("new-person")).to_be_focused()
