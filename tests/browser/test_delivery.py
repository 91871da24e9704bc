"""From a pasted story to the page that readers get, with the local engine: judged, deployed, taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from director_lib.config import load_settings
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from tests.browser.conftest import LiveStudio, start_studio
from tests.delivery.delivering import make_stream
from tests.watching import OpenPage, card, eventually

PATIENT = {"timeout": 60_000}
STORY = "The harbour slept under the fog.\n\nA lamp was lit, and a small boat came home."
# Two pictures later the page has been told of it.
SCROLL = """share => new Promise((done) => {
    scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * share);
    requestAnimationFrame(() => requestAnimationFrame(done));
})"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudio]:
    """A running studio with one short film, for all tests of this module."""
    home = tmp_path_factory.mktemp("studio")
    settings = load_settings(home=home, local_pace_s=0.0, _env_file=None)
    make_stream(settings.streams_root, "short", n_segments=3)
    studio = start_studio(settings, home / "up.log")
    yield studio
    studio.stop()


def approve_all(live: LiveStudio, stream_id: str, kind: Kind) -> None:
    with live.workbench() as workbench:
        workbench.streams.scan(stream_id)
        versions = workbench.reviews.standing(stream_id).versions
        shown = {place[0]: version.sha256 for place, version in versions.items() if place[1] is kind}
        workbench.reviews.decide(stream_id, kind, shown, DecisionKind.APPROVED)


def make_and_approve(page: Page, n_segments: int) -> None:
    """Have everything of a desk made, and approve it, by keyboard."""
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+R")
    expect(page.get_by_test_id("bulk-go")).to_be_enabled()
    page.get_by_test_id("bulk-regenerate-sheet").focus()
    page.keyboard.press("Enter")
    for number in range(1, n_segments + 1):
        expect(card(page, number)).to_have_attribute("data-version", "1", **PATIENT)  # type: ignore[arg-type]
    page.keyboard.press("Escape")
    for number in range(1, n_segments + 1):
        card(page, number).click()
        page.keyboard.press("Space")
        expect(card(page, number)).to_have_attribute("data-decision", "approved")


def approve_gate(page: Page) -> None:
    page.keyboard.press("Space")
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "approved")


def shown_frames(page: Page) -> list[str]:
    """Scroll through a film's page and return which frame each place shows."""
    frames = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        page.evaluate(SCROLL, share)
        page.wait_for_function(
            "() => { const { shown, wanted } = document.getElementById('film').dataset;"
            " return shown && shown === wanted; }"
        )
        frames.append(page.evaluate("document.getElementById('film').dataset.shown"))
    return frames


def test_a_cut_is_looked_at_sent_back_approved_deployed_and_taken_back(
    open_page: OpenPage, live: LiveStudio
) -> None:
    for kind in Kind:
        approve_all(live, "short", kind)
    page = open_page("/s/short/final", "final")
    page.get_by_test_id("build").click()
    film = page.frame_locator("[data-testid=preview]")
    film.locator("#film[data-shown^='1:']").wait_for(**PATIENT)  # type: ignore[arg-type]
    expect(film.locator("h1")).to_have_text("The film")
    page.get_by_test_id("device-phone").click()
    film.locator("html[data-tier]").wait_for()
    assert film.locator("html").evaluate("() => innerWidth") == 390
    page.keyboard.press("q")
    page.locator("[data-testid=pick-segment][data-segment='2']").click()
    page.get_by_test_id("decision-note-text").fill("slower, please")
    page.get_by_test_id("send-note").click()
    sent_back = page.locator("[data-testid=check][data-check=sent_back]")
    expect(sent_back).to_have_attribute("data-count", "1")
    expect(sent_back.get_by_test_id("check-place")).to_have_attribute("href", "/s/short/videos?segment=2")
    page.keyboard.press("z")
    expect(sent_back).to_have_attribute("data-count", "0")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "approved")
    page.get_by_test_id("deploy").click()
    latest = page.locator("[data-testid=deployment][data-latest=true]")
    expect(latest).to_contain_text("/site/short/", **PATIENT)  # type: ignore[arg-type]
    first = latest.get_attribute("data-build")
    spec = live.settings.streams_root / "short" / "production.json"
    spec.write_text(spec.read_text().replace("Text 1.", "Another text."))
    expect(page.get_by_test_id("preview-state")).to_have_attribute("data-current", "false")
    expect(page.get_by_test_id("gate-state")).not_to_have_attribute("data-state", "approved")
    page.get_by_test_id("deploy").click()
    page.get_by_test_id("override-why").fill("the customer waits")
    page.get_by_test_id("deploy-anyway").click()
    expect(latest).not_to_have_attribute("data-build", str(first), **PATIENT)  # type: ignore[arg-type]
    page.get_by_test_id("roll-back").click()
    expect(latest).to_have_attribute("data-build", str(first), **PATIENT)  # type: ignore[arg-type]
    with live.workbench() as workbench:
        assert workbench.deliveries.shown_build("short") == first
        assert len(workbench.deliveries.deployments("short")) == 3


def test_a_pasted_story_becomes_a_page_that_readers_scroll_through(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/", "streams")
    page.get_by_test_id("new-stream").click()
    page.get_by_test_id("story-paste").fill(STORY)
    page.get_by_test_id("look-new").click()
    page.get_by_test_id("new-title").fill("Harbour")
    page.get_by_test_id("new-id").fill("harbour")
    page.get_by_test_id("make-stream").click()
    with live.workbench() as workbench:
        assert eventually(lambda: "harbour" in workbench.streams.list_ids())
    page = open_page("/s/harbour/story", "story")
    approve_gate(page)
    page.get_by_test_id("draft-spec").click()
    with live.workbench() as workbench:
        assert eventually(lambda: bool(workbench.streams.get("harbour").segments))
        n_segments = len(workbench.streams.get("harbour").segments)
    approve_gate(open_page("/s/harbour/spec", "spec"))
    for desk in ("keyframes", "videos"):
        make_and_approve(open_page(f"/s/harbour/{desk}", desk), n_segments)
    page = open_page("/s/harbour/final", "final")
    approve_gate(page)
    page.get_by_test_id("deploy").click()
    expect(page.get_by_test_id("site-link")).to_be_visible(**PATIENT)  # type: ignore[arg-type]
    page.goto("/site/harbour/")
    expect(page.locator("h1")).to_have_text("Harbour")
    expect(page.locator("main")).to_contain_text("A lamp was lit, and a small boat came home.")
    frames = shown_frames(page)
    assert frames[0] == "1:1"
    assert frames[-1].startswith(f"{n_segments}:")
    assert len(set(frames)) == len(frames)
