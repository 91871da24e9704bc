"""A stream of fifty stills reviewed from the first to the last with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from director_lib.config import load_settings
from director_lib.domain.region import Shape, ShapeKind
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from tests.browser.conftest import LiveStudio, start_studio, write_stream
from tests.watching import OpenPage, card, eventually, tab_to

STREAM = "whole"
STILL = Kind.KEYFRAME
ALL = range(1, 51)
N_APPROVED = 40
ANEW = (7, 19, 31, 50)
ADJUSTED = (4, 11, 22, 28, 36, 41)
REMARKS = {2: "The horizon tilts", 15: "Too dark here", 33: "Is this the same boat?"}
DRAWN = 15
RAIN = ", in heavy rain"
# Tells afterwards whether anything was pressed with a pointer.
_WATCH_POINTERS = (
    """addEventListener('pointerdown', () => { document.documentElement.dataset.pointer = 'used'; }, true)"""
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudio]:
    """A running studio with fifty stills to judge and a quick engine."""
    home = tmp_path_factory.mktemp("review")
    settings = load_settings(home=home, local_pace_s=0.1, _env_file=None)
    write_stream(settings.streams_root, STREAM, len(ALL))
    studio = start_studio(settings, home / "up.log")
    yield studio
    studio.stop()


def _remark(page: Page, segment_id: int) -> None:
    """Write a comment; one of them with a box drawn by the arrow keys."""
    page.keyboard.press("c")
    page.keyboard.type(REMARKS[segment_id])
    if segment_id == DRAWN:
        tab_to(page, "draw-box")
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("region-overlay")).to_be_focused()
        for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Enter"):
            page.keyboard.press(key)
        expect(page.get_by_test_id("comment-text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("comment")).to_have_count(1)
    expect(card(page, segment_id)).to_be_focused()


def _adjust(page: Page, segment_id: int) -> None:
    """Edit the prompt on the desk, and send the still back with a note."""
    page.keyboard.press("e")
    page.keyboard.type(RAIN)
    page.keyboard.press("Enter")
    expect(card(page, segment_id)).to_contain_text(RAIN)
    page.keyboard.press("q")
    expect(page.get_by_test_id("decision-note-text")).to_be_focused()
    page.keyboard.type("Rain, not mist")
    page.keyboard.press("Enter")
    expect(card(page, segment_id)).to_have_attribute("data-decision", "adjust_prompt")


def _make_anew(page: Page, segment_id: int) -> None:
    """Send the still back and have it made again with the same words."""
    page.keyboard.press("r")
    expect(page.get_by_test_id("image-prompt")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("regenerate-sheet")).to_have_count(0)
    expect(card(page, segment_id)).not_to_have_attribute("data-task", "none")
    page.keyboard.press("n")


def _judge(page: Page, segment_id: int) -> None:
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", str(segment_id))
    if segment_id in REMARKS:
        _remark(page, segment_id)
    if segment_id in ANEW:
        _make_anew(page, segment_id)
    elif segment_id in ADJUSTED:
        _adjust(page, segment_id)
    else:
        page.keyboard.press("Space")
        expect(card(page, segment_id)).to_have_attribute("data-decision", "approved")


def _decided(live: LiveStudio) -> dict[DecisionKind, set[int]]:
    """Return which segments got which verdict on their first version."""
    found: dict[DecisionKind, set[int]] = {}
    with live.workbench() as workbench:
        for segment_id in ALL:
            [decision] = workbench.reviews.decisions(STREAM, segment_id, STILL)
            found.setdefault(decision.decision, set()).add(segment_id)
    return found


def _made(live: LiveStudio) -> dict[int, TaskState]:
    with live.workbench() as workbench:
        return {task.request.segment_id: task.state for task in workbench.tasks.list(stream_id=STREAM)}


def test_fifty_stills_are_reviewed_with_the_keyboard_alone(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page(f"/s/{STREAM}/keyframes", "keyframes")
    page.evaluate(_WATCH_POINTERS)
    for segment_id in ALL:
        _judge(page, segment_id)
    again, adjusted = set(ANEW), set(ADJUSTED)
    assert eventually(lambda: _made(live) == dict.fromkeys(again, TaskState.SUCCEEDED))
    decided = _decided(live)
    assert decided == {
        DecisionKind.APPROVED: set(ALL) - adjusted - again,
        DecisionKind.ADJUST_PROMPT: adjusted,
        DecisionKind.REGENERATE: again,
    }
    assert len(decided[DecisionKind.APPROVED]) == N_APPROVED
    with live.workbench() as workbench:
        prompts = {one.id: one.image_prompt for one in workbench.streams.get(STREAM).segments}
        versions = {number: len(workbench.reviews.versions(STREAM, number, STILL)) for number in ALL}
        said = [one for number in ALL for one in workbench.comments.list(STREAM, number, STILL)]
        standing = workbench.reviews.standing(STREAM).decisions
    assert {number for number, prompt in prompts.items() if prompt.endswith(RAIN)} == adjusted
    assert {number for number, count in versions.items() if count == 2} == again
    assert {one.segment_id: one.text for one in said} == REMARKS
    assert [one.segment_id for one in said if one.region is not None] == [DRAWN]
    [region] = [one.region for one in said if one.region is not None]
    assert region.shapes == (Shape(ShapeKind.BOX, ((0.38, 0.38), (0.6, 0.58))),)
    assert {number for number, _ in standing} == set(ALL) - again, "what was made anew waits for a verdict"
    assert page.evaluate("document.documentElement.dataset.pointer") is None


def test_a_pointer_would_have_been_noticed(open_page: OpenPage) -> None:
    page = open_page(f"/s/{STREAM}/keyframes", "keyframes")
    page.evaluate(_WATCH_POINTERS)
    page.get_by_test_id("next").click()
    assert page.evaluate("document.documentElement.dataset.pointer") == "used"
