from __future__ import annotations

from typing import Any

import pytest

from director_lib.errors import RuleError
from director_lib.widgets.base import Screen
from director_lib.widgets.metrics_board import MetricsBoard
from director_lib.widgets.streams_board import StreamsBoard
from director_lib.widgets.task_list import TaskList
from tests.widgets.drawer_events import DRAWER_EVENTS
from tests.widgets_boards.samples import (
    HOSTILE,
    Payload,
    sample_frame,
    sample_metrics,
    sample_stream,
)
from tests.widgets_boards.task_samples import sample_queue, sample_tasks

BOARDS: list[type[Screen]] = [StreamsBoard, TaskList, MetricsBoard]
LOADS: dict[type[Screen], Payload] = {
    StreamsBoard: {"frame": sample_frame("streams"), "streams": [sample_stream(0) | {"title": HOSTILE}]},
    TaskList: {
        "frame": sample_frame("tasks"),
        "queue": sample_queue([sample_tasks()[0] | {"stream_title": HOSTILE}]),
    },
    MetricsBoard: sample_metrics(),
}


class Told:
    """A page that writes down what it is asked."""

    def __init__(self, kind: type[Screen]) -> None:
        self.asked: list[tuple[str, Payload]] = []
        self.sent: list[Payload] = []
        self.board = kind(**{f"on_{event}": self._note(event) for event in kind.event_names()})
        self.board.send = lambda content, buffers=None: self.sent.append(content)

    def browser_sends(self, event: str, data: object) -> None:
        self.board._handle_event(None, {"event": event, "data": data}, [])

    def _note(self, event: str) -> Any:
        return lambda data: self.asked.append((event, data))


@pytest.mark.parametrize("kind", BOARDS)
def test_a_board_asks_for_its_rows_when_it_is_shown(kind: type[Screen]) -> None:
    page = Told(kind)
    page.browser_sends("ready", {})
    assert page.asked == [("ready", {})]


@pytest.mark.parametrize("kind", BOARDS)
def test_what_a_board_loads_goes_out_as_one_message_and_as_no_trait(kind: type[Screen]) -> None:
    page = Told(kind)
    page.board.load(LOADS[kind])
    assert page.sent == [{"method": "load", "args": [LOADS[kind]]}]
    assert not any(HOSTILE in str(value) for value in page.board.get_state().values())


@pytest.mark.parametrize("event", sorted(DRAWER_EVENTS))
@pytest.mark.parametrize("kind", [StreamsBoard, TaskList, MetricsBoard])
def test_every_board_takes_the_drawers_events(kind: type[Screen], event: str) -> None:
    page = Told(kind)
    page.browser_sends(event, DRAWER_EVENTS[event])
    assert page.asked == [(event, DRAWER_EVENTS[event])]


@pytest.mark.parametrize(
    ("event", "change"),
    [
        ("move_task", {"way": "sideways"}),
        ("move_task", {"before": ["t2"]}),
        ("more_tasks", {"group": "_told"}),
        ("pause_queue", {"engine": ""}),
        ("settle_task", {"was_made": "yes"}),
        ("settle_task", {"note": None}),
        ("cancel_queued", {"stream_id": None}),
        ("show_lines", {"task_id": ["t1"]}),
    ],
)
def test_a_drawers_event_with_a_wrong_field_is_refused(event: str, change: Payload) -> None:
    page = Told(TaskList)
    page.browser_sends(event, DRAWER_EVENTS[event] | change)
    assert page.asked == []
    assert page.sent[0]["args"][0]["ok"] is False


@pytest.mark.parametrize("event", ["cancel_task", "retry_task"])
@pytest.mark.parametrize("data", [{}, {"task_id": "t1"}, {"request_id": "r", "task_id": ["t1"]}, None, "t1"])
def test_a_request_of_the_wrong_form_never_reaches_the_page(event: str, data: object) -> None:
    page = Told(TaskList)
    page.browser_sends(event, data)
    assert page.asked == []


def test_a_request_reaches_the_page_with_its_fields() -> None:
    page = Told(TaskList)
    page.browser_sends("cancel_task", {"request_id": "r1", "task_id": "t1"})
    assert page.asked == [("cancel_task", {"request_id": "r1", "task_id": "t1"})]


@pytest.mark.parametrize("event", ["load", "close", "unlink", "handle", "decide", "regenerate", "__init__"])
@pytest.mark.parametrize("kind", BOARDS)
def test_nothing_but_declared_events_can_be_called(kind: type[Screen], event: str) -> None:
    page = Told(kind)
    page.browser_sends(event, {})
    assert page.asked == []
    assert page.sent == []


def test_a_refusal_is_the_answer_to_its_request() -> None:
    page = Told(TaskList)

    def refuse(_data: Payload) -> None:
        raise RuleError("The day's budget is used up.")

    page.board._callbacks["on_retry_task"] = refuse
    page.browser_sends("retry_task", {"request_id": "r1", "task_id": "t1"})
    assert page.sent[0]["args"][0] == {
        "request_id": "r1",
        "ok": False,
        "code": "rule",
        "message": "The day's budget is used up.",
    }


@pytest.mark.parametrize("kind", BOARDS)
def test_a_saved_notebook_shows_the_rows_as_text(kind: type[Screen]) -> None:
    page = Told(kind)
    page.board.load(LOADS[kind])
    html = page.board._repr_mimebundle_()["text/html"]
    assert html.count("<tr>") == 1 + len(page.board.static_table()[1])
    assert "<img" not in html
