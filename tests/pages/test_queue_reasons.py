"""Why a queued task has not begun, and when it may be done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.task import GenerationRequest, Task, TaskState
from director_lib.domain.version import Kind
from director_lib.limits import EngineLimit
from director_lib.pages.queue_reasons import Expected, QueueStanding, Reason, forecast, why_waiting

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def queued(task_id: str = "t", engine: str = "local", **facts: Any) -> Task:
    request = GenerationRequest("film", 1, Kind.KEYFRAME, engine, "sea")
    known: dict[str, Any] = {"phase": "waiting", "percent": 0.0, "price_usd": 0.0, "priority": 10}
    return Task(task_id, request, TaskState.QUEUED, author="dora", queued_at=NOW, **(known | facts))


SOON = NOW + timedelta(seconds=40)
BUSY = queued(engine="google", not_before_at=SOON)
AFTER = queued(engine="google", after_task_id="first")
PAUSED = {"": "dora"}


@pytest.mark.parametrize(
    ("task", "standing", "said"),
    [
        (queued(), QueueStanding(NOW), Reason("waiting")),
        (AFTER, QueueStanding(NOW, unmade=frozenset({"first"})), Reason("waiting for its keyframe")),
        (AFTER, QueueStanding(NOW), Reason("waiting")),
        (BUSY, QueueStanding(NOW), Reason("google is busy", SOON)),
        (BUSY, QueueStanding(SOON), Reason("waiting")),
        (BUSY, QueueStanding(NOW, paused_by=PAUSED), Reason("paused by dora")),
        (queued(), QueueStanding(NOW, paused_by={"local": "ben"}), Reason("local paused by ben")),
        (queued(), QueueStanding(NOW, paused_by={"google": "ben"}), Reason("waiting")),
        (
            queued(engine="google"),
            QueueStanding(NOW, running={"google": 2}, limits={"google": EngineLimit(at_once=2)}),
            Reason("2 of 2 of google run"),
        ),
        (
            queued(engine="google"),
            QueueStanding(NOW, running={"google": 1}, limits={"google": EngineLimit(at_once=2)}),
            Reason("waiting"),
        ),
        (
            queued(engine="google"),
            QueueStanding(NOW, starts={"google": 10}, limits={"google": EngineLimit(starts_per_minute=10)}),
            Reason("google may begin 10 a minute"),
        ),
    ],
)
def test_a_wait_has_one_reason_the_one_that_counts_most(
    task: Task, standing: QueueStanding, said: Reason
) -> None:
    assert why_waiting(task, standing) == said


def test_tasks_are_done_one_after_the_other_on_each_free_place() -> None:
    running = [Expected(queued("r"), 5.0)]
    waiting = [Expected(queued(f"t{number}"), 10.0) for number in range(3)]
    assert forecast(running, waiting, QueueStanding(NOW, slots=2)) == {"t0": 10.0, "t1": 15.0, "t2": 20.0}


def test_what_is_held_back_is_not_promised_and_takes_no_place() -> None:
    waiting = [Expected(AFTER, 10.0), Expected(queued("t1"), 10.0)]
    standing = QueueStanding(NOW, slots=1, unmade=frozenset({"first"}))
    assert forecast([], waiting, standing) == {"t1": 10.0}
    assert forecast([], waiting, QueueStanding(NOW, slots=1, paused_by=PAUSED)) == {}


def test_nothing_is_promised_without_a_worker_or_behind_what_nobody_knows_the_length_of() -> None:
    waiting = [Expected(queued("t0"), 10.0), Expected(queued("t1"), None), Expected(queued("t2"), 10.0)]
    assert forecast([], waiting, QueueStanding(NOW)) == {}
    assert forecast([], waiting, QueueStanding(NOW, slots=1)) == {"t0": 10.0}


@given(
    lengths=st.lists(st.floats(0.1, 100), max_size=12),
    left=st.lists(st.floats(0.0, 100), max_size=3),
    slots=st.integers(1, 4),
)
def test_a_forecast_never_promises_more_than_the_workers_can_do(
    lengths: list[float], left: list[float], slots: int
) -> None:
    running = [Expected(queued(f"r{n}"), each) for n, each in enumerate(left)]
    waiting = [Expected(queued(f"t{n}"), each) for n, each in enumerate(lengths)]
    done_in_s = forecast(running, waiting, QueueStanding(NOW, slots=slots))
    assert done_in_s.keys() == {each.task.id for each in waiting}
    for n, length_s in enumerate(lengths):
        assert done_in_s[f"t{n}"] >= length_s - 0.1
    if lengths:
        places = max(slots, len(left))
        assert max(done_in_s.values()) >= sum(lengths) / places - 0.1
