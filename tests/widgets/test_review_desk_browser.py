from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.harness import DeskServer


def card(page: Page, segment_id: int) -> Locator:
    return page.locator(f"[data-testid=segment-card][data-segment='{segment_id}']")


def test_a_refused_decision_is_taken_back_and_says_why(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="refusing")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("toast-error")).to_contain_text("Segment 1: The studio is closed for today")
    expect(card(page, 1)).to_have_attribute("data-decision", "undecided")
    page.get_by_test_id("previous").click()
    page.keyboard.press("Space")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")


def test_a_prompt_is_edited_in_the_grid_and_on_the_desk(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=3, log="grid")
    card(page, 2).get_by_test_id("card-prompt").click()
    field = card(page, 2).get_by_test_id("card-prompt-text")
    field.fill("One line")
    field.press("Shift+Enter")
    field.type("and another")
    field.press("Enter")
    expect(card(page, 2).get_by_test_id("card-prompt")).to_have_text("One line\nand another")
    (first,) = desk_server.asked_times(1, "grid", "save_prompt")
    assert (first["text"], first["field"]) == ("One line\nand another", "image_prompt")
    assert first["base_text"].startswith("Low angle")
    card(page, 2).get_by_test_id("card-prompt").click()
    field.fill("thrown away")
    field.press("Escape")
    expect(card(page, 2).get_by_test_id("card-prompt")).to_have_text("One line\nand another")
    assert len(desk_server.asked("grid", "save_prompt")) == 1
    page.get_by_test_id("image-prompt").fill("A calmer sea")
    page.get_by_test_id("save-prompt").click()
    expect(card(page, 2)).to_contain_text("A calmer sea")
    page.get_by_test_id("motion-prompt").fill("hold still")
    page.keyboard.press("Control+s")
    expect(page.get_by_test_id("save-prompt")).to_have_count(0)
    saved = desk_server.asked_times(3, "grid", "save_prompt")
    assert [(data["field"], data["text"]) for data in saved[1:]] == [
        ("image_prompt", "A calmer sea"),
        ("motion_prompt", "hold still"),
    ]


def test_text_of_a_refused_save_is_offered_back(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="refusing-prompts")
    page.get_by_test_id("image-prompt").fill("A calmer sea")
    page.get_by_test_id("image-prompt").press("Enter")
    expect(page.get_by_test_id("toast-error")).to_be_visible()
    expect(page.get_by_test_id("draft-offer")).to_contain_text("A calmer sea")
    page.get_by_test_id("restore-draft").click()
    expect(page.get_by_test_id("image-prompt")).to_have_value("A calmer sea")
    page.get_by_test_id("save-prompt").click()
    expect(card(page, 1)).to_contain_text("A calmer sea")


def test_unsent_text_and_the_place_survive_a_reload(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=12, mixed=1, log="reload")
    page.get_by_test_id("filter-approved").click()
    page.get_by_test_id("size-large").click()
    page.keyboard.press("v")
    page.keyboard.press("e")
    page.keyboard.type(", unsent words")
    segment = page.get_by_test_id("desk").get_attribute("data-segment")
    page.reload()
    page.get_by_test_id("page-keyframes").wait_for()
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", str(segment))
    expect(page.get_by_test_id("filter-approved")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("size-large")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("versions-strip")).to_be_visible()
    expect(page.get_by_test_id("draft-offer")).to_contain_text(", unsent words")
    page.get_by_test_id("discard-draft").click()
    expect(page.get_by_test_id("draft-offer")).to_have_count(0)
    assert desk_server.asked_times(1, "reload", "discard_draft") == [
        {"segment_id": int(segment or 0), "field": "image_prompt"}
    ]


