"""The queue in a producer's hands, by keyboard alone, with a real server and a real worker behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from director_lib.config import load_settings
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.task_lines import add_line
from director_lib.store.tasks import Outcome, finish, start
from director_lib.workbench.studio import utc_now
from tests.browser.conftest import LiveStudio, start_studio, write_stream
from tests.watching import OpenPage, eventually


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudio]:
    """A running studio that makes one thing at a time."""
    home = tmp_path_factory.mktemp("studio")
    settings = load_settings(home=home, local_pace_s=0.5, worker_concurrency=1, _env_file=None)
    for stream_id in ("order", "many", "lost"):
        write_stream(settings.streams_root, stream_id, 4)
    studio = start_studio(settings, home / "up.log")
    yield studio
    studio.stop()


def row(page: Page, task: Task) -> Locator:
    return page.locator(f"main [data-task-id='{task.id}']")


def ask(live: LiveStudio, stream_id: str, segments: tuple[int, ...]) -> list[Task]:
    with live.workbench() as workbench:
        return workbench.tasks.generate(stream_id, Kind.KEYFRAME, segments).queued


def waiting(live: LiveStudio) -> list[str]:
    with live.workbench() as workbench:
        return [task.id for task in workbench.tasks.queue()]


def find(live: LiveStudio, task: Task) -> Task:
    with live.workbench() as workbench:
        return workbench.tasks.get(task.id)


def step_to(page: Page, wanted: Locator) -> None:
    """Go to a task's row with the arrows."""
    page.keyboard.press("Home")
    for _ in range(30):
        if wanted.evaluate("row => row === document.activeElement"):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError("the arrows never came to the row")


def tab_to(page: Page, test_id: str) -> None:
    """Go to a button with Tab."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.testid") == test_id:
            return
    raise AssertionError(f"Tab never came to {test_id}")


def pause(page: Page, live: LiveStudio) -> None:
    page.keyboard.press("p")
    expect(page.get_by_test_id("banner-paused")).to_contain_text("paused by")
    with live.workbench() as workbench:
        assert [held.engine for held in workbench.tasks.pauses()] == [""]


def test_what_is_reordered_while_paused_runs_in_that_order(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/tasks", "tasks")
    pause(page, live)
    one, two, three = ask(live, "order", (1, 2, 3))
    expect(row(page, three).get_by_test_id("task-says")).to_contain_text("paused by")
    step_to(page, row(page, three))
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert eventually(lambda: waiting(live) == [three.id, one.id, two.id])
    expect(row(page, three)).to_be_focused()
    step_to(page, row(page, one))
    page.keyboard.press("Alt+Shift+ArrowDown")
    assert eventually(lambda: waiting(live) == [three.id, two.id, one.id])
    page.keyboard.press("p")
    expect(page.get_by_test_id("banner-paused")).to_have_count(0)
    expect(row(page, one)).to_have_attribute("data-state", "succeeded")
    ended = [find(live, task) for task in (three, two, one)]
    assert [task.state for task in ended] == [TaskState.SUCCEEDED] * 3
    began = [task.started_at for task in ended if task.started_at is not None]
    assert began == sorted(began)
    with live.workbench() as workbench:
        assert workbench.tasks.pauses() == []


def test_lines_are_shown_as_text_while_they_come(open_page: OpenPage, live: LiveStudio) -> None:
    def say(text: str) -> None:
        with live.workbench() as workbench, workbench.studio.database.write() as connection:
            add_line(connection, task.id, text, utc_now())

    (task,) = ask(live, "order", (4,))
    page = open_page("/tasks", "tasks")
    expect(row(page, task)).to_have_attribute("data-state", "succeeded")
    say("loading <b>weights</b>")
    step_to(page, row(page, task))
    page.keyboard.press("l")
    lines = row(page, task).get_by_test_id("task-lines")
    expect(lines).to_contain_text("loading <b>weights</b>")
    say("frame 1 of 24")
    expect(lines.locator("p").last).to_contain_text("frame 1 of 24")


def test_all_that_waits_of_a_stream_is_cancelled_by_key(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/tasks", "tasks")
    pause(page, live)
    tasks = ask(live, "many", (1, 2, 3))
    other = ask(live, "order", (1,))[0]
    expect(row(page, other)).to_have_attribute("data-state", "queued")
    tab_to(page, "cancel-many")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("choose-many")).to_be_focused()
    tab_to(page, "confirm-cancel")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("toast")).to_contain_text("3 queued tasks")
    assert [find(live, task).state for task in tasks] == [TaskState.CANCELLED] * 3
    step_to(page, row(page, other))
    page.keyboard.press("Delete")
    expect(row(page, other)).to_have_attribute("data-state", "cancelled")
    assert waiting(live) == []
    page.keyboard.press("p")
    expect(page.get_by_test_id("banner-paused")).to_have_count(0)


def lose(live: LiveStudio) -> Task:
    """Leave a paid task behind whose outcome nobody knows, as a worker does when an answer is lost."""
    with live.workbench() as workbench:
        workbench.tasks.pause()
        (task,) = workbench.tasks.generate("lost", Kind.KEYFRAME, (2,)).queued
        with workbench.studio.database.write() as connection:
            tag = open_attempt(connection, start(connection, task.id, utc_now()), utc_now())
            close_attempt(connection, tag, state="unknown", ended_at=None)
            why = "Nobody knows whether it was made."
            finish(connection, task.id, Outcome(TaskState.UNKNOWN, utc_now(), error_message=why))
        workbench.tasks.resume()
    return task


def test_an_unknown_outcome_is_settled_and_tried_again_by_key(open_page: OpenPage, live: LiveStudio) -> None:
    task = lose(live)
    page = open_page("/tasks", "tasks")
    expect(row(page, task).get_by_test_id("advice")).to_contain_text("Look into")
    step_to(page, row(page, task))
    tab_to(page, "settle-note")
    page.keyboard.type("no such call")
    tab_to(page, "settle-not-made")
    page.keyboard.press("Enter")
    expect(row(page, task).get_by_test_id("retry-task")).to_be_enabled()
    with live.workbench() as workbench:
        assert workbench.tasks.unknown() == []
    expect(row(page, task)).to_be_focused()
    page.keyboard.press("r")

    def made_again() -> bool:
        with live.workbench() as workbench:
            found = workbench.tasks.list(stream_id="lost")
        return [each.state for each in found] == [TaskState.SUCCEEDED, TaskState.UNKNOWN]

    expect(row(page, task)).to_have_attribute("data-group", "ended")
    assert eventually(made_again)
