"""The spec page as people use it, read back from the file and the database."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from director_lib.domain.checkpoint import Checkpoint, GateState
from director_lib.domain.spec_edit_form import edit_from_json
from tests.browser.conftest import LiveStudio
from tests.browser.test_accessibility import faults
from tests.watching import OpenPage, eventually

# The rows take their own heights once they are seen.
STEADY = """() => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const now = rows.map((row) => row.getBoundingClientRect().y).join();
    const is_steady = window.places === now;
    window.places = now;
    return is_steady;
}"""
STORY = "The lighthouse stood above the sea.\n\nAn old keeper lit the lamp every night, and nobody came."


@pytest.fixture(scope="module", autouse=True)
def more_streams(live: LiveStudio) -> None:
    """A stream with a story alone, and one of a thousand segments."""
    root = live.settings.streams_root
    (root / "fresh").mkdir()
    (root / "fresh" / "input.json").write_text(
        json.dumps({"title": "Fresh", "language": "en", "story": STORY})
    )
    segments = [
        {"id": number, "image_prompt": f"A calm sea at dawn, part {number}", "motion_prompt": "push in"}
        for number in range(1, 1001)
    ]
    (root / "long").mkdir()
    (root / "long" / "production.json").write_text(json.dumps({"segments": segments}))


def order(live: LiveStudio, stream_id: str) -> list[int]:
    with live.workbench() as workbench:
        return [segment.id for segment in workbench.streams.get(stream_id).segments]


def row(page: Page, segment_id: int) -> str:
    return f"[data-row='{segment_id}']"


def test_a_first_spec_is_written_edited_by_keyboard_taken_back_and_approved(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/fresh/spec", "spec")
    page.get_by_test_id("write-spec").click()
    expect(page.get_by_test_id("spec-segment").first).to_be_visible()
    assert order(live, "fresh") == [1]
    first = page.locator(row(page, 1))
    first.focus()
    page.keyboard.press("Insert")
    expect(page.locator(row(page, 2))).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    assert eventually(lambda: order(live, "fresh") == [2, 1])
    expect(page.locator(row(page, 2))).to_be_focused()
    page.keyboard.press("e")
    page.keyboard.type("A lamp in a dark window above the sea")
    page.keyboard.press("Enter")
    with live.workbench() as workbench:
        assert eventually(
            lambda: (
                workbench.streams.get("fresh").get_segment(2).image_prompt
                == "A lamp in a dark window above the sea"
            )
        )
    expect(page.locator(row(page, 2))).to_be_focused()
    page.keyboard.press("Delete")
    assert eventually(lambda: order(live, "fresh") == [1])
    expect(page.locator(row(page, 1))).to_be_focused()
    page.keyboard.press("z")
    assert eventually(lambda: order(live, "fresh") == [2, 1])
    # A verdict on what the page does not show yet would be refused.
    expect(page.locator("[data-row]").first).to_have_attribute("data-row", "2")
    page.keyboard.press(" ")
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "approved")
    with live.workbench() as workbench:
        gates = {gate.checkpoint: gate.state for gate in workbench.checkpoints.standing("fresh")}
    assert gates[Checkpoint.SPEC] is GateState.APPROVED


def test_who_writes_goes_on_writing_while_somebody_else_moves_the_segment(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/still/spec", "spec")
    page.locator(row(page, 2)).focus()
    page.keyboard.press("e")
    field = page.locator(f"{row(page, 2)} [data-testid=image-prompt]")
    expect(field).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("A lamp ")
    with live.workbench() as workbench:
        sha256 = workbench.streams.get("still").spec_sha256
        move = edit_from_json({"kind": "move_segment", "segment_id": 2, "before": 1})
        workbench.specs.edit("still", move, expected_sha256=sha256)
    expect(page.locator("[data-row]").first).to_have_attribute("data-row", "2")
    expect(field).to_be_focused()
    page.keyboard.type("in a dark window")
    page.keyboard.press("Enter")
    with live.workbench() as workbench:
        assert eventually(
            lambda: workbench.streams.get("still").get_segment(2).image_prompt == "A lamp in a dark window"
        )


def test_colours_findings_history_and_a_revision(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/edit/spec", "spec")
    swatch = page.locator("[data-testid=swatch][data-color=night]")
    swatch.get_by_test_id("color-hex").fill("#101820")
    swatch.get_by_test_id("color-hex").press("Enter")
    with live.workbench() as workbench:
        assert eventually(lambda: workbench.streams.get("edit").palette["night"] == "#101820")
    page.locator("[data-testid=go-to-finding][data-code=repeated_camera]").first.click()
    expect(page.locator(f"{row(page, 2)} [data-testid=motion-prompt]")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    expect(page.get_by_test_id("spec-state")).to_have_count(2)
    page.get_by_test_id("open-state").first.click()
    expect(page.get_by_test_id("spec-change")).to_have_attribute("data-kind", "palette")
    assert faults(page) == []
    page.get_by_test_id("open-state").nth(1).click()
    page.get_by_test_id("restore-state").click()
    with live.workbench() as workbench:
        assert eventually(lambda: workbench.streams.get("edit").palette["night"] == "#0b1020")
    page.keyboard.press("Escape")
    page.get_by_test_id("revision-needed").click()
    page.get_by_test_id("decision-note-text").fill("Warmer, please")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "changes")


def test_a_segment_is_dragged_to_another_place_and_others_see_it(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page, other = open_page("/s/undo/spec", "spec"), open_page("/s/undo/spec", "spec")
    handle = page.locator(f"{row(page, 3)} [data-testid=segment-handle]")
    handle.scroll_into_view_if_needed()
    page.wait_for_function(STEADY)
    start, target = handle.bounding_box(), page.locator(row(page, 2)).bounding_box()
    assert start is not None
    assert target is not None
    page.mouse.move(start["x"] + 12, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] - 20, steps=5)
    page.mouse.move(target["x"] + 200, target["y"] + target["height"] - 20, steps=8)
    page.mouse.up()
    assert eventually(lambda: order(live, "undo")[:3] == [1, 3, 2])
    expect(other.locator("[data-row]").nth(1)).to_have_attribute("data-row", "3")


def test_a_thousand_segments_stay_few_elements_and_hostile_words_stay_words(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/long/spec", "spec")
    for _ in range(3):
        assert 0 < page.get_by_test_id("spec-segment").count() < 40
        page.get_by_test_id("spec-scroll").evaluate("body => { body.scrollTop += body.scrollHeight / 3; }")
    page.locator("[data-testid=go-to-finding]").nth(5).click()
    page.wait_for_function("document.activeElement.closest('[data-row]') !== null")
    title = page.locator("[data-row] [data-testid=segment-title]").first
    title.fill("<img src=x onerror=alert(1)> {{ 7 * 7 }}")
    title.press("Enter")
    with live.workbench() as workbench:
        assert eventually(
            lambda: any("{{ 7 * 7 }}" in one.title for one in workbench.streams.get("long").segments)
        )
    expect(page.locator("main img")).to_have_count(0)
