"""From a pasted story to its verdict, and the timeline of it, as people do it."""

from __future__ import annotations

import io
import json
from pathlib import Path

from docx import Document
from playwright.sync_api import Page, expect

from director_lib.domain.checkpoint import Checkpoint, GateState
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.store.events import NewEvent, record_events
from tests.browser.conftest import LiveStudio
from tests.watching import OpenPage, eventually

PASTED = (
    "Salt and Rain\n\nIt was the night that he had left, and she was with the others.\n\nIn the morning …"
)
HOSTILE = "<img src=x onerror=alert(1)> {{ 7 * 7 }}"


def story_gate(live: LiveStudio, stream_id: str) -> GateState:
    with live.workbench() as workbench:
        return workbench.checkpoints.standing(stream_id)[0].state


def write_form(live: LiveStudio, stream_id: str, **form: object) -> Path:
    path = live.settings.streams_root / stream_id / "input.json"
    path.write_text(json.dumps(form, ensure_ascii=False, indent=2))
    return path


def test_a_pasted_story_becomes_a_stream_is_briefed_questioned_and_approved_by_keyboard(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/", "streams")
    page.keyboard.press("n")
    expect(page.get_by_test_id("story-paste")).to_be_focused()
    page.keyboard.insert_text(PASTED)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("new-title")).to_have_value("Salt and Rain")
    expect(page.get_by_test_id("new-id")).to_have_value("salt-and-rain")
    expect(page.get_by_test_id("new-language")).to_have_value("en")
    page.keyboard.press("Enter")
    page.get_by_test_id("page-story").wait_for()
    expect(page.get_by_test_id("story-text")).to_have_attribute("lang", "en")
    expect(page.get_by_test_id("story-text")).to_contain_text("It was the night")
    expect(page.get_by_test_id("rail-story")).to_have_attribute("aria-current", "step")
    page.keyboard.press("e")
    expect(page.get_by_test_id("brief-text")).to_be_focused()
    page.keyboard.insert_text("Calm,\nslow.")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-field=notes]")).to_contain_text("slow.")
    form = json.loads((live.settings.streams_root / "salt-and-rain" / "input.json").read_text())
    assert form["brief"] == {"notes": "Calm,\nslow."}
    page.keyboard.press("q")
    expect(page.get_by_test_id("decision-note-text")).to_be_focused()
    page.keyboard.insert_text("Who left?")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "changes")
    expect(page.get_by_test_id("verdict")).to_contain_text("Who left?")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "approved")
    assert story_gate(live, "salt-and-rain") is GateState.APPROVED
    page.keyboard.press("z")
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "changes")
    page.keyboard.press("Shift+Z")
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "approved")
    page.get_by_test_id("draft-spec").click()
    expect(page.get_by_test_id("draft-spec")).to_have_count(0)
    with live.workbench() as workbench:
        assert workbench.streams.get("salt-and-rain").segments


def test_a_word_document_is_handed_in_and_a_wrong_file_is_told_before_it_is_sent(
    open_page: OpenPage, live: LiveStudio
) -> None:
    document = Document()
    document.add_heading(f"Letters {HOSTILE}", 0)
    document.add_paragraph("Az ablak és a tó, hogy nem volt már ott, csak egy este. " * 20)
    kept = io.BytesIO()
    document.save(kept)
    page = open_page("/", "streams")
    page.get_by_test_id("new-stream").click()
    page.get_by_test_id("from-file").click()
    page.get_by_test_id("story-file").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    expect(page.get_by_test_id("new-refused")).to_contain_text("none of")
    page.get_by_test_id("story-file").set_input_files(
        {"name": "letters.docx", "mimeType": "application/octet-stream", "buffer": kept.getvalue()}
    )
    expect(page.get_by_test_id("new-title")).to_have_value(f"Letters {HOSTILE}")
    expect(page.get_by_test_id("new-language")).to_have_value("hu")
    page.get_by_test_id("new-id").fill("film")
    page.get_by_test_id("make-stream").click()
    expect(page.get_by_test_id("new-refused")).to_contain_text("choose another id")
    page.get_by_test_id("new-id").fill("letters")
    page.get_by_test_id("make-stream").click()
    page.get_by_test_id("page-story").wait_for()
    expect(page.get_by_test_id("stream-title")).to_have_text(f"Letters {HOSTILE}")
    assert (live.settings.streams_root / "letters" / "input.json").is_file()


