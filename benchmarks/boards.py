"""What the server does before the list of a thousand streams, and a page of a long activity, are shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.history import record_history
from benchmarks.report import Measurement
from benchmarks.streams import write_stream
from benchmarks.studio import make_settings
from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind
from director_lib.pages.activity_rows import event_row
from director_lib.pages.live import changed_rows
from director_lib.pages.streams import StreamRows
from director_lib.store.events import NewEvent, record_event, record_events
from director_lib.workbench import Workbench
from director_lib.workbench.activity import ActivityFilter

N_STREAMS = 1_000
N_SEGMENTS = 12
N_VERSIONS = 3
N_EVENTS = 100_000
LIMIT_MS = 150.0
ACTOR = Actor("dora", Role.DIRECTOR)
_AT_ONCE = 5_000
_BUSY = "film-0000"


def measure_boards(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure the list of streams and the activity page in the processor's own time and the disk's."""
    settings = make_settings(home)
    tell(f"recording {N_STREAMS:,} streams, one of them with {N_EVENTS:,} events")
    for number in range(N_STREAMS):
        write_stream(settings.streams_root, f"film-{number:04}", N_SEGMENTS, with_stills=False)
    with Workbench.open(settings, ACTOR) as workbench:
        _record(workbench)
        StreamRows().read(workbench)
    tell("listing the streams, reading the activity")
    label, log = f"{N_STREAMS:,} streams", f"{N_EVENTS:,} events"
    first = [_first_paint(settings) for _ in range(2 * runs)]
    with Workbench.open(settings, ACTOR) as workbench:
        again = _after_changes(workbench, 2 * runs)
        newest = _times(lambda: _read_page(workbench, ActivityFilter()), 2 * runs)
        rare = _times(lambda: _read_page(workbench, ActivityFilter(actor="ann")), 2 * runs)
    return [
        Measurement("streams page, first paint", label, first, limit=LIMIT_MS, by_median=True),
        Measurement("streams page, again", label, again, limit=LIMIT_MS, by_median=True),
        Measurement("activity, a page", log, newest, limit=LIMIT_MS, by_median=True),
        Measurement("activity, a page", f"{log}, one person’s", rare, limit=LIMIT_MS, by_median=True),
    ]


def _record(workbench: Workbench) -> None:
    began_at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    events = [
        NewEvent(
            "commented" if n % 1_000 == 0 else "approved",
            "ann" if n % 1_000 == 0 else "dora",
            began_at + timedelta(minutes=n),
            (_BUSY, 1 + n % N_SEGMENTS, Kind.KEYFRAME),
        )
        for n in range(N_EVENTS)
    ]
    with workbench.studio.database.write() as connection:
        for number in range(N_STREAMS):
            record_history(connection, f"film-{number:04}", N_SEGMENTS, N_VERSIONS)
        for first in range(0, N_EVENTS, _AT_ONCE):
            record_events(connection, events[first : first + _AT_ONCE])


def _first_paint(settings: Settings) -> float:
    with Workbench.open(settings, ACTOR) as workbench:
        return _times(lambda: StreamRows().read(workbench, with_spend=False), 1)[0]


def _after_changes(workbench: Workbench, runs: int) -> list[float]:
    """Time what a page does each time that somebody did something on one of the streams."""
    rows, taken = StreamRows(), []
    rows.read(workbench, with_spend=False)
    rows.read(workbench, look_at_files=False)
    for number in range(runs):
        with workbench.studio.database.write() as connection:
            place = (f"film-{number:04}", 1, Kind.KEYFRAME)
            record_event(connection, "approved", "ben", workbench.studio.clock(), place=place)
        before = rows.told
        found: dict[str, object] = {}
        taken += _times(lambda: found.update(_changes(rows, before, workbench)), 1)  # noqa: B023
        if found.keys() != {place[0]}:
            raise RuntimeError(f"{sorted(found)} are told as changed, and not {place[0]}")
    return taken


def _changes(rows: StreamRows, before: dict[str, Any], workbench: Workbench) -> dict[str, Any]:
    return changed_rows(before, rows.read(workbench, look_at_files=False))


def _read_page(workbench: Workbench, wanted: ActivityFilter) -> None:
    rows = [event_row(event, _BUSY) for event in workbench.activity.page(_BUSY, wanted).events]
    if not rows:
        raise RuntimeError("the activity is empty: this is not what was recorded")


def _times(action: Callable[[], object], runs: int) -> list[float]:
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        taken.append((time.perf_counter() - started) * 1000)
    return taken
