"""The main job, as a director does it: sign in, judge with the keyboard, send back, watch, undo, reload."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from tests.browser.conftest import STREAMS, LiveStudio
from tests.watching import OpenPage, card, eventually, record, wait_for_recorded


def approved(live: LiveStudio, stream_id: str) -> set[int]:
    with live.workbench() as workbench:
        decisions = workbench.reviews.standing(stream_id).decisions
    return {number for (number, _), decision in decisions.items() if decision.decision == "approved"}


def approve(live: LiveStudio, stream_id: str, segment_id: int) -> None:
    with live.workbench() as workbench:
        version = workbench.reviews.standing(stream_id).version(segment_id, Kind.KEYFRAME)
        assert version is not None
        judged = {segment_id: version.sha256}
        workbench.reviews.decide(stream_id, Kind.KEYFRAME, judged, DecisionKind.APPROVED)


def test_every_stream_is_listed_and_a_broken_one_hides_none(open_page: OpenPage) -> None:
    page = open_page("/", "streams")
    expect(page.locator("[data-testid=stream-card]")).to_have_count(len(STREAMS) + 2)
    broken = page.locator("[data-testid=stream-card][data-stream=broken]")
    expect(broken).to_contain_text("line 1")


@pytest.mark.parametrize(("address", "page"), [("/", "streams"), ("/s/film/keyframes", "keyframes")])
def test_a_page_fetches_no_script_that_could_come_with_the_others(
    open_page: OpenPage, address: str, page: str
) -> None:
    fetched = open_page(address, page).evaluate(
        "() => performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"
    )
    scripts = {path.rpartition("/")[2].partition(".")[0] for path in fetched if path.endswith(".js")}
    expected = {"startup", "bundle", "page", "mathjax", "remoteEntry"}
    assert scripts == expected, "name what is missing in startup.txt"


def test_five_stills_are_approved_with_space_alone(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/film/keyframes", "keyframes")
    for number in range(1, 6):
        expect(card(page, number)).to_have_attribute("data-decision", "undecided")
        page.keyboard.press("Space")
        expect(card(page, number)).to_have_attribute("data-decision", "approved")
    expect(card(page, 6)).to_have_attribute("data-decision", "undecided")
    assert eventually(lambda: approved(live, "film") == {1, 2, 3, 4, 5})


def test_a_prompt_is_edited_in_the_grid_and_saved_to_the_user_s_file(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/edit/keyframes", "keyframes")
    card(page, 2).locator("[data-testid=card-prompt]").click()
    field = card(page, 2).locator("textarea")
    field.fill("A stormy sea <img src=x onerror=alert(1)> {{ 7*7 }}")
    field.press("Enter")
    expect(card(page, 2)).to_contain_text("A stormy sea <img src=x onerror=alert(1)> {{ 7*7 }}")
    spec = live.settings.streams_root / "edit" / "production.json"

    def saved() -> list[str]:
        return [segment["image_prompt"] for segment in json.loads(spec.read_text())["segments"]]

    assert eventually(lambda: saved()[1] == "A stormy sea <img src=x onerror=alert(1)> {{ 7*7 }}")
    assert saved()[0].startswith("A calm sea")


def test_sending_back_shows_percent_and_then_the_new_picture(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/made/keyframes?segment=3", "keyframes")
    expect(card(page, 3)).to_have_attribute("data-version", "1")
    page.keyboard.press("r")
    page.locator("[data-testid=image-prompt]").last.wait_for()
    record(page, "[data-testid=task-progress]", "data-percent")
    page.keyboard.press("Enter")
    wait_for_recorded(page, "^([6-9]|[1-9][0-9])([.][0-9]+)?$")
    expect(card(page, 3)).to_have_attribute("data-version", "2")
    expect(card(page, 3)).to_have_attribute("data-decision", "undecided")
    with live.workbench() as workbench:
        versions = workbench.reviews.versions("made", 3, Kind.KEYFRAME)
        tasks = workbench.tasks.list(stream_id="made")
    assert [version.number for version in versions] == [1, 2]
    assert versions[1].provenance.engine == "local"
    assert [task.state for task in tasks] == [TaskState.SUCCEEDED]


def test_z_takes_the_last_decision_back_and_shift_z_gives_it_again(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/undo/keyframes", "keyframes")
    page.keyboard.press("Space")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    page.keyboard.press("z")
    expect(card(page, 1)).to_have_attribute("data-decision", "undecided")
    assert eventually(lambda: approved(live, "undo") == set())
    page.keyboard.press("Shift+Z")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    assert eventually(lambda: approved(live, "undo") == {1})


def test_cancelling_from_the_desk_stops_the_task_and_keeps_the_file(
    open_page: OpenPage, live: LiveStudio
) -> None:
    still = live.settings.streams_root / "cancel" / "keyframes" / "segment_1_keyframe.png"
    before = still.read_bytes()
    page = open_page("/s/cancel/keyframes?segment=1", "keyframes")
    page.keyboard.press("r")
    page.locator("[data-testid=image-prompt]").last.wait_for()
    page.keyboard.press("Enter")
    page.locator("[data-testid=cancel-task]").first.click()
    expect(card(page, 1)).to_have_attribute("data-task", "none")
    with live.workbench() as workbench:
        (task,) = workbench.tasks.list(stream_id="cancel")
    assert task.state is TaskState.CANCELLED
    assert still.read_bytes() == before


def test_a_reload_loses_nothing(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/reload/keyframes", "keyframes")
    page.keyboard.press("Space")
    page.keyboard.press("n")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    address = page.url
    page.reload()
    page.wait_for_selector("[data-testid=page-keyframes]")
    assert page.url == address
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")


def test_a_decision_taken_elsewhere_appears_without_a_reload(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/elsewhere/keyframes", "keyframes")
    approve(live, "elsewhere", 8)
    expect(card(page, 8)).to_have_attribute("data-decision", "approved")


def test_a_still_dropped_into_the_folder_appears_undecided(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/empty/keyframes", "keyframes")
    expect(card(page, 2)).to_have_attribute("data-version", "")
    source = live.settings.streams_root / "film" / "keyframes" / "segment_2_keyframe.png"
    (live.settings.streams_root / "empty" / "keyframes" / "segment_2.png").write_bytes(source.read_bytes())
    expect(card(page, 2)).to_have_attribute("data-version", "1")
    expect(card(page, 2)).to_have_attribute("data-decision", "undecided")


def test_the_metrics_move_when_work_is_decided(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/counted/metrics", "metrics")
    expect(page.locator("[data-testid=metric-approval-rate]")).to_contain_text("no data")
    approve(live, "counted", 2)
    expect(page.locator("[data-testid=metric-approval-rate]")).to_contain_text("100 %")
    expect(page.locator("[data-testid=metric-regenerations]")).to_be_visible()


def test_nothing_on_the_desk_jumps_while_it_opens(open_page: OpenPage) -> None:
    page = open_page("/s/still/keyframes", "keyframes")
    shift = page.evaluate(
        """() => new Promise((done) => {
            let total = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) if (!entry.hadRecentInput) total += entry.value;
            }).observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => done(total), 500);
        })"""
    )
    assert shift < 0.02


def test_an_unknown_stream_says_so_on_its_page(open_page: OpenPage) -> None:
    page = open_page("/s/nowhere/keyframes", "keyframes")
    expect(page.locator("body")).to_contain_text("There is no stream “nowhere”")


def test_the_drawer_of_a_desk_shows_progress_as_it_happens(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/counted/keyframes?segment=4", "keyframes")
    page.get_by_test_id("queue-badge").focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_test_id("task-drawer")
    expect(drawer).to_be_visible()
    expect(drawer).not_to_contain_text("Reading the queue")
    record(page, "[data-testid=task-drawer] [data-task-id][data-state=running]", "data-task-id")
    with live.workbench() as workbench:
        (task,) = workbench.tasks.generate("counted", Kind.KEYFRAME, (4,)).queued
    wait_for_recorded(page, f"^{task.id}$")
    expect(drawer.locator(f"[data-task-id='{task.id}']")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page.get_by_test_id("queue-badge")).to_be_focused()


def test_going_between_pages_loads_nothing_anew_saves_what_is_typed_and_comes_back(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/still/keyframes?segment=3", "keyframes")
    page.evaluate("window.mark = 'the same document'")
    page.get_by_test_id("rail-spec").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("page-spec")).to_be_visible()
    expect(page).to_have_title("Spec · still · Director")
    page.locator("[data-row='2'] [data-testid=motion-prompt]").fill("the boat drifts left")
    page.get_by_test_id("rail-story").click()
    expect(page.get_by_test_id("page-story")).to_be_visible()
    with live.workbench() as workbench:
        assert eventually(
            lambda: workbench.streams.get("still").get_segment(2).motion_prompt == "the boat drifts left"
        )
    page.go_back()
    expect(page.get_by_test_id("page-spec")).to_be_visible()
    page.go_back()
    expect(page.get_by_test_id("page-keyframes")).to_be_visible()
    expect(card(page, 3)).to_have_attribute("aria-current", "true")
    assert page.url.endswith("/s/still/keyframes?segment=3")
    assert page.evaluate("window.mark") == "the same document"