def test_what_changes_on_disk_is_shown_and_a_clash_is_settled_by_the_writer(
    open_page: OpenPage, live: LiveStudio
) -> None:
    write_form(live, "edit", story="Once upon a time.", brief={"tone": "warm"})
    page = open_page("/s/edit/story", "story")
    expect(page.get_by_test_id("story-text")).to_contain_text("Once upon a time.")
    page.locator("[data-field=tone] [data-testid=edit-brief]").click()
    page.get_by_test_id("brief-text").fill("cold")
    path = write_form(live, "edit", story="Twice upon a time.", brief={"tone": "dry"})
    expect(page.get_by_test_id("story-text")).to_contain_text("Twice upon a time.")
    expect(page.get_by_test_id("brief-clash")).to_contain_text("dry")
    expect(page.get_by_test_id("brief-text")).to_have_value("cold")
    page.get_by_test_id("keep-yours").click()
    expect(page.locator("[data-field=tone]")).to_contain_text("cold")
    assert eventually(lambda: json.loads(path.read_text())["brief"] == {"tone": "cold"})


def test_fields_inside_of_others_are_edited_in_place_and_everything_fits_its_panel(
    open_page: OpenPage, live: LiveStudio
) -> None:
    deep = {"a": {"b": {"c": {"d": "x" * 90}}}}
    brief = {"weather": {"sky": "grey", "rain": True}, "people": [{"likes": ["sea"]}], "deep": deep}
    path = write_form(live, "counted", story="Once.", brief=brief)
    page = open_page("/s/counted/story", "story")
    side = page.get_by_test_id("story-side")
    page.locator("[data-field='weather/sky'] [data-testid=edit-brief]").press("Enter")
    expect(page.get_by_test_id("brief-text")).to_be_focused()
    page.get_by_test_id("brief-text").fill("blue")
    page.keyboard.press("Enter")
    expect(page.locator("[data-field='weather/sky']")).to_contain_text("blue")
    page.locator("[data-field='weather/rain'] [data-testid=edit-brief]").press("Enter")
    page.get_by_test_id("brief-text").select_option("no")
    page.keyboard.press("Enter")
    expect(page.locator("[data-field='weather/rain'] .said")).to_have_text("No")
    page.locator("[data-field='people/0/likes'] [data-testid=edit-brief]").press("Enter")
    page.get_by_test_id("brief-text").fill("sea\nsalt")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-field='people/0/likes'] li")).to_have_count(2)
    expect(page.get_by_test_id("brief-in-file")).to_contain_text("“deep › a › b › c”")
    now = {**brief, "weather": {"sky": "blue", "rain": False}, "people": [{"likes": ["sea", "salt"]}]}
    assert eventually(lambda: json.loads(path.read_text())["brief"] == now)
    for width, height in ((1280, 800), (1440, 900), (2560, 1440), (820, 1180)):
        page.set_viewport_size({"width": width, "height": height})
        for part in (side, page.get_by_test_id("more-fields")):
            assert part.evaluate("one => one.scrollWidth <= one.clientWidth"), (width, part)
        more = page.get_by_test_id("more-fields")
        assert more.evaluate("one => one.scrollHeight <= one.clientHeight"), width
    page.get_by_test_id("more-fields").press("Enter")
    expect(page.locator("[data-field=cta]")).to_be_visible()


def test_unsent_words_survive_a_reload(open_page: OpenPage, live: LiveStudio) -> None:
    write_form(live, "reload", story="Once.", brief={"tone": "warm"})
    page = open_page("/s/reload/story", "story")
    page.locator("[data-field=tone] [data-testid=edit-brief]").click()
    page.get_by_test_id("brief-text").fill("half a thou")
    page.reload()
    page.get_by_test_id("page-story").wait_for()
    expect(page.get_by_test_id("brief-text")).to_have_value("half a thou")
    page.get_by_test_id("brief-text").press("Escape")
    expect(page.locator("[data-field=tone]")).to_contain_text("warm")


