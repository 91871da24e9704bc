"""Comments as a director makes them, by mouse and by keyboard alone, read back from the database."""

from __future__ import annotations

import json
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from director_lib.domain.people import Role
from director_lib.domain.region import Shape, ShapeKind
from director_lib.domain.version import Kind
from director_lib.store.comments import Comment
from tests.browser.conftest import LiveStudio
from tests.watching import OpenPage, card, eventually, focused, tab_to
from tests.widgets.counted_clips import BITS, MARK_BITS, RATES, READ_COUNTER, WHOLE, write_counted_clip

HOSTILE = "<img src=x onerror=\"document.body.dataset.hacked='yes'\"> {{ 7 * 7 }} مرحبا 🎬 <b>x</b>"


@pytest.fixture(scope="module", autouse=True)
def people(live: LiveStudio) -> None:
    """Two more people who can be mentioned."""
    with live.workbench() as workbench:
        workbench.people.add("dan", Role.DIRECTOR, "a long password", "Dan Okafor")
        workbench.people.add("zoe", Role.PRODUCER, "a long password", "Zoë Lang")


def comments(
    live: LiveStudio, stream_id: str, segment_id: int = 1, kind: Kind = Kind.KEYFRAME
) -> list[Comment]:
    with live.workbench() as workbench:
        return workbench.comments.list(stream_id, segment_id, kind)


def drag(page: Page, start: tuple[float, float], *way: tuple[float, float]) -> None:
    """Draw over the picture; points in fractions of it."""
    box = page.get_by_test_id("current-picture").bounding_box()
    assert box is not None
    # the picture is as large as fits, in the middle of its box
    wide = min(box["width"], box["height"] * 16 / 9)
    high = wide * 9 / 16
    left, top = box["x"] + (box["width"] - wide) / 2, box["y"] + (box["height"] - high) / 2
    page.mouse.move(left + start[0] * wide, top + start[1] * high)
    page.mouse.down()
    for x, y in way:
        page.mouse.move(left + x * wide, top + y * high, steps=4)
    page.mouse.up()


def near(shape: Shape, kind: ShapeKind, *points: tuple[float, float]) -> bool:
    ends = (shape.points[0], shape.points[-1])
    return shape.kind is kind and all(
        abs(found[axis] - wanted[axis]) < 0.01
        for found, wanted in zip(ends, points, strict=True)
        for axis in (0, 1)
    )


