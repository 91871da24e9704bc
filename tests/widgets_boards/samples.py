"""What the pages of the three boards would send: streams, tasks and metrics of an invented studio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from director_lib.metrics.chart_set import make_charts
from director_lib.metrics.findings import StudioFrames
from director_lib.metrics.frames import empty_checkpoints
from director_lib.metrics.summary import summarise
from tests.metrics.rows import Story, at

Payload = dict[str, Any]

HOSTILE = "<img src=x onerror=\"document.body.dataset.hacked='yes'\"> {{ 7 * 7 }}"
NOW = datetime(2026, 3, 27, 15, 30, tzinfo=UTC)
MAY_ALL = {"decide": True, "generate": True, "edit_prompt": True, "comment": True}
_TITLES = [
    "The Lighthouse Keeper’s Last Winter",
    "A hegyi patak emlékezete",
    "Letters to an Empty House",
    "Salt, Iron, Linen",
    "The Orchard Under Snow",
    "Night Trains",
    "Egy hang a túlpartról",
]
_GATES = ("story", "spec", "keyframes", "videos", "final")
_STATES = ("approved", "approved", "changes", "waiting", "missing")


def sample_frame(page: str, *, may: dict[str, bool] | None = None) -> Payload:
    """Describe the top bar of a page of all streams."""
    links = (("streams", "Streams", "/"), ("tasks", "Tasks", "/tasks"), ("metrics", "Metrics", "/metrics"))
    return {
        "page": page,
        "stream": None,
        "person": {"username": "dora", "name": "Dora Lindqvist", "role": "director", "may": may or MAY_ALL},
        "rail": [],
        "nav": [{"label": label, "href": href, "here": name == page} for name, label, href in links],
        "spend": {"stream_usd": None, "budget_stream_usd": 50, "today_usd": 3.4, "budget_day_usd": 20},
        "queue": {"running": 2, "queued": 5, "failed": 1},
        "worker_alive": True,
    }


def sample_stream(number: int, covers: Sequence[str] = ()) -> Payload:
    """Describe one stream; every seventh has no cover yet, every eleventh cannot be read."""
    total = 2 * (3 + number % 7)
    approved = (number * 5) % (total + 1)
    broken = number % 11 == 10
    return {
        "id": f"stream-{number:04d}",
        "title": f"{_TITLES[number % len(_TITLES)]}" + (f" {number}" if number >= len(_TITLES) else ""),
        "language": "hu" if number % 7 in (1, 6) else "en",
        "dialect": "spec v1",
        "n_segments": total // 2,
        "rail": [
            {
                "checkpoint": gate,
                "label": gate.capitalize(),
                "state": "approved" if approved == total else _STATES[place],
                "approved": 0,
                "total": 1,
                "href": None,
                "here": False,
            }
            for place, gate in enumerate(_GATES)
        ],
        "approved": 0 if broken else approved,
        "total": 0 if broken else total,
        "undecided": 0 if broken else (total - approved) // 2,
        "running": 1 if number % 5 == 2 else 0,
        "last_activity_at": (NOW - timedelta(hours=7 * number)).isoformat(),
        "last_activity": f"dora approved segment {number % 7 + 1}",
        "spend_usd": 0.04 * number,
        "cover": covers[number % len(covers)] if covers and number % 7 != 3 else None,
        "oddities": [],
        "error": "production.json cannot be read at line 12, column 3: a comma is missing."
        if broken
        else None,
        "needs_me": not broken and (total - approved) // 2 > 0,
        "href": f"#opened-stream-{number:04d}",
    }


def sample_task(number: int, state: str, thumb: str | None = None, **facts: Any) -> Payload:
    """Describe one task."""
    queued = NOW - timedelta(minutes=number + 1)
    begun = None if state == "queued" else queued + timedelta(seconds=4)
    return {
        "id": f"t{number}",
        "stream_id": "lighthouse",
        "stream_title": _TITLES[number % len(_TITLES)],
        "segment_id": number + 1,
        "kind": "video" if number % 3 == 1 else "keyframe",
        "engine": "local",
        "state": state,
        "phase": {"queued": "waiting", "running": "rendering"}.get(state, ""),
        "percent": {"succeeded": 100.0, "running": 45.0}.get(state, 0.0),
        "price_usd": 0.04,
        "author": "dora",
        "queued_at": queued.isoformat(),
        "started_at": begun.isoformat() if begun else None,
        "ended_at": NOW.isoformat() if state in ("succeeded", "failed", "cancelled", "unknown") else None,
        "error_message": "The engine ran out of memory. Nothing was changed; try again."
        if state == "failed"
        else None,
        "eta_s": 31 if state == "running" else None,
        "href": f"#opened-task-{number}",
        "thumb": thumb,
        **facts,
    }


def sample_tasks(thumbs: Sequence[str] = ()) -> list[Payload]:
    """Describe tasks in every state."""
    states = ["running"] * 2 + ["queued"] * 5 + ["failed", "unknown"] + ["succeeded"] * 6 + ["cancelled"]
    return [
        sample_task(number, state, thumbs[number % len(thumbs)] if thumbs else None)
        for number, state in enumerate(states)
    ]


def sample_metrics(*, title: str = "Salt, Iron, Linen", empty: bool = False) -> Payload:
    """Describe a studio's metrics as its page sends them, from eight weeks of invented decisions."""
    story = Story(stream_id="linen")
    for week in range(0 if empty else 8):
        for segment in range(1, 6 + week % 3):
            _judge(story, segment + 10 * (week % 4), week * 7 * 24 * 60 + segment, (segment * week) % 3)
    frames = StudioFrames(
        story.decisions_frame(),
        story.versions_frame(),
        story.tasks_frame(),
        empty_checkpoints(),
        titles={"linen": title},
    )
    summary = summarise(frames, time_zone="Europe/Budapest", as_of=at(7.4 * 7 * 24 * 60))
    return {
        **summary.payload(),
        "frame": sample_frame("metrics"),
        "charts": [asdict(chart) for chart in make_charts(summary)],
    }


def _judge(story: Story, segment: int, minutes: float, sent_back: int) -> None:
    for kind in ("keyframe", "video"):
        for turn in range(sent_back):
            version = story.version(segment, minutes + 30 * turn, kind, cost_usd=0.04)
            story.decide(version, "regenerate", minutes + 30 * turn + 20)
            story.task(
                minutes + 30 * turn, minutes + 30 * turn + 1, minutes + 30 * turn + 2, "succeeded", kind=kind
            )
        version = story.version(segment, minutes + 30 * sent_back, kind, cost_usd=0.04)
        if (segment + sent_back) % 4:
            story.decide(version, "approved", minutes + 30 * sent_back + 25)
