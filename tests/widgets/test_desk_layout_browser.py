"""Where things lie on the desk: drawings over a comparison, the buttons at every width, what is said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.widgets.conftest import OpenDesk

WIDTHS = (1024, 1100, 1180, 1240, 1280, 1366, 1440, 1520, 1600, 1680, 1760, 1840, 1920, 2560)
DESKTOP_PX = 1280
N_KEYS = 11
_BESIDE = 2


def drawing(page: Page, side: str) -> Locator:
    return page.locator(f"[data-testid=pair-drawing][data-side={side}]")


def kinds(page: Page, side: str) -> list[str]:
    """Return what is drawn over a side: the shape, marked when it was drawn on an earlier version."""
    found: list[str] = (
        drawing(page, side)
        .get_by_test_id("region")
        .evaluate_all(
            """regions => regions.map(one => one.querySelector('[data-kind]').dataset.kind
            + (one.classList.contains('old') ? ' from before' : ''))"""
        )
    )
    return found


def compare(open_desk: OpenDesk) -> Page:
    """Compare version 3 with version 2, with the drawings of both shown."""
    page = open_desk(n=3, scenario="drawn")
    page.get_by_test_id("show-drawings").click()
    page.keyboard.press("d")
    expect(page.get_by_test_id("comparison")).to_have_attribute("data-left-version", "2")
    expect(drawing(page, "right")).to_be_attached()
    return page


def test_drawings_lie_over_the_side_of_a_comparison_that_they_belong_to(open_desk: OpenDesk) -> None:
    page = compare(open_desk)
    assert kinds(page, "left") == ["box"]
    assert sorted(kinds(page, "right")) == ["arrow", "box from before"]
    shape = drawing(page, "left").get_by_test_id("region-shape").bounding_box()
    stage = page.get_by_test_id("pair-canvas").bounding_box()
    assert shape is not None
    assert stage is not None
    wide = min(stage["width"] / _BESIDE, stage["height"] * 16 / 9)
    left = stage["x"] + (stage["width"] / _BESIDE - wide) / 2
    assert shape["x"] == pytest.approx(left + 0.25 * wide, abs=4)
    assert shape["width"] == pytest.approx(0.5 * wide, abs=6)
    page.get_by_test_id("show-drawings").click()
    expect(page.get_by_test_id("pair-drawing")).to_have_count(0)
    page.get_by_test_id("show-comment").first.click()
    assert kinds(page, "left") == ["box"]


def test_a_flip_shows_the_drawings_of_the_side_that_is_seen_and_a_difference_none(
    open_desk: OpenDesk,
) -> None:
    page = compare(open_desk)
    page.keyboard.press("`")
    expect(drawing(page, "left")).to_have_count(0)
    assert sorted(kinds(page, "right")) == ["arrow", "box from before"]
    page.keyboard.press("`")
    expect(drawing(page, "right")).to_have_count(0)
    assert kinds(page, "left") == ["box"]
    page.keyboard.press("Shift+D")
    expect(page.get_by_test_id("pair-drawing")).to_have_count(0)


def test_a_wipe_cuts_the_drawings_off_with_their_pictures(open_desk: OpenDesk) -> None:
    page = compare(open_desk)
    page.keyboard.press("w")
    page.get_by_test_id("wipe-place").evaluate(
        "it => { it.value = 25; it.dispatchEvent(new Event('input')); }"
    )
    stage = page.get_by_test_id("pair-canvas").bounding_box()
    assert stage is not None
    wide = min(stage["width"], stage["height"] * 16 / 9)
    place = 100 * ((stage["width"] - wide) / 2 + wide / 4) / stage["width"]
    expect(drawing(page, "left")).not_to_have_css("clip-path", "none")
    assert cut_off(page, "left") == pytest.approx([0, 100 - place, 0, 0], abs=0.2)
    assert cut_off(page, "right") == pytest.approx([0, 0, 0, place], abs=0.2)


def cut_off(page: Page, side: str) -> list[float]:
    """Return how much of a side's drawings is cut off above, right, below and left, in percent."""
    clip = drawing(page, side).evaluate("side => getComputedStyle(side).clipPath")
    return [float(part) for part in re.findall(r"([\d.]+)(?:px|%)", clip)]


def test_every_button_of_the_bar_is_seen_whole_at_every_width(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    bar = page.get_by_role("toolbar", name="Decide")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function("width => innerWidth === width", arg=width)
        needs, has = bar.evaluate("bar => [bar.scrollWidth, bar.clientWidth]")
        assert needs <= has, f"at {width} px the bar needs {needs} px and has {has}"
        if width >= DESKTOP_PX:
            expect(bar.locator("kbd")).to_have_count(N_KEYS)
            assert bar.locator("kbd:visible").count() == N_KEYS, f"at {width} px a key is not shown"


def test_what_is_said_hides_no_button_of_the_bar(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.keyboard.press("u")
    page.keyboard.press("u")
    page.keyboard.press("n")
    page.keyboard.press("d")
    for full in (False, True):
        if full:
            page.keyboard.press("f")
        toast, approve = page.get_by_test_id("toast").last, page.get_by_test_id("approve")
        expect(toast).to_be_visible()
        over, under = toast.bounding_box(), approve.bounding_box()
        assert over is not None
        assert under is not None
        beside = over["x"] + over["width"] <= under["x"]
        assert beside or over["y"] + over["height"] <= under["y"]


def test_ctrl_a_over_an_open_sheet_marks_no_words_of_the_page(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    for key in ("Control+a", "Shift+R"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("bulk-regenerate-sheet")).to_be_focused()
    page.keyboard.press("Control+a")
    assert page.evaluate("getSelection().toString()") == ""
