"""The tasks of a page's double: does what is asked of them, and tells the browser what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from director_lib.errors import RuleError
from director_lib.widgets.base import Screen
from tests.widgets_boards.samples import NOW, Payload
from tests.widgets_boards.task_samples import GROUP_OF, sample_queue, sample_task

Answer = Callable[[Payload], Payload | None]
_LINES = ["loading the model", "frame 1 of 24", "<b>frame 2</b> of 24 {{ 7 * 7 }}"]


class FakeQueue:
    """Rows that can be moved, paused, cancelled, retried and settled."""

    def __init__(self, board: Screen, tasks: list[Payload], frame: Payload, hidden: int = 0) -> None:
        self._board = board
        self.rows = {task["id"]: dict(task) for task in tasks}
        self._frame = frame
        self._hidden = hidden

    def told(self) -> Payload:
        """Return everything that is told of the tasks."""
        return sample_queue(list(self.rows.values()), queued=self._hidden)

    def answers(self) -> dict[str, Answer]:
        """Return what is done on each event."""
        return {
            "list_tasks": lambda _data: self.told(),
            "more_tasks": self._more,
            "cancel_task": lambda data: self._change(data["task_id"], state="cancelled"),
            "retry_task": self._retry,
            "move_task": self._move,
            "pause_queue": lambda data: self._pause(data["engine"], True),
            "resume_queue": lambda data: self._pause(data["engine"], False),
            "queued_streams": lambda _data: {"streams": self._streams()},
            "cancel_queued": self._cancel_queued,
            "show_lines": self._show_lines,
            "settle_task": lambda data: self._change(data["task_id"], is_settled=True),
        }

    def _waiting(self) -> list[str]:
        found = sorted((row["place"], row["id"]) for row in self.rows.values() if row["group"] == "queued")
        return [task_id for _, task_id in found]

    def _change(self, task_id: str, **fields: Any) -> None:
        if "state" in fields:
            fields["group"] = GROUP_OF[fields["state"]]
        self.rows[task_id] |= fields
        self._tell({task_id: fields})

    def _tell(self, changes: dict[str, Payload]) -> None:
        self._board.push("queue", {"tasks": changes, "counts": self.told()["counts"]})

    def _retry(self, _data: Payload) -> None:
        self.rows["again"] = sample_task(90, "queued", id="again")
        self._tell({"again": self.rows["again"]})

    def _move(self, data: Payload) -> None:
        ids = self._waiting()
        if data["task_id"] not in ids:
            raise RuleError("That task runs already, so it has no place in the queue. Nothing was moved.")
        at = ids.index(data["task_id"])
        ids.remove(data["task_id"])
        places = {"up": max(at - 1, 0), "down": at + 1, "front": 0, "end": len(ids)}
        place = ids.index(data["before"]) if data["way"] == "before" else places[data["way"]]
        ids.insert(place, data["task_id"])
        changes = {task_id: {"place": n} for n, task_id in enumerate(ids, 1)}
        for task_id, change in changes.items():
            self.rows[task_id] |= change
        self._tell(changes)

    def _pause(self, engine: str | None, paused: bool) -> None:
        queue = self._frame["queue"]
        others = [pause for pause in queue["pauses"] if pause["engine"] != (engine or "")]
        mine = [{"engine": engine or "", "by": "dora", "at": NOW.isoformat()}] if paused else []
        self._frame["queue"] = {**queue, "pauses": [*mine, *others]}
        self._board.patch({"frame": {"queue": self._frame["queue"]}})

    def _more(self, _data: Payload) -> Payload:
        for number in range(self._hidden):
            place = len(self.rows) + 1
            self.rows[f"h{number}"] = sample_task(100 + number, "queued", id=f"h{number}", place=place)
        self._hidden = 0
        return self.told()

    def _streams(self) -> list[Payload]:
        streams: dict[str, Payload] = {}
        for task_id in self._waiting():
            row = self.rows[task_id]
            known = streams.setdefault(
                row["stream_id"],
                {"id": row["stream_id"], "title": row["stream_title"], "count": 0, "price_usd": 0.0},
            )
            known["count"] += 1
            known["price_usd"] += row["price_usd"]
        return list(streams.values())

    def _cancel_queued(self, data: Payload) -> Payload:
        mine = [
            task_id for task_id in self._waiting() if self.rows[task_id]["stream_id"] == data["stream_id"]
        ]
        for task_id in mine:
            self._change(task_id, state="cancelled")
        return {"cancelled": len(mine)}

    def _show_lines(self, data: Payload) -> Payload:
        at = NOW.isoformat()
        later = [{"id": 10, "at": at, "text": "frame 3 of 24"}]
        self._board.push("queue", {"lines": {data["task_id"]: later}})  # comes before the answer: not shown
        return {"lines": [{"id": n, "at": at, "text": text} for n, text in enumerate(_LINES, 1)]}