def test_prompts_and_titles_are_text_whatever_they_hold(open_desk: OpenDesk) -> None:
    page = open_desk(n=4, scenario="hostile")
    expect(card(page, 1)).to_contain_text("{{ 7 * 7 }}")
    page.locator("[data-testid=desk][data-segment='2']").wait_for()
    card(page, 1).click()
    expect(page.get_by_test_id("comment")).to_contain_text("onerror")
    expect(page.get_by_test_id("decision-note")).to_contain_text("<script>")
    page.keyboard.press("r")
    expect(page.get_by_test_id("image-prompt")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.get_by_test_id("image-prompt")).to_have_css("direction", "rtl")
    page.keyboard.press("n")
    expect(page.get_by_test_id("image-prompt")).to_have_value("unbroken" * 1250)
    assert page.evaluate("document.body.dataset.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_thousand_segments_stay_a_screenful_of_nodes(open_desk: OpenDesk) -> None:
    page = open_desk(n=1000, mixed=1)
    everything = "[data-testid=segment-card], [data-testid=segment-card] *"
    for size in ("small", "medium", "large"):
        page.get_by_test_id(f"size-{size}").click()
        assert page.locator(everything).count() <= 300
    page.get_by_test_id("prompt-search").fill("999")
    expect(page.get_by_test_id("segment-card")).to_have_count(1)
    page.get_by_test_id("segment-card").click()
    page.get_by_test_id("prompt-search").fill("")
    expect(card(page, 999)).to_be_in_viewport()
    assert page.locator(everything).count() <= 300


def test_trouble_is_told_in_words_with_a_way_out(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=4, scenario="troubled", log="trouble")
    expect(page.get_by_test_id("banner-worker")).to_contain_text("No worker is running")
    expect(page.get_by_test_id("oddities")).to_contain_text("1 oddity")
    expect(page.get_by_test_id("task-error")).to_contain_text("ran out of memory")
    page.get_by_test_id("retry-task").click()
    expect(card(page, 1)).to_have_attribute("data-task", "queued")
    page.keyboard.press("n")
    expect(page.get_by_test_id("prompt-conflict")).to_contain_text("A grey harbour")
    page.get_by_test_id("choose-prompt").first.click()
    expect(page.get_by_test_id("prompt-conflict")).to_have_count(0)
    expect(card(page, 2)).to_contain_text("A grey harbour")
    page.keyboard.press("n")
    expect(card(page, 3)).to_have_attribute("data-version", "")
    page.get_by_test_id("generate").click()
    page.get_by_test_id("regenerate-go").click()
    expect(card(page, 3)).to_have_attribute("data-task", "queued")
    page.get_by_test_id("queue-badge").click()
    expect(page.get_by_test_id("task-row")).to_have_count(2)


def test_a_viewer_reads_and_is_told_why_buttons_rest(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=3, viewer=1, log="viewer")
    for name in ("approve", "approve-with-notes", "ask-changes", "regenerate", "undo"):
        expect(page.get_by_test_id(name)).to_be_disabled()
    expect(page.get_by_test_id("approve")).to_have_attribute("title", "Your role may not decide on versions")
    page.keyboard.press("Space")
    page.keyboard.press("r")
    expect(page.get_by_test_id("toast").first).to_be_visible()
    expect(page.get_by_test_id("image-prompt")).to_have_attribute("readonly", "")
    assert [desk_server.asked("viewer", event) for event in ("decide", "regenerate")] == [[], []]


def test_a_stream_without_segments_says_what_will_come(open_desk: OpenDesk) -> None:
    page = open_desk(n=0)
    expect(page.get_by_test_id("empty-stream")).to_contain_text("No segments yet")


def test_nothing_is_cut_off_at_any_width(open_desk: OpenDesk) -> None:
    page = open_desk(n=30, mixed=1)
    for width, height in [(820, 1180), (1024, 768), (1280, 800), (2560, 1440)]:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"document.querySelector('.dl-screen').clientHeight === {height}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        for name in ("approve", "regenerate", "undo", "next", "previous", "queue-badge", "person"):
            box = page.get_by_test_id(name).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width, f"{name} at {width}"
            assert box["y"] + box["height"] <= height, f"{name} at {width}"


def test_every_control_has_a_name_for_those_who_do_not_see_it(open_desk: OpenDesk) -> None:
    page = open_desk(n=12, mixed=1, kind="video")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input, textarea, select, [role=listitem]')]
            .filter(one => !(one.getAttribute('aria-label') || one.textContent.trim() || one.title
                || (one.labels && one.labels.length)))
            .map(one => one.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
