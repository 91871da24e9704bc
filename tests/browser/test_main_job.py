"""The main job, as a director does it: sign in, judge with the keyboard, send back, watch, undo, reload."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from tests.browser.conftest import STREAMS, LiveStudio

OpenPage = Callable[[str, str], Page]


def card(page: Page, segment_id: int) -> Locator:
    return page.locator(f"[data-testid=segment-card][data-segment='{segment_id}']")


def approved(live: LiveStudio, stream_id: str) -> set[int]:
    with live.workbench() as workbench:
        decisions = workbench.reviews.standing(stream_id).decisions
    return {number for (number, _), decision in decisions.items() if decision.decision == "approved"}


def eventually(is_so: Callable[[], bool]) -> bool:
    """Tell whether something becomes so within a few seconds; the page shows it before it is durable."""
    until = time.monotonic() + 5
    while not is_so() and time.monotonic() < until:
        time.sleep(0.05)
    return is_so()


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
    page.keyboard.press("Enter")
    expect(card(page, 3)).to_have_attribute("data-decision", "regenerate")
    page.wait_for_function(
        """() => [...document.querySelectorAll('[data-testid=task-progress]')]
            .some(bar => Number(bar.dataset.percent) > 5 && Number(bar.dataset.percent) < 100)""",
        timeout=20_000,
    )
    expect(card(page, 3)).to_have_attribute("data-version", "2", timeout=20_000)
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
    page.locator("[data-testid=cancel-task]").first.click(timeout=10_000)
    expect(card(page, 1)).to_have_attribute("data-task", "none", timeout=10_000)
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
    expect(card(page, 8)).to_have_attribute("data-decision", "approved", timeout=3_000)


def test_a_still_dropped_into_the_folder_appears_undecided(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/empty/keyframes", "keyframes")
    expect(card(page, 2)).to_have_attribute("data-version", "")
    source = live.settings.streams_root / "film" / "keyframes" / "segment_2_keyframe.png"
    (live.settings.streams_root / "empty" / "keyframes" / "segment_2.png").write_bytes(source.read_bytes())
    expect(card(page, 2)).to_have_attribute("data-version", "1", timeout=10_000)
    expect(card(page, 2)).to_have_attribute("data-decision", "undecided")


def test_the_metrics_move_when_work_is_decided(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/counted/metrics", "metrics")
    expect(page.locator("[data-testid=metric-approval-rate]")).to_contain_text("no data")
    approve(live, "counted", 2)
    expect(page.locator("[data-testid=metric-approval-rate]")).to_contain_text("100 %", timeout=10_000)
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