def test_a_stream_is_put_into_the_trash_and_brought_back_by_keyboard(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/", "streams")
    card = page.locator("[data-testid=stream-card][data-stream=undo]")
    card.get_by_test_id("card-menu").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(card.get_by_test_id("trash-stream")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("put-away-note")).to_be_visible()
    expect(card).to_have_count(0)
    assert not (live.settings.streams_root / "undo").exists()
    page.get_by_test_id("put-away").click()
    expect(page.locator("[data-testid=put-away-line][data-stream=undo]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(card).to_have_count(1)
    assert (live.settings.streams_root / "undo" / "production.json").is_file()


def lines(page: Page) -> list[str]:
    return page.locator("[data-testid=activity-line] .said").all_inner_texts()


def reaches_the_end(page: Page) -> bool:
    page.get_by_test_id("activity-list").press("End")
    return page.get_by_test_id("activity-end").is_visible()


def approve_keyframes(live: LiveStudio, *segment_ids: int) -> None:
    with live.workbench() as workbench:
        versions = workbench.reviews.standing("still")
        shown = {n: version.sha256 for n in segment_ids if (version := versions.version(n, Kind.KEYFRAME))}
        workbench.reviews.decide("still", Kind.KEYFRAME, shown, DecisionKind.APPROVED)


def test_the_timeline_is_live_folded_filtered_and_leads_to_the_thing(
    open_page: OpenPage, live: LiveStudio
) -> None:
    with live.workbench() as workbench:
        workbench.streams.scan("still")
        now = workbench.studio.clock()
        old = [NewEvent("commented", "ann", now, ("still", 2, Kind.KEYFRAME), {"note": HOSTILE})]
        old += [
            NewEvent("queued", "ben", now, ("still", 1 + n % 5, Kind.VIDEO), {"note": str(n)})
            for n in range(500)
        ]
        with workbench.studio.database.write() as connection:
            record_events(connection, old)
    page = open_page("/s/still/activity", "activity")
    expect(page.get_by_test_id("activity-line").first).to_contain_text("ben asked for clip")
    first = page.get_by_test_id("activity-line").first
    approve_keyframes(live, 1, 2)
    expect(first).to_contain_text("dora approved keyframes 1, 2")
    first.focus()
    approve_keyframes(live, 3)
    expect(first).to_contain_text("dora approved keyframes 1–3")
    expect(first).to_have_attribute("data-count", "3")
    expect(first).to_be_focused()
    assert eventually(lambda: reaches_the_end(page))
    page.get_by_test_id("group-comments").click()
    expect(page.get_by_test_id("activity-line")).to_have_count(1)
    assert "ann commented on keyframe 2" in lines(page)[0]
    assert HOSTILE in lines(page)[0]
    page.get_by_test_id("group-all").click()
    page.get_by_test_id("by-person").select_option("dora")
    expect(page.get_by_test_id("activity-line").first).to_contain_text("dora")
    page.get_by_test_id("by-segment").select_option("3")
    expect(page.get_by_test_id("activity-line")).to_have_count(1)
    page.get_by_test_id("activity-line").press("Enter")
    page.get_by_test_id("page-keyframes").wait_for()
    assert page.url.endswith("/s/still/keyframes?segment=3")


def test_a_verdict_on_another_page_moves_this_one(open_page: OpenPage, live: LiveStudio) -> None:
    write_form(live, "made", story="Once.")
    page = open_page("/s/made/story", "story")
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "waiting")
    with live.workbench() as workbench:
        sha256 = workbench.checkpoints.standing("made")[0].content_sha256
        workbench.checkpoints.decide("made", Checkpoint.STORY, DecisionKind.APPROVED, expected_sha256=sha256)
    expect(page.get_by_test_id("gate-state")).to_have_attribute("data-state", "approved")
    expect(page.get_by_test_id("rail-story")).to_have_attribute("data-state", "approved")


def test_the_timeline_stands_in_the_middle_of_a_wide_window_under_its_head(
    open_page: OpenPage, live: LiveStudio
) -> None:
    with live.workbench() as workbench:
        workbench.streams.scan("still")
    page = open_page("/s/still/activity", "activity")
    page.set_viewport_size({"width": 2560, "height": 1440})
    day = page.get_by_test_id("activity-day").first
    expect(day).to_be_visible()
    left, right = day.evaluate(
        "one => { const box = one.getBoundingClientRect(); return [box.left, box.right]; }"
    )
    room = page.get_by_test_id("activity-list").evaluate("one => one.clientWidth")
    assert abs(left - (room - right)) <= 2
    head = page.get_by_role("heading", name="Activity").bounding_box()
    last_menu = page.get_by_test_id("by-segment").bounding_box()
    assert head
    assert abs(head["x"] - left) <= 1
    assert last_menu
    assert abs(last_menu["x"] + last_menu["width"] - right) <= 1
