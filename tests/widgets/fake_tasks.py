"""The answers of a desk's double to its task drawer; what the drawer can do is tested on the tasks page."""

from __future__ import annotations

from collections import Counter

from tests.widgets.desk_samples import STREAM, Payload

_GROUPS = {"running": "running", "queued": "queued", "failed": "broken", "unknown": "broken"}


class TaskAnswers:
    """Lists the tasks of the desk's own cards, and does nothing else with them."""

    kind: str
    cards: dict[int, Payload]

    def _on_list_tasks(self, _data: Payload) -> Payload:
        about = {
            "stream_id": STREAM["id"],
            "stream_title": STREAM["title"],
            "kind": self.kind,
            "engine": "local",
        }
        ends = {"author": "dora", "started_at": None, "ended_at": None, "thumb": None, "stopping": False}
        made = [
            {**card["task"], **about, **ends, "segment_id": n, "href": f"#{n}", "place": n}
            for n, card in self.cards.items()
            if card["task"]
        ]
        tasks = [task | {"group": _GROUPS.get(task["state"], "ended")} for task in made]
        counts = Counter(task["group"] for task in tasks)
        return {"tasks": tasks, "counts": {group: counts[group] for group in ("running", "queued", "broken")}}

    def _nothing(self, _data: Payload) -> None:
        """Only answer that it was done."""

    _on_close_tasks = _on_more_tasks = _on_move_task = _on_pause_queue = _on_resume_queue = _nothing
    _on_queued_streams = _on_cancel_queued = _on_show_lines = _on_hide_lines = _on_settle_task = _nothing
