"""What the pages of the three boards would send: streams, tasks and metrics of an invented studio."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from director_lib.metrics.board import BoardSources, make_board, slice_of
from director_lib.metrics.board_choice import BoardChoice
from director_lib.metrics.board_row_fields import RowWords
from director_lib.metrics.board_rows import decided_rows, panel_rows, task_rows, unit_rows, version_rows
from director_lib.metrics.board_span_rows import segment_rows, stay_rows, wait_rows
from director_lib.metrics.board_streams import StreamSources, compare_streams
from director_lib.metrics.counts import count, slice_counts
from director_lib.metrics.frames import empty_checkpoints
from director_lib.metrics.standing import versions_known
from director_lib.store.metric_rows import TASK_ROWS
from tests.metrics.rows import Story, at

Payload = dict[str, Any]

HOSTILE = "<img src=x onerror=\"document.body.dataset.hacked='yes'\"> {{ 7 * 7 }}"
NOW = datetime(2026, 3, 27, 15, 30, tzinfo=UTC)
MAY_ALL = {"decide": True, "generate": True, "edit_prompt": True, "comment": True}
TITLES = [
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
        "spend": {
            "stream_usd": None,
            "budget_stream_usd": 50,
            "today_usd": 3.4,
            "budget_day_usd": 20,
        },
        "queue": {
            "running": 2,
            "queued": 5,
            "failed": 2,
            "pauses": [],
            "engines": ["google", "local", "script"],
        },
        "workers": ["studio-1"],
        "worker_alive": True,
    }


def sample_stream(number: int, covers: Sequence[str] = ()) -> Payload:
    """Describe one stream; every seventh has no cover yet, every eleventh cannot be read."""
    total = 2 * (3 + number % 7)
    approved = (number * 5) % (total + 1)
    broken = number % 11 == 10
    return {
        "id": f"stream-{number:04d}",
        "title": f"{TITLES[number % len(TITLES)]}" + (f" {number}" if number >= len(TITLES) else ""),
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


def sample_metrics(*, title: str = "Salt, Iron, Linen", empty: bool = False) -> Payload:
    """Describe a studio's metrics as its page sends them, from eight weeks of invented decisions."""
    story = invented_weeks(0 if empty else 8)
    made = count(
        story.decisions_frame(), story.versions_frame(), story.tasks_frame(), time_zone="Europe/Budapest"
    )
    everything, as_of = slice_counts(made), at(7.4 * 7 * 24 * 60)
    weekly = {
        week: slice_counts(made, slice_of(BoardChoice(week=week), as_of=as_of, time_zone="UTC")).durations
        for week in pd.date_range("2026-03-02", "2026-04-20", freq="7D", unit="us")
    }
    durations = pd.concat(weekly, names=["week"]).reset_index("week")
    board = make_board(
        BoardSources(everything, everything, empty_checkpoints(), [*weekly], durations),
        BoardChoice(),
        titles={"linen": title},
        as_of=as_of,
        time_zone="Europe/Budapest",
    )
    return {
        **board,
        "scope": {"stream_id": None, "title": "All streams"},
        "updated_at": as_of.isoformat(),
        "frame": sample_frame("metrics"),
    }


def sample_rows(what: str, *, title: str = "Salt, Iron, Linen") -> Payload:
    """Describe the rows behind a number, as the page answers."""
    story = invented_weeks(8)
    words = RowWords(ZoneInfo("Europe/Budapest"), {"linen": title}, of_one_stream=False)
    decided, made = story.decisions_frame(), story.versions_frame()
    keys = list(range(1, 40))
    if what in TASK_ROWS:
        tasks = story.tasks_frame().assign(error_message="").head(9)
        return {**task_rows(what, tasks, words), "more": None}
    if what == "units":
        return {**unit_rows(decided, made, keys, words), "more": None}
    if what == "costs":
        return {**version_rows(decided, made, keys, words), "more": None}
    if what == "segments":
        known = versions_known(made).assign(regenerations=0, rejections=0, n_versions=1, cost_micro_usd=0)
        known = known.assign(entered_at=known["created_at"], is_approved=False)
        return {**segment_rows(known.head(9), words), "more": None}
    if what == "stays":
        return {**stay_rows(decided, made, keys, words), "more": None}
    if what in ("waits", "looks"):
        return {**wait_rows(what, decided, made, keys, words), "more": None}
    if what == "panel":
        return {**panel_rows(decided, made, keys, words), "more": None}
    return {**decided_rows(what, decided, made, keys, words), "more": 7}


def sample_streams_compared() -> Payload:
    """Describe twelve invented streams beside each other, as the page answers."""
    ids = [f"stream-{number:04d}" for number in range(12)]
    first = pd.DataFrame(
        {"stream_id": ids, "first": range(20, 32), "first_approved": [(n * 7) % 20 for n in range(12)]}
    )
    bins = pd.DataFrame({"stream_id": ids, "metric": "unit_approved", "kind": "keyframe", "bin": 40, "n": 9})
    segments = pd.DataFrame({"stream_id": ids, "n": range(30, 18, -1), "again": range(12), "approved": 9.0})
    segments = segments.assign(again_2=segments["again"] * 2, cost=4.5, cost_2=2.5, cost_approved=3.5)
    lost = pd.DataFrame({"stream_id": ids[:1], "lost_micro_usd": [250_000]})
    titles = {each: TITLES[place % len(TITLES)] for place, each in enumerate(ids)}
    sources = StreamSources(first, bins, segments, lost)
    return compare_streams(sources, BoardChoice(), titles=titles, as_of=NOW)


def invented_weeks(n_weeks: int) -> Story:
    """Invent weeks of decisions of stream "linen"."""
    story = Story(stream_id="linen")
    for week in range(n_weeks):
        for segment in range(1, 6 + week % 3):
            _judge(story, segment + 10 * (week % 4), week * 7 * 24 * 60 + segment, (segment * week) % 3)
    return story


def _judge(story: Story, segment: int, minutes: float, sent_back: int) -> None:
    engine = ("local", "google", "local")[segment % 3]
    facts = {"engine": engine, "model": f"{engine}-2", "cost_usd": 0.04 if engine == "local" else 0.11}
    actor = ("dora", "eli")[segment % 2]
    for kind in ("keyframe", "video"):
        made = facts | ({"duration_s": 6.0} if kind == "video" else {})
        for turn in range(sent_back):
            begun = minutes + 30 * turn
            version = story.version(segment, begun, kind, **made)
            seen_at = at(begun + 18)
            story.decide(version, "regenerate", begun + 20, actor=actor, viewed_at=seen_at)
            story.task(begun - 3, begun - 2, begun, "succeeded", kind=kind, engine=engine)
        begun = minutes + 30 * sent_back
        version = story.version(segment, begun, kind, **made)
        if (segment + sent_back) % 4:
            story.decide(version, "approved", begun + 25, actor=actor, viewed_at=at(begun + 22))
        else:
            story.task(begun, begun + 1, begun + 9, "failed", engine=engine, error_code="timed_out")
