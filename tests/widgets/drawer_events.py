"""A good payload of each event about tasks, which every screen with a task drawer takes."""

from __future__ import annotations

from typing import Any

_REQUEST = {"request_id": "r1"}
_TASK = _REQUEST | {"task_id": "t1"}
DRAWER_EVENTS: dict[str, dict[str, Any]] = {
    "list_tasks": _REQUEST,
    "close_tasks": _REQUEST,
    "more_tasks": _REQUEST | {"group": "queued"},
    "cancel_task": _TASK,
    "retry_task": _TASK,
    "move_task": _TASK | {"way": "before", "before": "t2"},
    "pause_queue": _REQUEST | {"engine": None},
    "resume_queue": _REQUEST | {"engine": "google"},
    "queued_streams": _REQUEST,
    "cancel_queued": _REQUEST | {"stream_id": "film"},
    "show_lines": _TASK,
    "hide_lines": _TASK,
    "settle_task": _TASK | {"was_made": False, "note": "no such job"},
}
