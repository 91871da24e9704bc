"""Clips from the real server: the frame that is named is the frame that is shown, alone and compared."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from director_lib.config import load_settings
from director_lib.domain.version import Kind
from tests.browser.conftest import LiveStudio, start_studio, write_stream
from tests.widgets.counted_clips import RATES, halves, read_counter, write_counted_clip

OpenPage = Callable[[str, str], Page]
STREAM = "clips"
N_FRAMES = 240


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudio]:
    """A running studio with one stream of two clips; the first has two versions of different length."""
    home = tmp_path_factory.mktemp("clips")
    settings = load_settings(home=home, _env_file=None)
    folder = write_stream(settings.streams_root, STREAM, 3)
    videos = folder / "videos"
    videos.mkdir()
    clip = videos / "segment_1.mp4"
    write_counted_clip(clip, RATES["23.976"], N_FRAMES, mark=1)
    write_counted_clip(videos / "segment_2.mp4", RATES["23.976"], N_FRAMES, mark=5)
    studio = start_studio(settings, home / "up.log")
    with studio.workbench() as workbench:
        workbench.streams.scan(STREAM)
        write_counted_clip(clip, RATES["23.976"], N_FRAMES - 40, mark=2)
        workbench.streams.scan(STREAM)
        assert len(workbench.reviews.versions(STREAM, 1, Kind.VIDEO)) == 2
    yield studio
    studio.stop()


def test_any_frame_is_reached_at_once_over_the_network(open_page: OpenPage) -> None:
    page = open_page(f"/s/{STREAM}/videos?segment=2&frame=100", "videos")
    frame_on_screen = page.get_by_test_id("transport")
    expect(frame_on_screen).to_have_attribute("data-frame", "100")
    for frame in (231, 3, 150, N_FRAMES - 1):
        page.get_by_test_id("scrub").evaluate(
            "(it, frame) => { it.value = frame; it.dispatchEvent(new Event('input')); }", frame
        )
        expect(frame_on_screen).to_have_attribute("data-frame", str(frame))
        assert read_counter(page.get_by_test_id("current-video")) == (frame, 5)
    expect(page.get_by_test_id("clip-rate")).to_have_text("23.976 fps")
    expect(page).to_have_url(re.compile(rf"frame={N_FRAMES - 1}\b"))
    page.reload()
    expect(frame_on_screen).to_have_attribute("data-frame", str(N_FRAMES - 1))
    assert read_counter(page.get_by_test_id("current-video")) == (N_FRAMES - 1, 5)


def test_a_clip_comes_in_ranges(open_page: OpenPage) -> None:
    page = open_page(f"/s/{STREAM}/videos?segment=1", "videos")
    source = page.get_by_test_id("current-video").get_attribute("src")
    answer = page.request.get(source or "", headers={"Range": "bytes=100-199"})
    assert (answer.status, len(answer.body())) == (HTTPStatus.PARTIAL_CONTENT, 100)


def test_two_versions_are_compared_at_a_frame_by_a_link(open_page: OpenPage) -> None:
    page = open_page(f"/s/{STREAM}/videos?segment=1&compare=1&frame=123&offset=-3,0", "videos")
    view, canvas = page.get_by_test_id("comparison"), page.get_by_test_id("pair-canvas")
    expect(view).to_have_attribute("data-right-frame", "123")
    expect(view).to_have_attribute("data-left-frame", "120")
    left, right = halves(canvas)
    assert (read_counter(canvas, left), read_counter(canvas, right)) == ((120, 1), (123, 2))
    view.focus()
    page.keyboard.press("ArrowRight")
    expect(view).to_have_attribute("data-right-frame", "124")
    assert (read_counter(canvas, left), read_counter(canvas, right)) == ((121, 1), (124, 2))
    expect(page).to_have_url(re.compile(r"frame=124\b"))


def test_the_cut_and_the_film_are_there_and_a_still_stands_in(open_page: OpenPage) -> None:
    page = open_page(f"/s/{STREAM}/videos?segment=2&cut=1", "videos")
    expect(page.get_by_test_id("cut-view")).to_have_attribute("data-left-frame", str(N_FRAMES - 1))
    expect(page.get_by_test_id("cut-right")).to_have_text("Still of segment 3, no clip yet")
    expect(page.get_by_test_id("pair").get_by_role("alert")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.get_by_test_id("film")).to_have_attribute("data-shows", "clip")
    page.keyboard.press("n")
    expect(page.get_by_test_id("film")).to_have_attribute("data-shows", "still")
    expect(page.get_by_test_id("film")).to_have_attribute("data-playing", "false")


def test_a_contact_sheet_is_saved_from_the_desk(open_page: OpenPage) -> None:
    page = open_page(f"/s/{STREAM}/videos", "videos")
    page.keyboard.press("y")
    with page.expect_download() as saved:
        page.get_by_test_id("sheet-png").click()
    assert saved.value.suggested_filename == f"{STREAM}_clips.png"
    with Image.open(io.BytesIO(saved.value.path().read_bytes())) as sheet:
        assert sheet.width > 1000
    expect(page.get_by_test_id("page-videos")).to_be_visible()
