from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.widgets.serving import NotebookServer
from tests.widgets_boards.conftest import OpenBoard


def cards(page: Page) -> list[str]:
    ids: list[str] = page.get_by_test_id("stream-card").evaluate_all(
        "all => all.map(one => one.dataset.stream)"
    )
    return ids


def focused(page: Page) -> str | None:
    found: str | None = page.evaluate("document.activeElement.closest('[data-stream]')?.dataset.stream")
    return found


def test_streams_are_searched_filtered_and_opened_by_keyboard(open_board: OpenBoard) -> None:
    page = open_board("streams", n=9)
    expect(page.get_by_test_id("stream-card")).to_have_count(9)
    expect(page.locator("[data-place='0'] .dl-stream-link")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-place='4'] .dl-stream-link")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_test_id("search")).to_be_focused()
    page.keyboard.type("emlekezete PATAK")
    expect(page.get_by_test_id("stream-card")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#opened-stream-0001$"))


def test_streams_stand_at_checkpoints_and_what_was_chosen_outlives_a_reload(open_board: OpenBoard) -> None:
    page = open_board("streams", n=9)
    page.get_by_test_id("checkpoint").select_option("keyframes")
    expect(page.locator("[data-stream=stream-0002]")).to_have_count(0)
    at_keyframes = cards(page)
    assert at_keyframes
    page.reload(wait_until="commit")
    page.wait_for_selector("[data-testid=page-streams]")
    assert cards(page) == at_keyframes
    page.get_by_test_id("checkpoint").select_option("story")
    page.get_by_test_id("show-all").click()
    expect(page.get_by_test_id("stream-card")).to_have_count(9)


def test_a_thousand_streams_cost_a_screenful(open_board: OpenBoard) -> None:
    page = open_board("streams", n=1000)
    assert page.get_by_test_id("stream-card").count() < 30
    expect(page.locator("[data-place='0'] .dl-stream-link")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("[data-place='999'] .dl-stream-link")).to_be_focused()
    assert page.get_by_test_id("stream-card").count() < 30
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-place='996'] .dl-stream-link")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("[data-place='0'] .dl-stream-link")).to_be_focused()


def test_a_broken_stream_says_why_and_leads_nowhere_and_titles_stay_text(open_board: OpenBoard) -> None:
    page = open_board("streams", n=4, hostile=1)
    broken = page.locator("[data-stream=stream-0001]")
    expect(broken).to_contain_text("onerror=")
    expect(broken.locator("a")).to_have_count(0)
    expect(page.locator("[data-stream=stream-0000]")).to_contain_text("{{ 7 * 7 }}")
    assert page.evaluate("document.body.dataset.hacked") is None


def test_no_streams_and_no_tasks_are_explained(open_board: OpenBoard) -> None:
    expect(open_board("streams", n=0).get_by_test_id("no-streams")).to_be_visible()
    expect(open_board("tasks", empty=1).get_by_test_id("no-tasks")).to_be_visible()


def test_a_task_is_cancelled_and_another_retried(open_board: OpenBoard, board_server: NotebookServer) -> None:
    page = open_board("tasks", log="tasks")
    running = page.locator("[data-task-id=t0]")
    expect(running).to_have_attribute("data-state", "running")
    running.get_by_test_id("cancel-task").click()
    expect(running).to_have_attribute("data-state", "cancelled")
    page.locator("[data-task-id=t7]").get_by_test_id("retry-task").click()
    expect(page.locator("[data-task-id=again]")).to_have_attribute("data-state", "queued")
    assert [data["task_id"] for data in board_server.asked("tasks", "cancel_task")] == ["t0"]
    assert [data["task_id"] for data in board_server.asked("tasks", "retry_task")] == ["t7"]
    page.get_by_test_id("filter-broken").click()
    expect(page.get_by_test_id("task-row")).to_have_count(2)


def test_a_refused_cancel_says_why_and_changes_nothing(open_board: OpenBoard) -> None:
    page = open_board("tasks", refuse=1, hostile=1)
    page.locator("[data-task-id=t0]").get_by_test_id("cancel-task").click()
    expect(page.get_by_test_id("toast-error")).to_contain_text("budget is used up")
    expect(page.locator("[data-task-id=t0]")).to_have_attribute("data-state", "running")
    expect(page.locator("[data-task-id=t0]").get_by_test_id("cancel-task")).to_be_enabled()
    assert page.evaluate("document.body.dataset.hacked") is None


def test_who_may_not_generate_sees_the_buttons_at_rest(open_board: OpenBoard) -> None:
    page = open_board("tasks", viewer=1)
    expect(page.get_by_test_id("cancel-task").first).to_be_disabled()
    expect(page.get_by_test_id("retry-task").first).to_be_disabled()
