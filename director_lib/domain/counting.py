"""What one segment, or one task, adds to the counts: the rule behind the tables kept with every write.

It says the same as the counting of whole frames does (``director_lib.metrics.counts``), one row at a time.
Instants are whole microseconds since 1970 (UTC); weeks are the days since 1970 of their Mondays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from director_lib.domain.duration_bins import QUARTER_US, duration_bin

Weeks = Callable[[int], int]
_EPOCH = date(1970, 1, 1).toordinal()
_MICRO = 1_000_000
# what a transaction touches is counted twice, and instants come close together
_REMEMBERED = 4_096


class CountedVersion(NamedTuple):
    """What counts of a version; ``engine`` and ``model`` are "" when unknown."""

    version_id: int
    kind: str
    number: int
    origin: str
    engine: str
    model: str
    cost_usd: float
    created_us: int
    duration_s: float | None
    is_current: bool
    set_id: str | None


class CountedDecision(NamedTuple):
    """What counts of a verdict; ``before_us`` is when that person decided the last time before it."""

    seq: int
    version_id: int
    decision: str
    actor: str
    decided_us: int
    viewed_us: int | None
    is_undone: bool
    before_us: int | None


class CountedTask(NamedTuple):
    """What counts of a task; ``lost_usd`` was billed although it made no version."""

    kind: str
    engine: str
    state: str
    queued_us: int
    started_us: int | None
    ended_us: int | None
    error_code: str
    lost_usd: float


class SegmentRow(NamedTuple):
    """What the list of segments tells of one that was begun."""

    week: int
    entered_us: int
    n_versions: int
    regenerations: int
    rejections: int
    cost_micro_usd: int
    n_open: int
    open_since_us: int | None
    is_approved: bool


class Tally:
    """Counts to be added.

    Attributes:
        cells: By (week, kind, engine, model, actor, measure).
        durations: By (metric, week, kind, engine, bin).
        failures: By (week, kind, engine, error code).
    """

    __slots__ = ("cells", "durations", "failures")

    def __init__(self) -> None:
        self.cells: defaultdict[tuple[int, str, str, str, str, str], int] = defaultdict(int)
        self.durations: defaultdict[tuple[str, int, str, str, int], int] = defaultdict(int)
        self.failures: defaultdict[tuple[int, str, str, str], int] = defaultdict(int)

    def add(self, other: Tally, sign: int = 1) -> None:
        """Add what is in another one, or take it away with the sign -1."""
        for name in self.__slots__:
            mine = getattr(self, name)
            for key, number in getattr(other, name).items():
                mine[key] += sign * number

    def lasting(self, metric: str, place: tuple[int, str, str], duration_us: int) -> None:
        """Count a duration at its (week, kind, engine)."""
        self.durations[(metric, *place, duration_bin(duration_us))] += 1

    def open(self, metric: str, place: tuple[int, str, str], began_us: int) -> None:
        """Count what has not ended at its (week, kind, engine)."""
        self.durations[(metric, *place, began_us // QUARTER_US)] += 1


def weeks_in(zone: tzinfo) -> Weeks:
    """Return what finds the local Monday of an instant, in days since 1970."""

    @lru_cache(maxsize=_REMEMBERED)
    def week(instant_us: int) -> int:
        day = datetime.fromtimestamp(instant_us // _MICRO, zone).toordinal()
        # ordinal 1 was a Monday
        return day - (day - 1) % 7 - _EPOCH

    return week


def micro_usd(usd: float) -> int:
    """Return money as whole millionths of a US dollar, which add up exactly."""
    return round(usd * _MICRO)


def count_task(task: CountedTask, weeks: Weeks) -> Tally:
    """Count one task."""
    tally, state = Tally(), task.state
    cell = (weeks(task.queued_us), task.kind, task.engine, "", "")
    tally.cells[(*cell, "tasks")] = 1
    if state in ("succeeded", "failed", "unknown", "cancelled"):
        tally.cells[(*cell, f"tasks_{state}")] = 1
    lost_micro_usd = micro_usd(task.lost_usd)
    if lost_micro_usd:
        tally.cells[(*cell, "lost_micro_usd")] = lost_micro_usd
        tally.cells[(*cell, "bills")] = 1
    _count_waiting(tally, task, cell[:3])
    if task.started_us is not None:
        _count_rendering(tally, task, (weeks(task.started_us), task.kind, task.engine))
    if state in ("failed", "unknown") and task.ended_us is not None:
        tally.failures[weeks(task.ended_us), task.kind, task.engine, task.error_code] = 1
    return tally


def _count_waiting(tally: Tally, task: CountedTask, place: tuple[int, str, str]) -> None:
    if task.started_us is not None:
        tally.lasting("queue_ended", place, task.started_us - task.queued_us)
    elif task.ended_us is not None:
        tally.lasting("queue_censored", place, task.ended_us - task.queued_us)
    else:
        tally.open("queue_open", place, task.queued_us)


def _count_rendering(tally: Tally, task: CountedTask, place: tuple[int, str, str]) -> None:
    assert task.started_us is not None
    if task.ended_us is None:
        tally.open("render_open", place, task.started_us)
    else:
        metric = "render_ended" if task.state == "succeeded" else "render_censored"
        tally.lasting(metric, place, task.ended_us - task.started_us)


def by_version(decisions: Iterable[CountedDecision]) -> dict[int, list[CountedDecision]]:
    """Group verdicts by version, each group by ``seq``."""
    found: dict[int, list[CountedDecision]] = {}
    for decision in sorted(decisions):
        found.setdefault(decision.version_id, []).append(decision)
    return found


def current_of(versions: Sequence[CountedVersion]) -> CountedVersion:
    """Return the version that decides for its unit: the current one, else the newest attempt."""
    return max(versions, key=lambda version: (version.is_current, version.number))
