"""Why a queued task has not begun yet, in words for a director, and when it may be done."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from director_lib.domain.task import Task
from director_lib.limits import EngineLimit

WHOLE_QUEUE = ""
WAITING = "waiting"
_NO_LIMIT = EngineLimit()


@dataclass(frozen=True, slots=True)
class QueueStanding:
    """What decides whether a queued task may begin.

    Attributes:
        paused_by: Who paused an engine's tasks, by its name; empty for the whole queue.
        running: How many tasks of each engine run.
        starts: How many tasks of each engine began within a minute; only those with such a limit.
        unmade: Ids of the tasks that others come after and that have not succeeded.
        slots: How many tasks the living workers carry out at a time.
    """

    now: datetime
    paused_by: Mapping[str, str] = field(default_factory=dict)
    running: Mapping[str, int] = field(default_factory=dict)
    starts: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, EngineLimit] = field(default_factory=dict)
    unmade: frozenset[str] = frozenset()
    slots: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a queued task has not begun yet.

    Attributes:
        text: In words for a director.
        again_at: When it may begin, because of what the text says; None when that is no matter of time.
    """

    text: str
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """How long a task that runs or waits is expected to take.

    Attributes:
        left_s: Seconds; None when no history tells.
    """

    task: Task
    left_s: float | None


def find_hold(task: Task, standing: QueueStanding) -> Reason | None:
    """Say what keeps a queued task from beginning even when its turn comes; None when nothing does."""
    engine = task.request.engine
    if WHOLE_QUEUE in standing.paused_by:
        return Reason(f"paused by {standing.paused_by[WHOLE_QUEUE]}")
    if engine in standing.paused_by:
        return Reason(f"{engine} paused by {standing.paused_by[engine]}")
    if task.after_task_id is not None and task.after_task_id in standing.unmade:
        return Reason("waiting for its keyframe")
    if task.not_before_at is not None and task.not_before_at > standing.now:
        return Reason(f"{engine} is busy", task.not_before_at)
    return None


def why_waiting(task: Task, standing: QueueStanding) -> Reason:
    """Say why a queued task has not begun yet."""
    held = find_hold(task, standing)
    if held is not None:
        return held
    engine = task.request.engine
    limit = standing.limits.get(engine, _NO_LIMIT)
    running = standing.running.get(engine, 0)
    if limit.at_once is not None and running >= limit.at_once:
        return Reason(f"{running} of {limit.at_once} of {engine} run")
    if limit.starts_per_minute is not None and standing.starts.get(engine, 0) >= limit.starts_per_minute:
        return Reason(f"{engine} may begin {limit.starts_per_minute} a minute")
    return Reason(WAITING)


def forecast(
    running: Sequence[Expected], queued: Sequence[Expected], standing: QueueStanding
) -> dict[str, float]:
    """Estimate in how many seconds each queued task is done, given in start order.

    What is held back is left out, and so is everything behind a task that no history tells the length of:
    a guess would only mislead.
    """
    # a worker that counts as gone may still end what it has begun
    free_in_s = [each.left_s or 0.0 for each in running]
    free_in_s += [0.0] * (standing.slots - len(free_in_s))
    heapq.heapify(free_in_s)
    done_in_s: dict[str, float] = {}
    for each in queued if standing.slots else ():
        if find_hold(each.task, standing) is not None:
            continue
        if each.left_s is None:
            break
        ends_in_s = heapq.heappop(free_in_s) + each.left_s
        heapq.heappush(free_in_s, ends_in_s)
        done_in_s[each.task.id] = round(ends_in_s, 1)
    return done_in_s
