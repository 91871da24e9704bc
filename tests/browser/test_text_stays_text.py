"""Markup, templates, long and right-to-left words: text on every page, whoever wrote them where."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from director_lib.config import load_settings
from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from director_lib.workbench.comments import Spot
from tests.browser.conftest import LiveStudio, start_studio, write_stream
from tests.watching import OpenPage, card, eventually

STREAM = "hostile"
STILL = Kind.KEYFRAME
RUNS = "document.body.dataset.hacked='yes'; alert(1)"
MARKUP = f'<img src=x onerror="{RUNS}"> {{{{ 7 * 7 }}}} ${{7*7}} <script>{RUNS}</script>'
FOREIGN = "منارة في الشتاء 🎬👩‍🚀"
HOSTILE = f"{MARKUP} {FOREIGN}"
NAME = "<img src=x onerror=alert(1)> {{ 7 * 7 }} 🎬"
LONG = ("unbroken" * 1250)[:10_000]
BOX = {"shapes": [{"kind": "box", "points": [[0.1, 0.1], [0.4, 0.5]]}]}


def _write(live_root_spec: dict[str, object]) -> dict[str, object]:
    segments = live_root_spec["segments"]
    assert isinstance(segments, list)
    segments[0] |= {
        "title": HOSTILE,
        "image_prompt": HOSTILE,
        "motion_prompt": HOSTILE,
        "represents": HOSTILE,
    }
    segments[1] |= {"title": LONG, "image_prompt": LONG}
    return live_root_spec | {"stream": {"id": STREAM, "title": HOSTILE, "language": "ar"}}


def _fill(live: LiveStudio) -> None:
    """Write hostile words wherever a person can write some."""
    with live.workbench() as workbench:
        workbench.people.add("mallory", Role.DIRECTOR, "a long password", NAME)
        workbench.presets.add(NAME, "lighting", MARKUP)
        workbench.streams.scan(STREAM)
        workbench.prompts.save(STREAM, 1, "image_prompt", f"{HOSTILE} again")
        [task] = workbench.tasks.generate(STREAM, STILL, (1,)).queued
        [made] = workbench.tasks.wait([task.id], timeout_s=60)
        assert made.state is TaskState.SUCCEEDED
        version = workbench.reviews.standing(STREAM).version(1, STILL)
        assert version is not None
        spot = Spot(region=BOX)
        workbench.comments.add(STREAM, 1, STILL, HOSTILE, version_id=version.id, spot=spot)
        workbench.comments.add(STREAM, 1, STILL, LONG)
        workbench.reviews.decide(STREAM, STILL, {1: version.sha256}, DecisionKind.ADJUST_PROMPT, note=HOSTILE)
        workbench.tasks.pause()
        workbench.tasks.generate(STREAM, STILL, (3,))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudio]:
    """A running studio whose stream, people and presets are called what nobody should be called."""
    home = tmp_path_factory.mktemp("hostile")
    settings = load_settings(home=home, local_pace_s=0.1, _env_file=None)
    folder = write_stream(settings.streams_root, STREAM, 4)
    path = folder / "production.json"
    path.write_text(json.dumps(_write(json.loads(path.read_text())), ensure_ascii=False))
    studio = start_studio(settings, home / "up.log")
    _fill(studio)
    yield studio
    studio.stop()


def _keys(*keys: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return press


def _drawer(page: Page) -> None:
    page.get_by_test_id("queue-badge").click()


def _nothing(page: Page) -> None:
    """The words are there as the page opens."""


DESK = f"/s/{STREAM}/keyframes?segment=1"
# Where it is shown: address, page, how it is opened, and what each element shows at least.
PLACES: dict[str, tuple[str, str, Callable[[Page], None], dict[str, str]]] = {
    "desk": (
        DESK,
        "keyframes",
        _nothing,
        {
            "[data-segment='1'][data-testid=segment-card]": HOSTILE,
            "[data-segment='1'] [data-testid=card-prompt]": MARKUP,
            "[data-segment='2'][data-testid=segment-card]": LONG,
            "[data-testid=desk] h2": HOSTILE,
            "[data-testid=decision-note]": HOSTILE,
            "[data-testid=comment] >> nth=0": HOSTILE,
            "[data-testid=comment] >> nth=1": LONG,
            "header": MARKUP,
        },
    ),
    "history": (DESK, "keyframes", _keys("h"), {"[data-testid=prompt-history-list]": HOSTILE}),
    "facts": (f"{DESK}&version=1", "keyframes", _nothing, {"[data-testid=compare-facts]": HOSTILE}),
    "compare": (DESK, "keyframes", _keys("d"), {"[data-testid=decision-note]": HOSTILE}),
    "sheet": (DESK, "keyframes", _keys("r"), {"[data-testid=preset]": NAME}),
    "many": (DESK, "keyframes", _keys("Control+a"), {"[data-testid=selection-preset]": NAME}),
    "film": (DESK, "keyframes", _keys("m"), {"[data-testid=film-place]": HOSTILE}),
    "cut": (DESK, "keyframes", _keys("u"), {"[data-testid=desk] h2": HOSTILE}),
    "clips": (f"/s/{STREAM}/videos?segment=1", "videos", _nothing, {"[data-testid=desk] h2": HOSTILE}),
    "drawer": (DESK, "keyframes", _drawer, {"[data-testid=task-drawer]": HOSTILE}),
    "tasks": ("/tasks", "tasks", _nothing, {"main": HOSTILE}),
    "metrics": (f"/s/{STREAM}/metrics", "metrics", _nothing, {"[data-testid=page-metrics]": HOSTILE}),
    "streams": ("/", "streams", _nothing, {f"[data-stream={STREAM}]": HOSTILE}),
    "presets": ("/settings#presets", "settings", _nothing, {"main": MARKUP}),
    "people": ("/settings#people", "settings", _nothing, {"main": NAME}),
}


@pytest.mark.parametrize("place", sorted(PLACES))
def test_whatever_is_written_is_shown_as_text(open_page: OpenPage, place: str) -> None:
    address, name, open_it, shown = PLACES[place]
    page = open_page(address, name)
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    open_it(page)
    for selector, words in shown.items():
        expect(page.locator(selector).first).to_contain_text(words)
        assert words in _plain(page.locator(selector).first.inner_text())
    assert page.locator("img[src=x], .dl-screen script").count() == 0
    assert page.evaluate("document.body.dataset.hacked") is None
    assert said == []
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0, "the page stays as wide as its window"


def _plain(text: str) -> str:
    """Return a text as it is read: blanks and line ends are one blank."""
    return " ".join(text.split())


def test_prompts_are_in_their_fields_as_they_were_written(open_page: OpenPage) -> None:
    page = open_page(DESK, "keyframes")
    expect(page.get_by_test_id("image-prompt")).to_have_value(f"{HOSTILE} again")
    expect(page.get_by_test_id("motion-prompt")).to_have_value(HOSTILE)
    page.keyboard.press("n")
    expect(page.get_by_test_id("image-prompt")).to_have_value(LONG)
    box, desk = page.get_by_test_id("image-prompt").bounding_box(), page.get_by_test_id("desk").bounding_box()
    assert box is not None
    assert desk is not None
    assert box["width"] < desk["width"]


def test_a_drawing_about_hostile_words_and_a_contact_sheet_are_made_all_the_same(
    open_page: OpenPage,
) -> None:
    page = open_page(DESK, "keyframes")
    page.get_by_test_id("show-comment").first.click()
    expect(page.get_by_test_id("region-shape")).to_have_count(1)
    for kind, check in (("png", _is_png), ("pdf", _is_pdf)):
        page.keyboard.press("y")
        with page.expect_download() as saved:
            page.get_by_test_id(f"sheet-{kind}").click()
        assert check(saved.value.path().read_bytes())
        expect(card(page, 1)).to_be_visible()
    assert eventually(lambda: page.evaluate("document.body.dataset.hacked") is None)


def _is_png(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as sheet:
        return sheet.format == "PNG" and sheet.width > 1000


def _is_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-")
