"""No page and no open sheet has a serious or critical fault that axe-core can find."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.workbench.comments import Spot
from tests.browser.conftest import LiveStudio
from tests.watching import OpenPage, card
from tests.widgets.counted_clips import RATES, write_counted_clip

GRAVE = {"serious", "critical"}
BOX = {"shapes": [{"kind": "box", "points": [[0.1, 0.1], [0.4, 0.5]]}]}
PAGES = {
    "streams": "/",
    "tasks": "/tasks",
    "metrics": "/metrics",
    "data-dictionary": "/data-dictionary",
    "settings": "/settings",
    "advice": "/advice",
    "variants": "/variants",
    "story": "/s/film/story",
    "activity": "/s/film/activity",
    "spec": "/s/film/spec",
    "final": "/s/film/final",
    "keyframes": "/s/film/keyframes?segment=1",
    "videos": "/s/counted/videos?segment=1",
}


@pytest.fixture(scope="module", autouse=True)
def talk(live: LiveStudio) -> None:
    """A stream with a story, a thread, a preset, people and a clip."""
    story = {
        "story": "Once upon a time.",
        "language": "en",
        "brief": {"tone": ["warm"], "sky": {"is": "low"}},
    }
    (live.settings.streams_root / "film" / "input.json").write_text(json.dumps(story))
    folder = live.settings.streams_root / "counted" / "videos"
    folder.mkdir(exist_ok=True)
    write_counted_clip(folder / "segment_1.mp4", RATES["24"], 48)
    with live.workbench() as workbench:
        workbench.people.add("dan", Role.DIRECTOR, "a long password", "Dan Okafor")
        workbench.presets.add("Sea fog", "lighting", "soft sea fog")
        workbench.streams.scan("film")
        version = workbench.reviews.standing("film").version(1, Kind.KEYFRAME)
        assert version is not None
        first = workbench.comments.add(
            "film", 1, Kind.KEYFRAME, "softer, @dan", version_id=version.id, spot=Spot(region=BOX)
        )
        workbench.comments.reply(first.id, "yes")
        workbench.comments.resolve(workbench.comments.add("film", 1, Kind.KEYFRAME, "done").id)


def faults(page: Page) -> list[str]:
    """Describe each serious or critical fault with the elements that have it."""
    page.evaluate("script => (0, eval)(script)", AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html'][:300]}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


def test_the_check_finds_what_is_wrong(open_page: OpenPage) -> None:
    page = open_page("/settings", "settings")
    page.evaluate("document.querySelector('main').innerHTML = '<button></button><img src=\"data:,\">'")
    assert {line.split(" ")[0] for line in faults(page)} >= {"button-name", "image-alt"}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_is_sound(open_page: OpenPage, name: str) -> None:
    page = open_page(PAGES[name], name)
    page.wait_for_load_state("networkidle")
    assert faults(page) == []


@pytest.mark.parametrize("path", ["/metrics", "/s/film/metrics"])
def test_metrics_are_sound_with_what_they_open(open_page: OpenPage, path: str) -> None:
    page = open_page(path, "metrics")
    page.get_by_test_id("rows-units").or_(page.get_by_test_id("card-rows").nth(2)).first.click()
    page.get_by_test_id("close-rows").wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("close-rows")).to_have_count(0)
    if path == "/metrics":
        page.get_by_test_id("stream-row").first.wait_for()
    assert faults(page) == []


def test_the_sign_in_page_is_sound(browser: Browser, live: LiveStudio) -> None:
    context = browser.new_context(base_url=live.base_url)
    page = context.new_page()
    page.goto("/login")
    page.get_by_test_id("login-form").wait_for()
    assert faults(page) == []
    context.close()


def _mention(page: Page) -> None:
    page.keyboard.press("c")
    page.keyboard.type("@d")
    page.get_by_test_id("mention-list").wait_for()


def _draw(page: Page) -> None:
    page.get_by_test_id("draw-box").click()
    page.keyboard.press("ArrowLeft")


def _answer(page: Page) -> None:
    page.get_by_test_id("show-comment").click()
    page.get_by_test_id("answer-comment").click()


def _suggestion(page: Page) -> None:
    page.get_by_test_id("regenerate-with").first.click()
    page.get_by_test_id("suggestion").wait_for()


def _selection(page: Page) -> None:
    page.keyboard.press("Control+a")
    page.get_by_test_id("selection-bar").wait_for()


def _by_key(key: str, test_id: str) -> Callable[[Page], None]:
    def open_it(page: Page) -> None:
        page.keyboard.press(key)
        page.get_by_test_id(test_id).wait_for()

    return open_it


def _menu(page: Page) -> None:
    page.get_by_test_id("person").click()
    page.get_by_test_id("settings").wait_for()


def _drawer(page: Page) -> None:
    page.get_by_test_id("queue-badge").click()
    page.get_by_test_id("task-drawer").wait_for()


OPENED: dict[str, Callable[[Page], None]] = {
    "help": _by_key("?", "help-sheet"),
    "regenerate": _by_key("r", "regenerate-sheet"),
    "note": _by_key("a", "note-sheet"),
    "changes": _by_key("q", "note-sheet"),
    "versions": _by_key("v", "versions-strip"),
    "history": _by_key("h", "prompt-history-list"),
    "mention": _mention,
    "drawing": _draw,
    "answer": _answer,
    "suggestion": _suggestion,
    "selection": _selection,
    "menu": _menu,
    "drawer": _drawer,
}


@pytest.mark.parametrize("name", sorted(OPENED))
def test_what_opens_on_the_desk_is_sound(open_page: OpenPage, name: str) -> None:
    page = open_page(PAGES["keyframes"], "keyframes")
    page.emulate_media(reduced_motion="reduce")
    expect(page.get_by_test_id("comment")).to_have_count(2)
    OPENED[name](page)
    assert faults(page) == []


@pytest.mark.parametrize(
    ("section", "button"),
    [
        ("keys", "change-key"),
        ("presets", "new-preset"),
        ("presets", "delete-preset"),
        ("engines", None),
        ("budget", None),
        ("people", "new-person"),
        ("people", "reset-password"),
    ],
)
def test_every_section_of_the_settings_is_sound(
    open_page: OpenPage, section: str, button: str | None
) -> None:
    page = open_page(f"/settings#{section}", "settings")
    if button:
        page.get_by_test_id(button).first.click()
    assert faults(page) == []


@pytest.mark.parametrize(
    ("name", "button", "opened"),
    [
        ("streams", "new-stream", "new-stream-sheet"),
        ("streams", "put-away", "put-away-sheet"),
        ("streams", "card-menu", "archive-stream"),
        ("story", "edit-brief", "brief-text"),
        ("story", "needs-clarification", "note-sheet"),
    ],
)
def test_what_opens_on_the_streams_and_story_pages_is_sound(
    open_page: OpenPage, name: str, button: str, opened: str
) -> None:
    page = open_page(PAGES[name], name)
    page.emulate_media(reduced_motion="reduce")
    page.get_by_test_id(button).first.focus()
    page.keyboard.press("Enter")
    page.get_by_test_id(opened).wait_for()
    assert faults(page) == []


def test_a_clip_with_its_transport_is_sound(open_page: OpenPage) -> None:
    page = open_page(PAGES["videos"], "videos")
    expect(card(page, 1)).to_have_attribute("data-version", "1")
    expect(page.get_by_test_id("on-frame")).to_be_visible()
    assert faults(page) == []


def test_tab_leads_through_the_desk_in_reading_order(open_page: OpenPage) -> None:
    page = open_page(PAGES["keyframes"], "keyframes")
    expect(page.get_by_test_id("comment")).to_have_count(2)
    page.locator("body").evaluate("body => body.focus()")
    seen: list[str] = []
    for _ in range(70):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.dataset.testid || document.activeElement.tagName")
        seen.append(str(here))
    wanted = [
        "prompt-search",
        "filter-all",
        "segment-card",
        "image-prompt",
        "comment-text",
        "draw-box",
        "approve",
        "next",
    ]
    places = [seen.index(name) for name in wanted if name in seen]
    assert [name for name in wanted if name not in seen] == []
    assert places == sorted(places)