def test_a_comment_with_a_box_an_arrow_and_a_line_is_made_by_mouse(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/film/keyframes?segment=1", "keyframes")
    page.get_by_test_id("draw-box").click()
    drag(page, (0.1, 0.2), (0.4, 0.6))
    page.get_by_test_id("draw-arrow").click()
    drag(page, (0.9, 0.9), (0.5, 0.5))
    page.get_by_test_id("draw-stroke").click()
    drag(page, (0.2, 0.8), (0.3, 0.7), (0.6, 0.8))
    expect(page.get_by_test_id("new-shape")).to_have_count(3)
    page.get_by_test_id("comment-text").fill("softer here")
    page.get_by_test_id("add-comment").click()
    expect(page.get_by_test_id("comment")).to_have_count(1)
    assert eventually(lambda: len(comments(live, "film")) == 1)
    [made] = comments(live, "film")
    assert (made.text, made.version_number, made.frame) == ("softer here", 1, None)
    assert made.region is not None
    box, arrow, line = made.region.shapes
    assert near(box, ShapeKind.BOX, (0.1, 0.2), (0.4, 0.6))
    assert near(arrow, ShapeKind.ARROW, (0.9, 0.9), (0.5, 0.5))
    assert near(line, ShapeKind.STROKE, (0.2, 0.8), (0.6, 0.8))
    assert 2 < len(line.points) <= 400


def test_what_was_drawn_lies_over_the_same_place_of_the_picture_at_any_size(open_page: OpenPage) -> None:
    page = open_page("/s/film/keyframes?segment=2", "keyframes")
    page.get_by_test_id("draw-box").click()
    drag(page, (0.25, 0.25), (0.75, 0.5))
    page.keyboard.type("here")
    page.keyboard.press("Enter")
    shape = page.get_by_test_id("region-shape")
    expect(shape).to_have_count(1)
    for width, height in ((1280, 800), (2560, 1440), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(100)
        drawn, box = shape.bounding_box(), page.get_by_test_id("current-picture").bounding_box()
        assert drawn is not None
        assert box is not None
        wide = min(box["width"], box["height"] * 16 / 9)
        left = box["x"] + (box["width"] - wide) / 2
        assert drawn["x"] == pytest.approx(left + 0.25 * wide, abs=3)
        assert drawn["width"] == pytest.approx(0.5 * wide, abs=6)
    page.get_by_test_id("show-comment").click()
    expect(shape).to_have_count(0)
    page.get_by_test_id("show-drawings").click()
    expect(shape).to_have_count(1)


def test_a_box_a_mention_an_answer_and_the_end_of_a_thread_by_keyboard_alone(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/edit/keyframes?segment=1", "keyframes")
    page.keyboard.press("c")
    page.keyboard.type("too dark, @da")
    expect(page.get_by_test_id("mention-option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("comment-text")).to_have_value("too dark, @dan ")
    tab_to(page, "draw-box")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("region-overlay")).to_be_focused()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    assert focused(page) == "comment-text"
    page.keyboard.press("Enter")
    assert eventually(lambda: len(comments(live, "edit")) == 1)
    [made] = comments(live, "edit")
    assert (made.text, made.mentions) == ("too dark, @dan", ("dan",))
    assert made.region is not None
    assert made.region.shapes == (Shape(ShapeKind.BOX, ((0.36, 0.38), (0.58, 0.6))),)

    expect(page.get_by_test_id("mention")).to_have_text("@dan")
    page.get_by_test_id("show-comment").focus()
    tab_to(page, "answer-comment")
    page.keyboard.press("Enter")
    page.keyboard.type("on purpose")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("comment-answer")).to_contain_text("on purpose")
    page.get_by_test_id("show-comment").focus()
    tab_to(page, "resolve-comment")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("comment")).to_have_attribute("data-resolved", "true")
    first, answer = comments(live, "edit")
    assert (answer.parent_id, answer.text) == (first.id, "on purpose")
    assert first.resolved_by is not None
    page.get_by_test_id("resolve-comment").click()
    expect(page.get_by_test_id("comment")).to_have_attribute("data-resolved", "false")
    assert eventually(lambda: comments(live, "edit")[0].resolved_at is None)


def test_an_open_thread_follows_to_the_next_version_and_says_where_it_is_from(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/made/keyframes?segment=1", "keyframes")
    page.get_by_test_id("draw-box").click()
    drag(page, (0.1, 0.1), (0.3, 0.3))
    page.keyboard.type("a lamp here")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("comment")).to_have_count(1)
    still = live.settings.streams_root / "made" / "keyframes" / "segment_1_keyframe.png"
    Image.new("RGB", (640, 360), "teal").save(still)
    expect(card(page, 1)).to_have_attribute("data-version", "2")
    expect(page.get_by_test_id("comment-origin")).to_have_text("from v1")
    expect(card(page, 1)).to_contain_text("1")
    page.get_by_test_id("show-drawings").click()
    expect(page.get_by_test_id("region")).to_have_class(re.compile("old"))


def test_on_a_clip_typing_pauses_and_the_comment_is_about_the_frame_that_is_shown(
    open_page: OpenPage, live: LiveStudio
) -> None:
    folder = live.settings.streams_root / "counted" / "videos"
    folder.mkdir(exist_ok=True)
    write_counted_clip(folder / "segment_1.mp4", RATES["24"], 96)
    page = open_page("/s/counted/videos?segment=1", "videos")
    expect(card(page, 1)).to_have_attribute("data-version", "1")
    page.keyboard.press("l")
    clip = page.get_by_test_id("current-video")
    page.wait_for_function("document.querySelector('[data-testid=current-video]').currentTime > 0.2")
    page.keyboard.press("c")
    page.keyboard.type("the wave jumps")
    assert clip.evaluate("clip => clip.paused") is True
    page.keyboard.press("Enter")
    assert eventually(lambda: len(comments(live, "counted", kind=Kind.VIDEO)) == 1)
    [made] = comments(live, "counted", kind=Kind.VIDEO)
    frame = clip.evaluate("clip => Math.floor(clip.currentTime * 24)")
    assert made.frame == frame > 0
    assert clip.evaluate(READ_COUNTER, {"bits": BITS, "all": BITS + MARK_BITS, "place": WHOLE})[0] == frame
    page.get_by_test_id("scrub").fill("0")
    expect(page.get_by_test_id("on-frame")).to_have_text("Frame 0")
    page.get_by_test_id("show-comment").click()
    expect(page.get_by_test_id("on-frame")).to_have_text(f"Frame {frame}")


def test_the_filters_find_open_comments_and_those_that_mention_me(
    open_page: OpenPage, live: LiveStudio
) -> None:
    with live.workbench() as workbench:
        [me] = [one.username for one in workbench.people.list() if one.role is Role.ADMIN]
        workbench.comments.add("still", 2, Kind.KEYFRAME, f"@{me}, please look")
        workbench.comments.resolve(workbench.comments.add("still", 3, Kind.KEYFRAME, "done").id)
        workbench.comments.add("still", 5, Kind.KEYFRAME, "hm")
    page = open_page("/s/still/keyframes", "keyframes")
    cards = page.get_by_test_id("segment-card")
    page.get_by_test_id("filter-comments").click()
    expect(cards).to_have_count(2)
    page.get_by_test_id("filter-mentions").click()
    expect(cards).to_have_count(1)
    expect(cards).to_have_attribute("data-segment", "2")


def test_a_comment_goes_into_the_regeneration_as_a_suggestion_only_when_taken(
    open_page: OpenPage, live: LiveStudio
) -> None:
    with live.workbench() as workbench:
        workbench.comments.add("reload", 1, Kind.KEYFRAME, "@dan: softer rain")
    page = open_page("/s/reload/keyframes?segment=1", "keyframes")
    page.get_by_test_id("regenerate-with").click()
    field = page.get_by_test_id("image-prompt").last
    expect(page.get_by_test_id("suggestion")).to_contain_text("softer rain")
    assert "softer rain" not in field.input_value()
    page.get_by_test_id("take-suggestion").click()
    expect(field).to_have_value("A calm sea at dawn, part 1, a small boat far out, softer rain")
    page.keyboard.press("Enter")
    spec = live.settings.streams_root / "reload" / "production.json"
    wanted = "A calm sea at dawn, part 1, a small boat far out, softer rain"
    assert eventually(lambda: json.loads(spec.read_text())["segments"][0]["image_prompt"] == wanted)

    def asked() -> list[str]:
        with live.workbench() as workbench:
            return [task.request.image_prompt for task in workbench.tasks.list(stream_id="reload")]

    assert eventually(lambda: len(asked()) == 1)
    assert asked()[0].startswith(wanted)


def test_whatever_is_written_is_shown_as_text_and_kept_when_it_was_not_sent(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/elsewhere/keyframes?segment=1", "keyframes")
    page.get_by_test_id("comment-text").fill(HOSTILE)
    page.reload()
    page.get_by_test_id("page-keyframes").wait_for()
    expect(page.get_by_test_id("comment-text")).to_have_value(HOSTILE)
    page.get_by_test_id("comment-text").press("Enter")
    expect(page.get_by_test_id("comment")).to_contain_text(HOSTILE)
    page.get_by_test_id("comment-text").fill("long " * 2000)
    page.get_by_test_id("add-comment").click()
    expect(page.get_by_test_id("comment")).to_have_count(2)
    assert page.evaluate("document.body.dataset.hacked") is None
    assert [one.text for one in comments(live, "elsewhere")] == [HOSTILE, ("long " * 2000).strip()]
    expect(page.get_by_test_id("comment-text")).to_have_value("")
