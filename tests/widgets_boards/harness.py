"""The boards' notebook: one board with a page's double behind it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from director_lib.errors import RuleError
from director_lib.widgets.base import Screen
from director_lib.widgets.final_page import FinalScreen
from director_lib.widgets.metrics_board import MetricsBoard
from director_lib.widgets.streams_board import StreamsBoard
from director_lib.widgets.task_list import TaskList
from tests.widgets.serving import STILLS
from tests.widgets.stage import asked_query
from tests.widgets_boards.fake_queue import FakeQueue
from tests.widgets_boards.final_samples import SAMPLE_PLAN, sample_final
from tests.widgets_boards.samples import (
    HOSTILE,
    MAY_ALL,
    Payload,
    sample_frame,
    sample_metrics,
    sample_rows,
    sample_stream,
    sample_streams_compared,
)
from tests.widgets_boards.task_samples import sample_queue, sample_tasks


class FakeBoardPage:
    """Shows one board, answers what it asks, and writes down what it was asked."""

    def __init__(
        self, kind: type[Screen], payload: Payload, log: Path, *, refuse: bool = False, hidden: int = 0
    ) -> None:
        self._payload = payload
        self._log = log
        self._refuse = refuse
        self.board = kind(**{f"on_{event}": self._answering(event) for event in kind.event_names()})
        tasks = payload["queue"]["tasks"] if "queue" in payload else sample_tasks()
        self.queue = FakeQueue(self.board, tasks, payload["frame"], hidden)
        self._answers = {
            **self.queue.answers(),
            "archive_plan": lambda _data: {"plan": SAMPLE_PLAN},
            "show_rows": lambda data: {"table": sample_rows(data["what"])},
            "compare_streams": lambda _data: {"streams": sample_streams_compared()},
            "choose": lambda data: {"board": _narrowed(self._payload, data)},
        }

    def _answering(self, event: str) -> Callable[[Payload], None]:
        def answer(data: Payload) -> None:
            with self._log.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([event, data]) + "\n")
            if event == "ready":
                told = {"queue": self.queue.told()} if "queue" in self._payload else {}
                self.board.load({**self._payload, **told})
                return
            if self._refuse:
                raise RuleError("The day's budget is used up. Nothing was queued.")
            more = self._answers[event](data) if event in self._answers else None
            self.board.reply({"request_id": data["request_id"], "ok": True, **(more or {})})

        return answer


def show_board(folder: str) -> Screen:
    """Build the page that the notebook's query asks for, and return its board."""
    query = asked_query()
    kind, payload = _PAYLOADS[query["board"]](query)
    log = Path(folder) / f"{query.get('log', 'none')}.jsonl"
    hidden = int(query.get("hidden", "0"))
    return FakeBoardPage(kind, payload, log, refuse="refuse" in query, hidden=hidden).board


def _streams(query: dict[str, str]) -> tuple[type[Screen], Payload]:
    streams = [sample_stream(number, STILLS) for number in range(int(query.get("n", "9")))]
    if "hostile" in query:
        streams[0] |= {"title": HOSTILE, "last_activity": HOSTILE, "error": None}
        streams[1] |= {"error": HOSTILE}
    return StreamsBoard, {"frame": sample_frame("streams"), "streams": streams}


def _tasks(query: dict[str, str]) -> tuple[type[Screen], Payload]:
    may = dict.fromkeys(MAY_ALL, False) if "viewer" in query else None
    tasks = [] if "empty" in query else sample_tasks(STILLS)
    if "hostile" in query:
        tasks[0] |= {"stream_title": HOSTILE, "error_message": HOSTILE, "phase": HOSTILE}
    frame = sample_frame("tasks", may=may)
    if "spent" in query:
        frame["spend"]["today_usd"] = float(query["spent"])
    if "alone" in query:
        frame |= {"workers": [], "worker_alive": False}
    return TaskList, {"frame": frame, "queue": sample_queue(tasks)}


def _metrics(query: dict[str, str]) -> tuple[type[Screen], Payload]:
    title = HOSTILE if "hostile" in query else "Salt, Iron, Linen"
    return MetricsBoard, sample_metrics(title=title, empty="empty" in query)


def _narrowed(payload: Payload, data: Payload) -> Payload:
    """Return the same numbers with the choice that was asked for."""
    choice = {"weeks": data["weeks"] or None, "actor": data["actor"], "engine": data["engine"]}
    board = {key: value for key, value in payload.items() if key != "frame"}
    return {**board, "choice": choice | {"kind": data["kind"] or None}}


_PAYLOADS: dict[str, Callable[[dict[str, str]], tuple[type[Screen], Payload]]] = {
    "streams": _streams,
    "tasks": _tasks,
    "metrics": _metrics,
    "final": lambda query: (FinalScreen, sample_final(query)),
}
