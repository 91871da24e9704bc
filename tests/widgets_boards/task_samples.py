"""What the tasks page would send: tasks in every state, of an invented studio."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.widgets_boards.samples import NOW, TITLES, Payload

GROUP_OF = {
    "running": "running",
    "queued": "queued",
    "failed": "broken",
    "unknown": "broken",
    "succeeded": "ended",
    "cancelled": "ended",
}
_REASONS = ("waiting", "waiting for its keyframe", "google is busy", "2 of 2 of google run", "waiting")
_FAILED = "The engine ran out of memory. Nothing was changed; try again."
_LOST = "Google did not answer in time. The clip may have been made and charged; nothing was changed here."
_ADVICE = (
    "Look into the google account (veo-3) for a call at 2026-03-27 15:21:04 UTC (t8:1). If it was made, "
    "settle it as made: about $0.40 is then spent. If not, settle it as not made."
)


def sample_task(number: int, state: str, thumb: str | None = None, **facts: Any) -> Payload:
    """Describe one task."""
    queued = NOW - timedelta(minutes=number + 1)
    begun = None if state == "queued" else queued + timedelta(seconds=4)
    row = {
        "id": f"t{number}",
        "group": GROUP_OF[state],
        "place": number + 1,
        "stream_id": f"stream-{number % len(TITLES)}",
        "stream_title": TITLES[number % len(TITLES)],
        "segment_id": number + 1,
        "kind": "video" if number % 3 == 1 else "keyframe",
        "engine": "google" if number % 4 == 3 else "local",
        "state": state,
        "phase": {"queued": "waiting", "running": "rendering"}.get(state, ""),
        "percent": {"succeeded": 100.0, "running": 45.0}.get(state, 0.0),
        "price_usd": 0.04,
        "author": "dora",
        "worker": "studio-1" if state == "running" else None,
        "stopping": False,
        "queued_at": queued.isoformat(),
        "started_at": begun.isoformat() if begun else None,
        "ended_at": NOW.isoformat() if GROUP_OF[state] in ("broken", "ended") else None,
        "error_message": {"failed": _FAILED, "unknown": _LOST}.get(state),
        "eta_s": {"running": 31, "queued": 40 + 9 * number}.get(state),
        "href": f"#opened-task-{number}",
        "thumb": thumb,
    }
    if state == "queued":
        row |= {"reason": "waiting", "again_at": None}
    if state == "unknown":
        row |= {"advice": _ADVICE, "is_settled": False}
    return {**row, **facts}


def sample_tasks(thumbs: Sequence[str] = ()) -> list[Payload]:
    """Describe tasks in every state: two run, five wait for different reasons, two need somebody."""
    states = ["running"] * 2 + ["queued"] * 5 + ["failed", "unknown"] + ["succeeded"] * 6 + ["cancelled"]
    tasks = [
        sample_task(number, state, thumbs[number % len(thumbs)] if thumbs else None)
        for number, state in enumerate(states)
    ]
    waiting = [task for task in tasks if task["group"] == "queued"]
    for place, (task, reason) in enumerate(zip(waiting, _REASONS, strict=True), 1):
        task |= {"place": place, "reason": reason}
        if "busy" in reason:
            task |= {"again_at": (NOW + timedelta(minutes=1)).isoformat(), "eta_s": None}
    return tasks


def sample_queue(tasks: Sequence[Payload], **more: int) -> Payload:
    """Describe what is told of these tasks, with ``more`` that are not shown by group."""
    counts = Counter(task["group"] for task in tasks)
    numbers = {
        group: counts[group] + more.get(group, 0) for group in ("running", "queued", "broken", "ended")
    }
    return {"tasks": list(tasks), "counts": {**numbers, "promised_usd": round(0.04 * numbers["queued"], 2)}}
