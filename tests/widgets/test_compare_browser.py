"""Two versions against each other in a browser: every way to compare, clips in lockstep, and the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.widgets.clips_served import serve_clips
from tests.widgets.conftest import OpenDesk
from tests.widgets.counted_clips import READ_COUNTER, filled, halves, read_counter, reading
from tests.widgets.fake_clips import N_FRAMES, RATE_NAMES
from tests.widgets.harness import DeskServer

LAST = N_FRAMES - 1

# Keeps what both halves of the canvas show, each time something new is on it, until there are enough.
_WATCH = f"""([canvas, box], {{left, right, enough}}) => new Promise((done) => {{
    const read = {READ_COUNTER};
    const seen = [];
    const finish = () => {{ watcher.disconnect(); done(seen); }};
    const watcher = new MutationObserver(() => {{
        seen.push([read(canvas, left)[0], read(canvas, right)[0]]);
        if (seen.length === enough) finish();
    }});
    watcher.observe(box, {{attributes: true, attributeFilter: ['data-right-frame', 'data-left-frame']}});
    setTimeout(finish, 20000);
}})"""


def comparison(page: Page) -> Locator:
    return page.get_by_test_id("comparison")


def canvas(page: Page) -> Locator:
    return page.get_by_test_id("pair-canvas")


def expect_pair(page: Page, left: int, right: int) -> None:
    """Insist on both frames, as they are named and as they are on the canvas side by side."""
    expect(comparison(page)).to_have_attribute("data-left-frame", str(left))
    expect(comparison(page)).to_have_attribute("data-right-frame", str(right))
    places = halves(canvas(page))
    assert [read_counter(canvas(page), place)[0] for place in places] == [left, right]


def pixel(page: Page, x: float, y: float) -> list[int]:
    found: list[int] = canvas(page).evaluate(
        """(canvas, [x, y]) => {
            const at = [Math.round(x * canvas.width), Math.round(y * canvas.height), 1, 1];
            return [...canvas.getContext('2d').getImageData(...at).data].slice(0, 3);
        }""",
        [x, y],
    )
    return found


@pytest.mark.parametrize("rate", RATE_NAMES)
def test_clips_run_in_lockstep_and_stop_on_the_same_frame(
    open_desk: OpenDesk, desk_server: DeskServer, rate: str
) -> None:
    serve_clips(desk_server, rate)
    page = open_desk(n=3, kind="video", scenario=f"counted-{rate}", segment=1, version=3, compare=2, frame=4)
    expect_pair(page, 4, 4)
    left, right = halves(canvas(page))
    comparison(page).focus()
    page.keyboard.press("l")
    both = page.evaluate_handle(
        "() => ['pair-canvas', 'comparison'].map((id) => document.querySelector(`[data-testid=${id}]`))"
    )
    places = {"left": reading(left), "right": reading(right), "enough": 15}
    seen = both.evaluate(_WATCH, places)
    assert len(seen) == 15
    assert max(abs(one - other) for one, other in seen) <= 1, seen
    page.keyboard.press("k")
    expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Play")
    expect(page.get_by_test_id("transport")).to_have_attribute("data-at-rest", "true")
    named = page.get_by_test_id("transport").get_attribute("data-frame")
    expect_pair(page, int(named or -1), int(named or -1))
    page.get_by_test_id("scrub").evaluate("(it) => { it.value = 40; it.dispatchEvent(new Event('input')); }")
    expect_pair(page, 40, 40)
    page.keyboard.press("ArrowRight")
    expect_pair(page, 41, 41)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect_pair(page, 39, 39)


def test_clips_of_different_rates_show_what_belongs_to_the_same_moment(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    serve_clips(desk_server, "24", "25", "30")
    page = open_desk(n=3, kind="video", scenario="counted-mixed", segment=1, compare=2, frame=10)
    expect_pair(page, 12, 10)
    page.get_by_test_id("pair-left").select_option("1")
    expect_pair(page, 10, 10)
    comparison(page).focus()
    for frame, other in ((11, 11), (12, 12), (13, 12), (14, 13)):
        page.keyboard.press("ArrowRight")
        expect_pair(page, other, frame)


def test_a_side_is_shifted_by_frames_with_keys_and_buttons(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    serve_clips(desk_server, "25")
    page = open_desk(n=3, kind="video", scenario="counted-25", segment=1, compare=1, frame=20)
    expect_pair(page, 20, 20)
    comparison(page).focus()
    page.keyboard.press(">")
    page.keyboard.press(">")
    expect_pair(page, 22, 20)
    page.keyboard.press("<")
    expect_pair(page, 21, 20)
    page.get_by_test_id("earlier-right").click()
    expect_pair(page, 21, 19)
    expect(page.get_by_test_id("offset-left")).to_have_text("+1")
    expect(page.get_by_test_id("offset-right")).to_have_text("-1")
    expect(page).to_have_url(re.compile(r"offset=1%2C-1"))
    page.keyboard.press("ArrowRight")
    expect_pair(page, 22, 20)
    expect(page).to_have_url(re.compile(r"frame=21\b"))
    page.reload()
    expect_pair(page, 22, 20)


def test_the_end_starts_again_with_loop_and_holds_without(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    serve_clips(desk_server, "60")
    page = open_desk(n=3, kind="video", scenario="counted-60", segment=1, compare=2, frame=LAST - 4)
    expect_pair(page, LAST - 4, LAST - 4)
    page.keyboard.press("o")
    page.keyboard.press("l")
    expect_pair(page, LAST, LAST)
    expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Play")
    page.keyboard.press("o")
    page.keyboard.press("l")
    page.wait_for_function(
        "() => Number(document.querySelector('[data-testid=comparison]').dataset.rightFrame) < 60"
    )
    expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Pause")


def test_every_way_to_compare_has_a_key_and_a_button(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    serve_clips(desk_server, "24")
    page = open_desk(n=3, kind="video", scenario="counted-24")
    page.keyboard.press("d")
    expect(comparison(page)).to_have_attribute("data-left-version", "2")
    expect_pair(page, 0, 0)
    pair = page.get_by_test_id("pair")
    for key, mode in (("w", "wipe"), ("Shift+D", "difference"), ("s", "side"), ("`", "flip")):
        page.keyboard.press(key)
        expect(pair).to_have_attribute("data-mode", mode)
        expect(page).to_have_url(re.compile("compare=2"))
    for mode in ("difference", "wipe", "side", "flip"):
        page.get_by_test_id(f"mode-{mode}").click()
        expect(pair).to_have_attribute("data-mode", mode)
    expect(page).to_have_url(re.compile("mode=flip"))
    expect(page.get_by_test_id("pair-tag")).to_have_text("Version 3, frame 0")
    assert read_counter(canvas(page), filled(canvas(page))) == (0, 3)
    page.keyboard.press("`")
    expect(page.get_by_test_id("pair-tag")).to_have_text("Version 2, frame 0")
    assert read_counter(canvas(page), filled(canvas(page))) == (0, 2)
    page.keyboard.press("d")
    expect(comparison(page)).to_have_count(0)
    page.get_by_test_id("compare").click()
    expect(comparison(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(comparison(page)).to_have_count(0)
    page.keyboard.press("w")
    expect(pair).to_have_attribute("data-mode", "wipe")
    page.get_by_test_id("close-pair").click()
    expect(comparison(page)).to_have_count(0)


def test_a_wipe_is_dragged_and_a_difference_of_equals_is_black(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, segment=1, compare=1, mode="wipe")
    expect(page.get_by_test_id("pair")).to_have_attribute("data-mode", "wipe")
    expect(page.get_by_text("Reading both …")).to_have_count(0)
    before, after = pixel(page, 0.3, 0.8), pixel(page, 0.7, 0.8)
    assert before != after, "one version on each side of the line"
    box = canvas(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 100)
    page.mouse.up()
    expect(page.get_by_test_id("wipe-place")).to_have_value("100")
    assert pixel(page, 0.7, 0.8) == before
    page.get_by_test_id("wipe-place").press("ArrowLeft")
    expect(page.get_by_test_id("wipe-place")).to_have_value("99")
    expect(page).to_have_url(re.compile(r"wipe=99"))
    page.keyboard.press("Shift+D")
    faint = pixel(page, 0.5, 0.8)
    assert any(abs(a - b) > 0 for a, b in zip(faint, (0, 0, 0), strict=True))
    assert max(pixel(page, 0.5, 0.004)) <= 3, "where both are dark nothing differs"
    page.get_by_test_id("difference-gain").press("End")
    assert sum(pixel(page, 0.5, 0.8)) > sum(faint)


def test_any_two_versions_are_compared_and_never_one_with_itself(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.get_by_test_id("compare").click()
    expect(comparison(page)).to_have_attribute("data-left-version", "2")
    expect(comparison(page)).to_have_attribute("data-right-version", "3")
    page.get_by_test_id("pair-left").select_option("1")
    expect(comparison(page)).to_have_attribute("data-left-version", "1")
    page.get_by_test_id("pair-right").select_option("2")
    expect(comparison(page)).to_have_attribute("data-right-version", "2")
    expect(page).to_have_url(re.compile(r"(?=.*[?&]version=2\b)(?=.*[?&]compare=1\b)"))
    page.get_by_test_id("pair-right").select_option("1")
    expect(comparison(page)).to_have_attribute("data-right-version", "1")
    expect(comparison(page)).to_have_attribute("data-left-version", "2")
    page.get_by_test_id("pair-left").select_option("1")
    expect(comparison(page)).to_have_attribute("data-left-version", "1")
    expect(comparison(page)).to_have_attribute("data-right-version", "2")
    page.keyboard.press("n")
    expect(comparison(page)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("compare="))


def test_a_deep_link_brings_the_whole_comparison_back(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    serve_clips(desk_server, "24")
    page = open_desk(
        n=3,
        kind="video",
        scenario="counted-24",
        segment=1,
        version=2,
        compare=1,
        mode="flip",
        seen="left",
        frame=37,
        speed="0.5",
    )
    expect(comparison(page)).to_have_attribute("data-left-frame", "37")
    expect(page.get_by_test_id("pair")).to_have_attribute("data-seen", "left")
    expect(page.get_by_test_id("speed")).to_have_value("0.5")
    assert read_counter(canvas(page), filled(canvas(page))) == (37, 1)


def test_one_version_alone_cannot_be_compared_and_says_so(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, segment=2)
    expect(page.get_by_test_id("compare")).to_be_disabled()
    page.keyboard.press("d")
    expect(page.get_by_text("There is only one version to look at.")).to_be_visible()
    page = open_desk(n=3, segment=1, compare=9)
    expect(page.get_by_text("There is no version 9 to compare with.")).to_be_visible()
    expect(comparison(page)).to_have_count(0)
    page = open_desk(n=3, segment=1, compare=3)
    expect(page.get_by_test_id("copy-facts")).to_be_visible()
    expect(comparison(page)).to_have_count(0)


def test_comparing_works_in_full_screen_and_the_desk_decides_meanwhile(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="compared", segment=1)
    page.keyboard.press("f")
    page.keyboard.press("w")
    expect(comparison(page)).to_be_visible()
    width = canvas(page).evaluate("(canvas) => canvas.clientWidth")
    assert width == page.evaluate("window.innerWidth")
    page.keyboard.press("Escape")
    expect(comparison(page)).to_have_count(0)
    expect(page.get_by_test_id("desk-layout")).to_have_class(re.compile("full"))
    page.keyboard.press("d")
    page.keyboard.press("Space")
    (decided,) = desk_server.asked_times(1, "compared", "decide")
    assert decided["segment_ids"] == [1]


def test_a_still_that_is_lost_is_told_and_nothing_else_breaks(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="lost-still", segment=1, compare=1)
    expect(page.get_by_test_id("pair").get_by_role("alert")).to_contain_text("cannot be shown")
    page.get_by_test_id("pair-left").select_option("2")
    expect(page.get_by_text("Reading both …")).to_have_count(0)
    assert pixel(page, 0.25, 0.6) != [8, 8, 9]
