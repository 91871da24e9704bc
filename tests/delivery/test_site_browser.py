"""The built page in a real browser: what it shows, what it loads, and how it reads without moving."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from director_lib.domain.stream import Section
from tests.delivery.films import make_film, number_of

N_SEGMENTS, N_FRAMES = 3, 121
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
FAST = {"effectiveType": "4g", "saveData": False}
SCROLL = "share => scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * share)"
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
ARRIVED = """() => {
  const { shown, wanted } = document.getElementById("film").dataset;
  return Boolean(shown) && shown === wanted;
}"""
PIXELS = """() => {
  const film = document.getElementById("film");
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const look = (part) => {
    pen.drawImage(film, film.width / 2, film.height * part, 1, 1, 0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  return [look(0.3), look(0.7)];
}"""


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let go of what a closed page no longer wants."""


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A film of three clips with little text, so that each takes a third of the way, on a web server."""
    sections = (
        Section("a", (1,), "A calm beginning.", heading="One"),
        Section("b", (2,), "Anna: And then?\nBence: Then nothing.", "dialogue"),
        Section("c", (3,), "A line\n  and another", "poem"),
    )
    film = make_film(tmp_path_factory.mktemp("site") / "studio", N_SEGMENTS, sections, N_FRAMES)
    server = QuietServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(film.build().path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


class Watched:
    """An open page with everything that it asked for and complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))


@contextmanager
def opened(
    browser: Browser, address: str, connection: dict[str, Any] = FAST, memory: int = 8, **options: Any
) -> Iterator[Watched]:
    """Open the page on a device."""
    context = browser.new_context(**options)
    device = f"""
      Object.defineProperty(navigator, "connection", {{ get: () => ({json.dumps(connection)}) }});
      Object.defineProperty(navigator, "deviceMemory", {{ get: () => {memory} }});
    """
    context.add_init_script(device)
    try:
        watched = Watched(context.new_page())
        watched.page.goto(address)
        yield watched
    finally:
        context.close()


def seen(page: Page) -> tuple[int, int]:
    """Read segment and frame from the picture on the screen."""
    page.evaluate(PAINTED)
    page.wait_for_function(ARRIVED)
    frame, segment = page.evaluate(PIXELS)
    return number_of(tuple(segment)), number_of(tuple(frame))


@pytest.mark.parametrize(
    ("device", "folder", "frames"),
    [
        (DESKTOP, "public/frames/", [(1, 0), (1, 90), (2, 60), (3, 30), (3, 120)]),
        # of 40 frames: the 1st, 31st, 21st, 11th and 40th
        (PHONE, "public/frames-perf/", [(1, 0), (1, 92), (2, 62), (3, 31), (3, 120)]),
    ],
)
def test_the_frame_that_the_scroll_position_asks_for_is_the_one_that_is_seen(
    browser: Browser, address: str, device: dict[str, Any], folder: str, frames: list[tuple[int, int]]
) -> None:
    with opened(browser, address, **device) as watched:
        found = []
        for share in (0, 0.25, 0.5, 0.75, 1):
            watched.page.evaluate(SCROLL, share)
            found.append(seen(watched.page))
        assert found == frames
        watched.page.evaluate(SCROLL, 0.5)
        assert seen(watched.page) == frames[2], "the way back shows the same"
        moving = [url for url in watched.requests if "/public/frames" in url]
        assert moving
        assert all(url.startswith(address + folder) for url in moving)
        assert all(url.startswith(address) for url in watched.requests), (
            "nothing leaves the page's own origin"
        )
        assert watched.complaints == []


def test_each_text_is_on_the_screen_while_its_own_picture_is(browser: Browser, address: str) -> None:
    with opened(browser, address, **DESKTOP) as watched:
        for number, section in enumerate("abc", 1):
            text = watched.page.locator(f'[data-section="{section}"]')
            text.evaluate("element => element.scrollIntoView({ block: 'center' })")
            assert seen(watched.page)[0] == number
            expect(text).to_be_in_viewport()
        expect(watched.page.locator("#film")).to_have_attribute("aria-label", "Part 3")


def test_the_current_segment_and_its_neighbours_are_loaded_and_no_others(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, **PHONE) as watched:
        watched.page.wait_for_load_state("networkidle")
        moving = [url.rsplit("/", 2)[1] for url in watched.requests if "/frames-perf/" in url]
        assert {name: moving.count(name) for name in moving} == {"segment_1": 40, "segment_2": 40}
        first = [url.rsplit("/", 1)[1] for url in watched.requests if "/segment_1/" in url][:4]
        assert first == ["0001.webp", "0017.webp", "0033.webp", "0009.webp"]


def test_the_nearest_frame_stands_in_for_one_that_cannot_be_loaded(browser: Browser, address: str) -> None:
    with opened(browser, address, **PHONE) as watched:
        page = watched.page
        page.route("**/segment_3/0011.webp", lambda route: route.abort())
        page.evaluate(SCROLL, 0.75)
        page.wait_for_load_state("networkidle")
        page.wait_for_function("() => document.getElementById('film').dataset.shown === '3:10'")
        assert page.locator("#film").get_attribute("data-wanted") == "3:11"


@pytest.mark.parametrize(
    ("device", "tier"),
    [
        (DESKTOP | {"connection": {"saveData": True, "effectiveType": "4g"}}, "performance"),
        (DESKTOP | {"connection": {"effectiveType": "3g"}}, "performance"),
        (DESKTOP | {"connection": {}}, "high"),
        (DESKTOP | {"memory": 2}, "performance"),
    ],
)
def test_frames_are_chosen_by_connection_memory_and_screen(
    browser: Browser, address: str, device: dict[str, Any], tier: str
) -> None:
    with opened(browser, address, **device) as watched:
        expect(watched.page.locator("html")).to_have_attribute("data-tier", tier)


@pytest.mark.parametrize("still", [{"reduced_motion": "reduce"}, {"java_script_enabled": False}])
def test_readers_to_whom_nothing_moves_get_stills_and_text(
    browser: Browser, address: str, still: dict[str, Any]
) -> None:
    with opened(browser, address, **DESKTOP, **still) as watched:
        page = watched.page
        expect(page.locator("#film")).not_to_be_visible()
        for picture in page.locator("figure.still img").all():
            picture.scroll_into_view_if_needed()
            expect(picture).to_have_js_property("complete", value=True)
            assert picture.evaluate("image => image.naturalWidth") == 96
        expect(page.locator("main")).to_contain_text("A calm beginning.")
        expect(page.locator(".poetry p")).to_have_text("A line\n  and another", use_inner_text=True)
        expect(page.locator("footer")).to_contain_text("Made with artificial intelligence.")
        assert not [url for url in watched.requests if "/public/frames" in url]
        assert watched.complaints == []


@pytest.mark.parametrize("device", [PHONE, DESKTOP | {"reduced_motion": "reduce"}])
def test_the_page_is_accessible_and_nothing_is_cut_off_at_its_sides(
    browser: Browser, address: str, device: dict[str, Any]
) -> None:
    with opened(browser, address, **device) as watched:
        found = Axe().run(watched.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_opens_from_a_disk_without_any_server(browser: Browser, tmp_path: Path) -> None:
    film = make_film(tmp_path / "studio", 1)
    page_file = film.build().path / "index.html"
    with opened(browser, page_file.as_uri(), **PHONE) as watched:
        watched.page.wait_for_function(ARRIVED)
        assert watched.complaints == []
