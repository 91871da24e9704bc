"""The tasks page and the drawer without a browser: what they push, and what they do with events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from director_lib.domain.task import GenerationRequest, Task, TaskState
from director_lib.domain.version import Kind
from director_lib.pages.streams import StreamsPage
from director_lib.pages.tasks import TasksPage
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.claims import put_back
from director_lib.store.task_lines import add_line
from director_lib.store.tasks import Outcome, finish, report_progress, start
from director_lib.workbench import Workbench
from tests.workbench.conftest import START, director, open_as, stream_folder

__all__ = ["director", "open_as", "stream_folder"]

Json = dict[str, Any]


class TaskBrowser:
    """What a browser shows of the tasks after everything that it was sent."""

    def __init__(self, page: TasksPage | StreamsPage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.page = page
        self.rows: dict[str, Json] = {}
        self.counts: Json = {}
        self.lines: dict[str, list[str]] = {}
        self.frame: Json = {}
        self.messages: list[tuple[str, Json]] = []
        monkeypatch.setattr(page.screen, "push", self._take)

    def send(self, event: str, **data: Any) -> Json:
        self.page.screen._handle_event(None, {"event": event, "data": {"request_id": "r1", **data}}, [])
        return next(payload for method, payload in reversed(self.messages) if method == "reply")

    def waiting(self) -> list[str]:
        found = sorted((row["place"], row["id"]) for row in self.rows.values() if row["group"] == "queued")
        return [task_id for _, task_id in found]

    def group(self, task: Task) -> str:
        return str(self.rows[task.id]["group"])

    def _take(self, method: str, payload: Json) -> None:
        self.messages.append((method, payload))
        if method in ("load", "patch"):
            self.frame |= payload.get("frame", {})
        told = payload.get("queue") or (payload if method == "reply" and "tasks" in payload else None)
        if told:
            self.rows = {row["id"]: dict(row) for row in told["tasks"]}
            self.counts = told["counts"]
        if method == "queue":
            for task_id in payload.get("gone", []):
                del self.rows[task_id]
            for task_id, fields in payload.get("tasks", {}).items():
                self.rows[task_id] = self.rows.get(task_id, {}) | fields
            self.counts = payload.get("counts", self.counts)
            for task_id, lines in payload.get("lines", {}).items():
                self.lines.setdefault(task_id, []).extend(line["text"] for line in lines)


@pytest.fixture
def browser(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> TaskBrowser:
    page = TasksPage()
    shown = TaskBrowser(page, monkeypatch)
    page.start(director)
    return shown


@pytest.fixture
def asked(director: Workbench) -> Callable[..., Task]:
    """Queue a still of the film."""

    def ask(segment_id: int, **more: Any) -> Task:
        request = GenerationRequest("film", segment_id, Kind.KEYFRAME, "local", "sea", **more)
        with director.studio.database.write() as connection:
            return director.tasks.enqueue_in(connection, request)

    return ask


def run(director: Workbench, task: Task) -> None:
    with director.studio.database.write() as connection:
        start(connection, task.id, director.studio.clock())


def end(director: Workbench, task: Task, state: TaskState) -> None:
    with director.studio.database.write() as connection:
        outcome = Outcome(state, director.studio.clock(), error_message="The engine said no.")
        finish(connection, task.id, outcome)


def test_a_task_goes_from_group_to_group_without_a_load(
    browser: TaskBrowser, director: Workbench, asked: Callable[..., Task]
) -> None:
    task = asked(1)
    browser.page.refresh()
    assert (browser.group(task), browser.rows[task.id]["reason"]) == ("queued", "waiting")
    assert browser.rows[task.id]["stream_title"] == "The film"
    run(director, task)
    with director.studio.database.write() as connection:
        report_progress(connection, task.id, "painting", 40.0)
    browser.page.refresh()
    assert (browser.group(task), browser.rows[task.id]["percent"]) == ("running", 40.0)
    end(director, task, TaskState.FAILED)
    browser.page.refresh()
    assert (browser.group(task), browser.rows[task.id]["error_message"]) == ("broken", "The engine said no.")
    assert browser.counts == {"running": 0, "queued": 0, "broken": 1, "ended": 0, "promised_usd": 0.0}
    assert browser.send("retry_task", task_id=task.id)["ok"]
    assert (browser.group(task), browser.counts["queued"]) == ("ended", 1)
    assert [method for method, _ in browser.messages].count("load") == 1


def test_a_refresh_without_news_sends_nothing(browser: TaskBrowser, asked: Callable[..., Task]) -> None:
    asked(1)
    browser.page.refresh()
    before = len(browser.messages)
    browser.page.refresh()
    assert len(browser.messages) == before


def test_moves_are_told_to_who_looks_and_kept(
    browser: TaskBrowser, director: Workbench, asked: Callable[..., Task]
) -> None:
    one, two, three, four = (asked(number).id for number in (1, 2, 3, 4))
    moves = [
        ({"task_id": three, "way": "up", "before": None}, [one, three, two, four]),
        ({"task_id": one, "way": "down", "before": None}, [three, one, two, four]),
        ({"task_id": four, "way": "front", "before": None}, [four, three, one, two]),
        ({"task_id": four, "way": "up", "before": None}, [four, three, one, two]),
        ({"task_id": three, "way": "end", "before": None}, [four, one, two, three]),
        ({"task_id": three, "way": "down", "before": None}, [four, one, two, three]),
        ({"task_id": three, "way": "before", "before": one}, [four, three, one, two]),
    ]
    for data, order in moves:
        assert browser.send("move_task", **data)["ok"]
        assert browser.waiting() == order
        assert [task.id for task in director.tasks.queue()] == order


def test_a_move_of_what_runs_already_says_so_and_moves_nothing(
    browser: TaskBrowser, director: Workbench, asked: Callable[..., Task]
) -> None:
    first, second = asked(1), asked(2)
    run(director, first)
    for way in ("up", "down", "front", "end"):
        reply = browser.send("move_task", task_id=first.id, way=way, before=None)
        assert (reply["ok"], "runs already" in reply["message"]) == (False, True)
    assert [task.id for task in director.tasks.queue()] == [second.id]


def test_a_pause_is_in_the_frame_and_the_reason_of_what_waits(
    browser: TaskBrowser, asked: Callable[..., Task]
) -> None:
    task = asked(1)
    assert browser.send("pause_queue", engine="local")["ok"]
    assert browser.send("pause_queue", engine=None)["ok"]
    pauses = browser.frame["queue"]["pauses"]
    assert [(pause["engine"], pause["by"]) for pause in pauses] == [("", "dora"), ("local", "dora")]
    assert browser.rows[task.id]["reason"] == "paused by dora"
    browser.send("resume_queue", engine=None)
    assert browser.rows[task.id]["reason"] == "local paused by dora"
    browser.send("resume_queue", engine="local")
    assert (browser.frame["queue"]["pauses"], browser.rows[task.id]["reason"]) == ([], "waiting")
    assert browser.send("pause_queue", engine="nobody")["ok"] is False


def test_a_busy_engine_is_told_with_its_time(
    browser: TaskBrowser, director: Workbench, asked: Callable[..., Task]
) -> None:
    task = asked(1)
    run(director, task)
    with director.studio.database.write() as connection:
        put_back(connection, task.id, "waiting to try again: too many", START + timedelta(hours=1))
    browser.page.refresh()
    row = browser.rows[task.id]
    assert (row["group"], row["reason"], row["again_at"]) == (
        "queued",
        "local is busy",
        "2026-11-20T10:00:00+00:00",
    )


def test_lines_are_told_from_the_first_and_then_as_they_come(
    browser: TaskBrowser, director: Workbench, asked: Callable[..., Task]
) -> None:
    def say(text: str) -> None:
        with director.studio.database.write() as connection:
            add_line(connection, task.id, text, director.studio.clock())
        browser.page.refresh()

    task = asked(1)
    run(director, task)
    say("one")
    assert [line["text"] for line in browser.send("show_lines", task_id=task.id)["lines"]] == ["one"]
    say("two <b>")
    assert browser.lines == {task.id: ["two <b>"]}
    browser.send("hide_lines", task_id=task.id)
    say("three")
    assert browser.lines == {task.id: ["two <b>"]}
    assert browser.send("show_lines", task_id="t_nobody")["ok"] is False


def test_an_unknown_outcome_has_advice_until_it_is_settled(
    browser: TaskBrowser, director: Workbench, asked: Callable[..., Task]
) -> None:
    task = asked(1)
    run(director, task)
    with director.studio.database.write() as connection:
        tag = open_attempt(connection, task, director.studio.clock())
        close_attempt(connection, tag, state="unknown", ended_at=None)
    end(director, task, TaskState.UNKNOWN)
    browser.page.refresh()
    row = browser.rows[task.id]
    assert (row["group"], row["is_settled"], tag in row["advice"]) == ("broken", False, True)
    assert browser.send("settle_task", task_id=task.id, was_made=False, note="no such job")["ok"]
    assert browser.rows[task.id]["is_settled"] is True
    assert director.tasks.unknown() == []
    assert browser.send("settle_task", task_id=task.id, was_made=True, note="")["ok"] is False


def test_all_that_waits_of_a_stream_is_cancelled_and_counted(
    browser: TaskBrowser, director: Workbench, asked: Callable[..., Task]
) -> None:
    tasks = [asked(number) for number in (1, 2, 3)]
    run(director, tasks[0])
    (stream,) = browser.send("queued_streams")["streams"]
    assert (stream["id"], stream["title"], stream["count"]) == ("film", "The film", 2)
    assert browser.send("cancel_queued", stream_id="film")["cancelled"] == 2
    states = [director.tasks.get(task.id).state for task in tasks]
    assert states == [TaskState.RUNNING, TaskState.CANCELLED, TaskState.CANCELLED]
    assert browser.counts["queued"] == 0


def test_of_many_tasks_few_are_told_and_more_on_request(
    browser: TaskBrowser, director: Workbench, asked: Callable[..., Task]
) -> None:
    for number in range(120):
        asked(1 + number % 4, negative_prompt=str(number))
    browser.page.refresh()
    assert (len(browser.waiting()), browser.counts["queued"]) == (50, 120)
    last = director.tasks.queue()[-1].id
    assert browser.send("move_task", task_id=last, way="front", before=None)["ok"]
    assert browser.waiting()[0] == last
    browser.send("more_tasks", group="queued")
    assert len(browser.waiting()) == 120


def test_a_drawer_is_live_while_it_is_open_and_costs_nothing_else(
    director: Workbench, asked: Callable[..., Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = StreamsPage()
    browser = TaskBrowser(page, monkeypatch)
    page.start(director)
    task = asked(1)
    page.refresh()
    assert browser.rows == {}
    browser.send("list_tasks")
    assert browser.waiting() == [task.id]
    run(director, task)
    page.refresh()
    assert browser.group(task) == "running"
    browser.send("close_tasks")
    told = [method for method, _ in browser.messages].count("queue")
    end(director, task, TaskState.FAILED)
    page.refresh()
    assert [method for method, _ in browser.messages].count("queue") == told
    assert browser.frame["queue"]["failed"] == 1


def test_the_frame_tells_who_works_and_which_engines_can_be_paused(browser: TaskBrowser) -> None:
    assert browser.frame["workers"] == []
    assert browser.frame["worker_alive"] is False
    assert browser.frame["queue"]["engines"] == ["local", "script"]
