"""The tasks page and the task drawer in a browser, with a queue behind them that does what is asked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.widgets.serving import NotebookServer
from tests.widgets_boards.conftest import OpenBoard


def row(page: Page, task_id: str, where: str = "page-tasks") -> Locator:
    return page.get_by_test_id(where).locator(f"main [data-task-id={task_id}]")


def waiting(page: Page, inside: str = "main") -> list[str]:
    found: list[str] = page.locator(f"{inside} [data-group=queued]").evaluate_all(
        "all => all.map(one => one.dataset.taskId)"
    )
    return found


def focused_task(page: Page) -> str | None:
    found: str | None = page.evaluate("document.activeElement.dataset.taskId")
    return found


def test_tasks_wait_in_start_order_and_each_says_why(open_board: OpenBoard) -> None:
    page = open_board("tasks")
    assert waiting(page) == ["t2", "t3", "t4", "t5", "t6"]
    says = [row(page, f"t{n}").get_by_test_id("task-says") for n in (2, 3, 4, 5)]
    expect(says[0]).to_have_text("waiting")
    expect(says[1]).to_have_text("waiting for its keyframe")
    expect(says[2]).to_have_text(re.compile(r"again at \d\d:\d\d because google is busy"))
    expect(says[3]).to_have_text("2 of 2 of google run")
    expect(row(page, "t2")).to_contain_text("done in about 58 s")
    expect(row(page, "t2")).to_contain_text("$0.04")
    running = row(page, "t0")
    expect(running).to_contain_text(re.compile(r"rendering 45 %.*about 31 s left.*by studio-1", re.DOTALL))


def test_a_task_is_moved_by_key_and_keeps_the_focus(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("tasks", log="moved")
    expect(row(page, "t0")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    assert focused_task(page) == "t4"
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("main [data-group=queued]").nth(1)).to_have_attribute("data-task-id", "t4")
    assert focused_task(page) == "t4"
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("main [data-group=queued]").first).to_have_attribute("data-task-id", "t4")
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.locator("main [data-group=queued]").last).to_have_attribute("data-task-id", "t4")
    page.keyboard.press("Alt+Shift+ArrowUp")
    expect(page.locator("main [data-group=queued]").first).to_have_attribute("data-task-id", "t4")
    assert focused_task(page) == "t4"
    ways = [data["way"] for data in board_server.asked("moved", "move_task")]
    assert ways == ["up", "up", "end", "front"]
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(row(page, "t4").get_by_test_id("move-down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main [data-group=queued]").nth(1)).to_have_attribute("data-task-id", "t4")
    expect(row(page, "t4").get_by_test_id("move-down")).to_be_focused()


def test_a_task_is_dragged_to_another_place(open_board: OpenBoard, board_server: NotebookServer) -> None:
    page = open_board("tasks", log="dragged")
    row(page, "t6").drag_to(row(page, "t3"), target_position={"x": 300, "y": 6})
    expect(page.locator("main [data-group=queued]").nth(1)).to_have_attribute("data-task-id", "t6")
    row(page, "t2").drag_to(row(page, "t5"), target_position={"x": 300, "y": 50})
    expect(page.locator("main [data-group=queued]").last).to_have_attribute("data-task-id", "t2")
    assert waiting(page) == ["t6", "t3", "t4", "t5", "t2"]
    row(page, "t0").drag_to(row(page, "t4"))
    assert len(board_server.asked("dragged", "move_task")) == 2


@pytest.mark.parametrize("key", ["p", "button"])
def test_the_queue_is_paused_and_resumed_and_says_by_whom(open_board: OpenBoard, key: str) -> None:
    page = open_board("tasks")
    if key == "p":
        page.keyboard.press("p")
    else:
        page.get_by_test_id("pause-queue").first.click()
    expect(page.get_by_test_id("banner-paused")).to_contain_text("The queue is paused by dora")
    page.get_by_test_id("queue-badge").click()
    expect(page.get_by_test_id("drawer-banner-paused")).to_contain_text("paused by dora")
    page.keyboard.press("Escape")
    page.get_by_test_id("resume").click()
    expect(page.get_by_test_id("banner-paused")).to_have_count(0)
    expect(page.get_by_test_id("pause-queue")).to_be_visible()


def test_one_engine_is_paused_alone(open_board: OpenBoard, board_server: NotebookServer) -> None:
    page = open_board("tasks", log="engine")
    page.get_by_test_id("pause-google").click()
    expect(page.get_by_test_id("banner-paused-google")).to_contain_text("google is paused by dora")
    expect(page.get_by_test_id("pause-google")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("pause-google").click()
    expect(page.get_by_test_id("banner-paused-google")).to_have_count(0)
    assert [data["engine"] for data in board_server.asked("engine", "pause_queue")] == ["google"]
    assert [data["engine"] for data in board_server.asked("engine", "resume_queue")] == ["google"]


def test_the_lines_of_a_task_are_shown_as_text_and_hidden_again(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("tasks", log="lines")
    expect(row(page, "t0")).to_be_focused()
    page.keyboard.press("l")
    lines = row(page, "t0").get_by_test_id("task-lines")
    expect(lines).to_contain_text("<b>frame 2</b> of 24 {{ 7 * 7 }}")
    page.keyboard.press("l")
    expect(lines).to_have_count(0)
    assert board_server.asked_times(1, "lines", "hide_lines")[0]["task_id"] == "t0"
    row(page, "t1").get_by_test_id("show-lines").click()
    expect(row(page, "t1").get_by_test_id("task-lines")).to_be_visible()


def test_an_unknown_outcome_is_settled_and_then_offers_to_retry(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("tasks", log="settled")
    unknown = row(page, "t8")
    expect(unknown.get_by_test_id("advice")).to_contain_text("Look into the google account")
    expect(unknown.get_by_test_id("retry-task")).to_have_count(0)
    unknown.get_by_test_id("settle-note").fill("no such call")
    unknown.get_by_test_id("settle-not-made").press("Enter")
    expect(unknown.get_by_test_id("retry-task")).to_be_enabled()
    expect(unknown).to_be_focused()
    asked = board_server.asked("settled", "settle_task")
    assert [(data["task_id"], data["was_made"], data["note"]) for data in asked] == [
        ("t8", False, "no such call")
    ]


def test_all_that_waits_of_a_stream_is_cancelled_after_one_question(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("tasks", log="many")
    page.get_by_test_id("cancel-many").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("choose-stream-2")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("confirm-cancel")).to_have_text("Cancel 1 task")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("cancel-sheet")).to_have_count(0)
    assert board_server.asked("many", "cancel_queued") == []
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("choose-stream-2")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("toast")).to_contain_text("“Salt, Iron, Linen” cancelled")
    assert [data["stream_id"] for data in board_server.asked("many", "cancel_queued")] == ["stream-3"]
    assert waiting(page) == ["t2", "t4", "t5", "t6"]


def test_of_many_waiting_tasks_few_are_rows_and_all_are_counted(open_board: OpenBoard) -> None:
    page = open_board("tasks", hidden=300)
    expect(page.get_by_test_id("filter-queued")).to_contain_text("305")
    assert len(waiting(page)) == 5
    page.get_by_test_id("more-queued").click()
    expect(page.locator("main [data-group=queued]")).to_have_count(305)
    expect(page.get_by_test_id("more-queued")).to_have_count(0)


def test_money_and_missing_workers_are_told_with_what_to_do(open_board: OpenBoard) -> None:
    page = open_board("tasks", spent=16)
    expect(page.get_by_test_id("spend-today")).to_contain_text("$16.00 today of $20.00")
    expect(page.get_by_test_id("budget-near")).to_contain_text("$3.80 is left")
    page = open_board("tasks", spent=20, alone=1)
    expect(page.get_by_test_id("budget-over")).to_contain_text("is used up")
    expect(page.get_by_test_id("banner-worker")).to_contain_text("5 tasks wait")
    expect(page.get_by_test_id("banner-worker")).to_contain_text("director worker")
    expect(open_board("tasks").locator("[data-testid^=budget-]")).to_have_count(0)


def test_the_drawer_of_another_page_orders_the_queue_and_lets_go_of_it(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("streams", log="drawer")
    page.get_by_test_id("queue-badge").click()
    drawer = page.get_by_test_id("task-drawer")
    expect(drawer.locator("[data-group=queued]")).to_have_count(5)
    drawer.locator("[data-task-id=t2]").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(drawer.locator("[data-group=queued]").nth(1)).to_have_attribute("data-task-id", "t2")
    page.keyboard.press("p")
    expect(page.get_by_test_id("drawer-banner-paused")).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page.get_by_test_id("banner-paused")).to_be_visible()
    assert len(board_server.asked_times(1, "drawer", "close_tasks")) == 1


def test_who_may_not_generate_sees_the_queue_and_cannot_order_it(open_board: OpenBoard) -> None:
    page = open_board("tasks", viewer=1)
    for button in ("pause-queue", "cancel-many", "settle-made"):
        expect(page.get_by_test_id(button).first).to_be_disabled()
    expect(page.get_by_test_id("move-up")).to_have_count(0)
    row(page, "t2").focus()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("p")
    page.keyboard.press("l")
    assert waiting(page)[0] == "t2"
    expect(page.get_by_test_id("banner-paused")).to_have_count(0)
