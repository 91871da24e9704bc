"""The segments around the one on the desk, the cut between two, the film and the contact sheet."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.patience import PATIENCE_S
from tests.widgets.clips_served import serve_clips
from tests.widgets.conftest import OpenDesk
from tests.widgets.counted_clips import halves, read_counter
from tests.widgets.fake_clips import N_FRAMES, mark_of
from tests.widgets.harness import DeskServer

LAST = N_FRAMES - 1

# Looks at the film with every picture that the browser paints, until it is over, or tells where it stopped.
_WATCH_FILM = """(patience) => new Promise((done) => {
    const film = document.querySelector('[data-testid=film]');
    const shown = [];
    let blank = 0;
    const look = () => {
        const on = film.querySelector('.picture.on');
        if (!on || (on.tagName === 'VIDEO' ? on.readyState < 2 : !on.complete)) blank += 1;
        if (shown[shown.length - 1] !== film.dataset.segment) shown.push(film.dataset.segment);
        if (film.dataset.playing === 'false') done({shown, blank});
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    const player = ({currentTime, readyState, networkState, paused, ended, seeking}) =>
        ({currentTime, readyState, networkState, paused, ended, seeking});
    setTimeout(() => done({
        shown, blank, stopped: {...film.dataset}, isThere: film.isConnected,
        players: [...film.querySelectorAll('video')].map(player),
    }), patience);
})"""


def film(page: Page) -> Locator:
    return page.get_by_test_id("film")


def test_the_stills_before_and_after_are_around_the_picture(open_desk: OpenDesk) -> None:
    page = open_desk(n=5, segment=3)
    expect(page.get_by_test_id("neighbour-before")).to_have_count(0)
    page.keyboard.press("t")
    expect(page.get_by_test_id("neighbour-before")).to_have_attribute("data-segment", "2")
    expect(page.get_by_test_id("neighbour-after")).to_have_attribute("data-segment", "4")
    page.get_by_test_id("neighbour-after").click()
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", "4")
    page.keyboard.press("n")
    expect(page.get_by_test_id("neighbour-after")).to_have_count(0)
    expect(page.get_by_test_id("neighbour-before")).to_have_attribute("data-segment", "4")
    page.reload()
    expect(page.get_by_test_id("neighbour-before")).to_have_attribute("data-segment", "4")
    page.get_by_test_id("neighbours").click()
    expect(page.get_by_test_id("neighbour-before")).to_have_count(0)


def test_the_cut_shows_the_last_frame_against_the_first(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    serve_clips(desk_server, "29.97")
    page = open_desk(n=3, kind="video", scenario="counted-29.97", segment=1)
    page.keyboard.press("u")
    view, canvas = page.get_by_test_id("cut-view"), page.get_by_test_id("pair-canvas")
    expect(view).to_have_attribute("data-left-frame", str(LAST))
    expect(view).to_have_attribute("data-right-frame", "0")
    left, right = halves(canvas)
    assert read_counter(canvas, left) == (LAST, mark_of(1, 3))
    assert read_counter(canvas, right) == (0, mark_of(2, 1))
    page.keyboard.press("w")
    expect(page.get_by_test_id("pair")).to_have_attribute("data-mode", "wipe")
    page.keyboard.press("s")
    page.keyboard.press("n")
    expect(page.get_by_test_id("cut-right")).to_have_text("First frame of segment 3")
    expect(view).to_have_attribute("data-left-frame", str(LAST))
    assert read_counter(canvas, left) == (LAST, mark_of(2, 1))
    expect(page).to_have_url(re.compile("cut=1"))
    page.reload()
    expect(view).to_have_attribute("data-right-frame", "0")
    page.keyboard.press("n")
    expect(view).to_have_count(0)
    expect(page.get_by_test_id("cut")).to_be_disabled()


def test_a_still_stands_in_at_the_cut_to_a_missing_clip(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    serve_clips(desk_server, "24")
    page = open_desk(n=3, kind="video", scenario="counted-gap", segment=1)
    page.get_by_test_id("cut").click()
    expect(page.get_by_test_id("cut-right")).to_have_text("Still of segment 2, no clip yet")
    expect(page.get_by_test_id("cut-view")).to_have_attribute("data-left-frame", str(LAST))
    expect(page.get_by_test_id("pair").get_by_role("alert")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("viewer")).to_be_visible()


def test_the_film_plays_from_here_without_a_gap_and_stills_stand_in(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    serve_clips(desk_server, "24")
    page = open_desk(n=3, kind="video", scenario="counted-gap", segment=1, speed=2)
    page.keyboard.press("m")
    expect(film(page)).to_have_attribute("data-shows", "clip")
    expect(film(page)).to_have_attribute("data-playing", "true")
    page.wait_for_function("() => document.querySelector('[data-testid=film] video.on').readyState >= 2")
    watched = page.evaluate(_WATCH_FILM, PATIENCE_S * 1000)
    assert watched == {"shown": ["1", "2", "3"], "blank": 0}
    expect(film(page)).to_have_attribute("data-shows", "clip")
    page.keyboard.press("Escape")
    expect(film(page)).to_have_count(0)
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", "3")


def test_a_picture_that_comes_late_is_waited_for_with_the_last_one_on_the_screen(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    serve_clips(desk_server, "24")
    page = open_desk(n=3, kind="video", scenario="counted-gap", segment=1, speed=2)
    held: list[Route] = []
    page.route(re.compile(r"/media/1[.]jpg[?]film"), lambda route: held.append(route))
    page.keyboard.press("m")
    expect(film(page)).to_have_attribute("data-segment", "2")
    expect(film(page)).to_have_attribute("data-waiting", "true")
    expect(film(page).locator("video.on")).to_have_count(1)
    expect(page.get_by_test_id("film-place")).to_contain_text("on its way")
    for late in held:
        late.continue_()
    expect(film(page).locator("img.on")).to_have_count(1)
    expect(film(page)).to_have_attribute("data-waiting", "false")
    expect(film(page)).to_have_attribute("data-segment", "3")


def test_in_the_film_keys_steer_and_decide_nothing(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    serve_clips(desk_server, "24")
    page = open_desk(n=3, kind="video", scenario="counted-24", log="film", segment=1)
    page.get_by_test_id("play-film").click()
    film_view = film(page)
    expect(film_view).to_have_attribute("data-playing", "true")
    page.keyboard.press("Space")
    expect(film_view).to_have_attribute("data-playing", "false")
    page.keyboard.press("n")
    expect(film_view).to_have_attribute("data-segment", "2")
    page.keyboard.press("p")
    expect(film_view).to_have_attribute("data-segment", "1")
    page.get_by_test_id("film-next").click()
    expect(page.get_by_test_id("film-place")).to_contain_text("2 of 3")
    for key in ("a", "r", "z", "e", "d"):
        page.keyboard.press(key)
    expect(film_view).to_have_attribute("data-segment", "2")
    page.get_by_test_id("film-play").click()
    expect(film_view).to_have_attribute("data-playing", "true")
    page.get_by_test_id("film-close").click()
    expect(film_view).to_have_count(0)
    assert desk_server.asked("film", "decide") == []
    assert desk_server.asked("film", "undo") == []


def test_stills_play_as_a_film_for_their_planned_time(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="quick", segment=1)
    page.keyboard.press("f")
    page.keyboard.press("m")
    expect(film(page)).to_have_attribute("data-shows", "still")
    watched = page.evaluate(_WATCH_FILM, PATIENCE_S * 1000)
    assert watched == {"shown": ["1", "2", "3"], "blank": 0}
    page.keyboard.press("Space")
    expect(film(page)).to_have_attribute("data-segment", "1")


def test_the_contact_sheet_is_offered_as_pdf_and_png(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.keyboard.press("y")
    link = page.get_by_test_id("sheet-pdf")
    expect(link).to_be_focused()
    expect(link).to_have_attribute("href", "/s/lighthouse/contact-sheet/keyframe.pdf")
    expect(page.get_by_test_id("sheet-png")).to_have_attribute(
        "href", "/s/lighthouse/contact-sheet/keyframe.png"
    )
    page.keyboard.press("Escape")
    expect(link).to_have_count(0)
    page.get_by_test_id("contact-sheet").click()
    expect(link).to_be_visible()
