"""Presets in the regeneration sheet and on many selected segments, by mouse and by keyboard."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from tests.browser.conftest import LiveStudio
from tests.watching import OpenPage, card, eventually, focused, tab_to

FOG = "soft sea fog"


@pytest.fixture(scope="module", autouse=True)
def presets(live: LiveStudio) -> None:
    """Two presets of the studio."""
    with live.workbench() as workbench:
        workbench.presets.add("Sea fog", "lighting", FOG)
        workbench.presets.add("Slow pan", "motion", "slow pan to the right")


def prompts(live: LiveStudio, stream_id: str) -> list[str]:
    spec = json.loads((live.settings.streams_root / stream_id / "production.json").read_text())
    return [segment["image_prompt"] for segment in spec["segments"]]


def uses(live: LiveStudio, name: str) -> int:
    with live.workbench() as workbench:
        return next(preset.use_count for preset in workbench.presets.list() if preset.name == name)


def with_fog(live: LiveStudio, stream_id: str) -> set[int]:
    return {number for number, prompt in enumerate(prompts(live, stream_id), 1) if FOG in prompt}


def test_a_chip_puts_its_words_into_the_prompt_and_counts_when_it_is_sent(
    open_page: OpenPage, live: LiveStudio
) -> None:
    before = uses(live, "Sea fog")
    page = open_page("/s/made/keyframes?segment=1", "keyframes")
    page.keyboard.press("r")
    page.get_by_test_id("preset").filter(has_text="Sea fog").click()
    expect(page.get_by_test_id("image-prompt").last).to_have_value(
        f"A calm sea at dawn, part 1, a small boat far out, {FOG}"
    )
    assert uses(live, "Sea fog") == before
    page.keyboard.press("Enter")
    assert eventually(lambda: uses(live, "Sea fog") == before + 1)
    assert with_fog(live, "made") == {1}


def test_selected_by_mouse_the_preset_goes_into_all_but_what_is_approved(
    open_page: OpenPage, live: LiveStudio
) -> None:
    with live.workbench() as workbench:
        version = workbench.reviews.standing("film").version(3, Kind.KEYFRAME)
        assert version is not None
        workbench.reviews.decide("film", Kind.KEYFRAME, {3: version.sha256}, DecisionKind.APPROVED)
    before = uses(live, "Sea fog")
    page = open_page("/s/film/keyframes", "keyframes")
    card(page, 2).hover()
    card(page, 2).get_by_test_id("choose").check()
    card(page, 5).hover()
    card(page, 5).get_by_test_id("choose").click(modifiers=["Shift"])
    expect(page.get_by_test_id("selection-count")).to_have_text("4 selected")
    page.get_by_test_id("selection-preset").select_option(label="Sea fog")
    page.get_by_test_id("apply-preset").click()
    expect(page.get_by_test_id("toast")).to_contain_text("in 3 prompts now. Left 3: it is approved.")
    expect(page.get_by_test_id("selection-bar")).to_have_count(0)
    assert with_fog(live, "film") == {2, 4, 5}
    assert uses(live, "Sea fog") == before + 3


def test_selected_by_keyboard_the_preset_goes_in_and_one_undo_takes_all_of_it_out(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/undo/keyframes", "keyframes")
    before = prompts(live, "undo")
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("selection-count")).to_have_text("8 selected")
    page.keyboard.press("x")
    expect(page.get_by_test_id("selection-count")).to_have_text("7 selected")
    expect(card(page, 1)).to_have_attribute("data-chosen", "false")
    page.get_by_test_id("size-large").focus()
    tab_to(page, "selection-preset")
    page.keyboard.type("Sea")
    tab_to(page, "apply-preset")
    page.keyboard.press("Enter")
    assert eventually(lambda: with_fog(live, "undo") == {2, 3, 4, 5, 6, 7, 8})
    expect(page.get_by_test_id("selection-bar")).to_have_count(0)
    page.keyboard.press("z")
    assert eventually(lambda: prompts(live, "undo") == before)


def test_a_selection_is_still_there_after_a_reload_and_esc_ends_it(open_page: OpenPage) -> None:
    page = open_page("/s/still/keyframes", "keyframes")
    page.keyboard.press("x")
    page.keyboard.press("n")
    page.keyboard.press("x")
    page.reload()
    page.get_by_test_id("page-keyframes").wait_for()
    expect(page.get_by_test_id("selection-count")).to_have_text("2 selected")
    expect(card(page, 1)).to_have_attribute("data-chosen", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("selection-bar")).to_have_count(0)
    assert focused(page) in ("segment-card", "")
