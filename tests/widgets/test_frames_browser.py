"""What the player says is on the screen is there: read back from the pixels, for every rate in use."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.widgets.clips_served import serve_clips
from tests.widgets.conftest import OpenDesk
from tests.widgets.counted_clips import read_counter
from tests.widgets.fake_clips import N_FRAMES, RATE_NAMES
from tests.widgets.harness import DeskServer

LAST = N_FRAMES - 1


def transport(page: Page) -> Locator:
    return page.get_by_test_id("transport")


def shown(page: Page) -> int:
    """Return the frame that is on the screen, once the player has come to rest on one."""
    expect(transport(page)).to_have_attribute("data-at-rest", "true")
    return read_counter(page.get_by_test_id("current-video"))[0]


def expect_frame(page: Page, frame: int) -> None:
    """Insist on a frame, as it is named and as it is on the screen."""
    expect(transport(page)).to_have_attribute("data-frame", str(frame))
    assert shown(page) == frame


def seek(page: Page, frame: int) -> None:
    page.get_by_test_id("scrub").evaluate(
        "(scrub, frame) => { scrub.value = frame; scrub.dispatchEvent(new Event('input')); }", frame
    )


@pytest.mark.parametrize("rate", RATE_NAMES)
def test_the_frame_that_is_named_is_the_frame_that_is_shown(
    open_desk: OpenDesk, desk_server: DeskServer, rate: str
) -> None:
    serve_clips(desk_server, rate)
    page = open_desk(n=3, kind="video", scenario=f"counted-{rate}")
    expect(page.get_by_test_id("clip-rate")).to_have_text(f"{rate} fps")
    expect_frame(page, 0)
    page.get_by_test_id("viewer").focus()
    for frame in range(1, 9):
        page.keyboard.press("ArrowRight")
        expect_frame(page, frame)
    for frame in (29, 30, 31, 11, LAST, LAST - 1, 47, 48, 0):
        seek(page, frame)
        expect_frame(page, frame)
    seek(page, 25)
    for frame in range(24, 17, -1):
        page.keyboard.press("ArrowLeft")
        expect_frame(page, frame)


@pytest.mark.parametrize("rate", ["23.976", "60"])
def test_a_clip_that_is_paused_stays_on_the_frame_that_it_names(
    open_desk: OpenDesk, desk_server: DeskServer, rate: str
) -> None:
    serve_clips(desk_server, rate)
    page = open_desk(n=3, kind="video", scenario=f"counted-{rate}")
    expect_frame(page, 0)
    page.get_by_test_id("viewer").focus()
    for _ in range(3):
        page.keyboard.press("l")
        page.wait_for_function(
            "() => document.querySelector('[data-testid=current-video]').currentTime > 0.05"
        )
        page.keyboard.press("k")
        expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Play")
        expect(transport(page)).to_have_attribute("data-at-rest", "true")
        named = transport(page).get_attribute("data-frame")
        expect_frame(page, int(named or -1))


def test_the_ends_hold_and_a_clip_plays_back(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    serve_clips(desk_server, "24")
    page = open_desk(n=3, kind="video", scenario="counted-24")
    expect_frame(page, 0)
    page.get_by_test_id("frame-back").click()
    expect_frame(page, 0)
    page.get_by_test_id("frame-on").click()
    expect_frame(page, 1)
    seek(page, LAST)
    expect_frame(page, LAST)
    page.get_by_test_id("frame-on").click()
    expect_frame(page, LAST)
    seek(page, 6)
    expect_frame(page, 6)
    page.keyboard.press("j")
    expect_frame(page, 0)


def test_the_frame_is_in_the_address_and_comes_back(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    serve_clips(desk_server, "29.97")
    page = open_desk(n=3, kind="video", scenario="counted-29.97", segment=2, frame=17)
    expect_frame(page, 17)
    seek(page, 41)
    expect_frame(page, 41)
    expect(page).to_have_url(re.compile(r"[?&]frame=41\b"))
    page.reload()
    page.get_by_test_id("page-videos").wait_for()
    expect_frame(page, 41)
    page.keyboard.press("n")
    expect_frame(page, 0)
    expect(page).not_to_have_url(re.compile(r"frame="))


def test_speed_loop_and_sound_have_keys_and_buttons(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    serve_clips(desk_server, "24")
    page = open_desk(n=3, kind="video", scenario="counted-24")
    expect_frame(page, 0)
    page.keyboard.press("]")
    expect(page.get_by_test_id("speed")).to_have_value("1.5")
    page.keyboard.press("[")
    page.keyboard.press("[")
    expect(page.get_by_test_id("speed")).to_have_value("0.5")
    page.get_by_test_id("speed").select_option("2")
    page.keyboard.press("l")
    page.wait_for_function("() => document.querySelector('[data-testid=current-video]').playbackRate === 2")
    for key, name, before in (("o", "loop", "true"), ("i", "mute", "false")):
        button = page.get_by_test_id(name)
        expect(button).to_have_attribute("aria-pressed", before)
        page.keyboard.press(key)
        expect(button).not_to_have_attribute("aria-pressed", before)
        button.click()
        expect(button).to_have_attribute("aria-pressed", before)


def test_a_clip_starts_again_at_its_end_with_loop_and_holds_without(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    serve_clips(desk_server, "60")
    page = open_desk(n=3, kind="video", scenario="counted-60", frame=LAST - 5)
    expect_frame(page, LAST - 5)
    page.keyboard.press("o")
    page.keyboard.press("l")
    expect_frame(page, LAST)
    page.keyboard.press("o")
    page.keyboard.press("l")
    page.wait_for_function(
        "() => Number(document.querySelector('[data-testid=transport]').dataset.frame) > 60"
    )
    page.wait_for_function(
        "() => Number(document.querySelector('[data-testid=transport]').dataset.frame) < 50"
    )
    expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Pause")


def test_a_clip_whose_frames_cannot_be_told_apart_plays_but_does_not_step(open_desk: OpenDesk) -> None:
    page = open_desk(n=2, kind="video")
    expect(page.get_by_test_id("frame-on")).to_be_disabled()
    expect(page.get_by_test_id("frame-on")).to_have_attribute("title", re.compile("it is a still"))
    page.get_by_test_id("viewer").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("page-videos")).to_be_visible()
