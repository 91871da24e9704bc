from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from director_lib.domain.task import GenerationRequest, Task, TaskState
from director_lib.domain.version import Kind, Origin
from director_lib.errors import IllegalMoveError, NotFoundError
from director_lib.store.assets import find_asset_id
from director_lib.store.attempts import close_attempt, list_unclosed_attempts, open_attempt
from director_lib.store.database import Database
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tasks import (
    Outcome,
    committed_usd,
    counts_by_state,
    find_task,
    finish,
    get_task,
    list_cancel_requests,
    list_open_after,
    list_tasks,
    open_tasks_by_asset,
    report_progress,
    request_cancel,
    start,
)
from director_lib.store.versions import NewVersion, add_version, set_current

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Desk:
    """Queues tasks with short words; each instant is a second later than the one before."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.now = NOW
        self.count = 0

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def ask(self, segment_id: int = 1, *, price_usd: float = 0.0, chosen: bool = False, **asked: Any) -> Task:
        self.count += 1
        given = {"stream_id": "film", "kind": Kind.KEYFRAME, "engine": "local", "image_prompt": "sea"}
        request = GenerationRequest(segment_id=segment_id, **(given | asked))
        new = NewTask(f"t_{self.count}", request, "dora", price_usd, 10, self.tick(), seed_is_chosen=chosen)
        return enqueue(self.connection, new)[0]

    def run(self, task: Task) -> Task:
        return start(self.connection, task.id, self.tick())

    def end(self, task: Task, state: TaskState, **facts: Any) -> Task:
        return finish(self.connection, task.id, Outcome(state, self.tick(), **facts))


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with database.write() as connection:
        yield Desk(connection)


def test_a_request_is_read_back_as_it_was_asked(desk: Desk) -> None:
    asked = {"palette": {"night": "#001122"}, "seed": 7, "duration_s": 2.5, "negative_prompt": "people"}
    task = desk.ask(3, price_usd=0.25, **asked)
    assert task == get_task(desk.connection, task.id)
    assert (task.state, task.phase, task.percent) == (TaskState.QUEUED, "waiting", 0.0)
    assert {name: getattr(task.request, name) for name in asked} == asked
    assert (task.author, task.priority, task.price_usd, task.queued_at) == ("dora", 10, 0.25, desk.now)


def test_two_clicks_make_one_task_whatever_seed_was_drawn(desk: Desk) -> None:
    assert desk.ask(seed=1) == desk.ask(seed=2)
    assert len(list_tasks(desk.connection)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"segment_id": 2},
        {"stream_id": "other"},
        {"engine": "script"},
        {"image_prompt": "city"},
        {"negative_prompt": "people"},
        {"kind": Kind.VIDEO},
        {"motion_prompt": "pan"},
    ],
)
def test_a_different_request_is_a_task_of_its_own(desk: Desk, other: dict[str, Any]) -> None:
    assert desk.ask(seed=1).id != desk.ask(seed=1, **other).id


def test_a_chosen_seed_tells_requests_apart(desk: Desk) -> None:
    first = desk.ask(seed=1, chosen=True)
    assert desk.ask(seed=2, chosen=True).id != first.id
    assert desk.ask(seed=1, chosen=True).id == first.id


def test_a_closed_task_does_not_stand_in_for_a_new_one(desk: Desk) -> None:
    first = desk.ask()
    desk.end(first, TaskState.FAILED)
    assert desk.ask().id != first.id


def test_a_task_that_is_being_stopped_does_not_stand_in_for_a_new_one(desk: Desk) -> None:
    first = desk.ask()
    desk.run(first)
    request_cancel(desk.connection, first.id, desk.tick())
    assert desk.ask().id != first.id


def test_tasks_are_listed_newest_first_by_stream_and_state(desk: Desk) -> None:
    one, two, three = desk.ask(1), desk.ask(2), desk.ask(1, stream_id="other")
    desk.run(two)
    listed = [task.id for task in list_tasks(desk.connection)]
    assert listed == [three.id, two.id, one.id]
    assert [task.id for task in list_tasks(desk.connection, stream_id="film")] == [two.id, one.id]
    assert [task.id for task in list_tasks(desk.connection, states=[TaskState.RUNNING])] == [two.id]
    assert [task.id for task in list_tasks(desk.connection, limit=1)] == [three.id]


def test_states_are_counted_and_every_state_is_there(desk: Desk) -> None:
    desk.run(desk.ask(1))
    desk.ask(2)
    desk.ask(1, stream_id="other")
    counts = counts_by_state(desk.connection, "film")
    assert counts == dict.fromkeys(TaskState, 0) | {TaskState.QUEUED: 1, TaskState.RUNNING: 1}
    assert counts_by_state(desk.connection)[TaskState.QUEUED] == 2


def test_cancelling_a_queued_task_closes_it(desk: Desk) -> None:
    task = request_cancel(desk.connection, desk.ask().id, desk.tick())
    assert (task.state, task.ended_at) == (TaskState.CANCELLED, desk.now)


def test_cancelling_a_running_task_marks_it_once(desk: Desk) -> None:
    task = desk.run(desk.ask())
    asked_at = desk.tick()
    request_cancel(desk.connection, task.id, asked_at)
    again = request_cancel(desk.connection, task.id, desk.tick())
    assert (again.state, again.cancel_requested_at) == (TaskState.RUNNING, asked_at)
    assert list_cancel_requests(desk.connection) == [task.id]


@pytest.mark.parametrize("state", [TaskState.SUCCEEDED, TaskState.FAILED, TaskState.UNKNOWN])
def test_cancelling_a_closed_task_changes_nothing(desk: Desk, state: TaskState) -> None:
    done = desk.end(desk.run(desk.ask()), state)
    assert request_cancel(desk.connection, done.id, desk.tick()) == done


def test_starting_again_after_an_interruption_begins_at_zero(desk: Desk) -> None:
    task = desk.run(desk.ask())
    report_progress(desk.connection, task.id, "painting", 60)
    again = desk.run(task)
    assert (again.state, again.percent, again.started_at) == (TaskState.RUNNING, 0.0, task.started_at)
    assert "interruption" in again.phase


def test_a_closed_task_cannot_start_or_end_again(desk: Desk) -> None:
    done = desk.end(desk.run(desk.ask()), TaskState.FAILED)
    with pytest.raises(IllegalMoveError):
        desk.run(done)
    with pytest.raises(IllegalMoveError):
        desk.end(done, TaskState.SUCCEEDED)


def test_progress_of_a_task_that_is_not_running_is_dropped(desk: Desk) -> None:
    task = desk.ask()
    report_progress(desk.connection, task.id, "painting", 60)
    assert get_task(desk.connection, task.id) == task


def test_an_outcome_is_recorded_whole(desk: Desk) -> None:
    facts = {"error_code": "engine", "error_message": "no", "phase": "failed while painting"}
    done = desk.end(desk.run(desk.ask()), TaskState.FAILED, **facts)
    assert (done.error_code, done.error_message, done.phase) == ("engine", "no", "failed while painting")
    assert done.ended_at == desk.now


def test_a_task_that_does_not_exist_is_refused(desk: Desk) -> None:
    assert find_task(desk.connection, "t_none") is None
    for use in (get_task, lambda connection, task_id: request_cancel(connection, task_id, NOW)):
        with pytest.raises(NotFoundError):
            use(desk.connection, "t_none")


def test_open_tasks_after_a_given_one_come_oldest_first(desk: Desk) -> None:
    one, two, three = desk.ask(1), desk.ask(2), desk.ask(3)
    desk.end(two, TaskState.FAILED)
    rows = list_open_after(desk.connection, 0)
    assert [task.id for _, task in rows] == [one.id, three.id]
    assert list_open_after(desk.connection, rows[-1][0]) == []


def test_a_page_shows_the_running_task_else_the_first_in_line(desk: Desk) -> None:
    first, second = desk.ask(1), desk.ask(1, image_prompt="city")
    shown = open_tasks_by_asset(desk.connection, "film")
    assert shown[1, Kind.KEYFRAME].id == first.id
    desk.run(second)
    shown = open_tasks_by_asset(desk.connection, "film")
    assert shown[1, Kind.KEYFRAME].id == second.id


def test_a_page_shows_the_latest_failure_until_something_newer_is_there(desk: Desk) -> None:
    failed = desk.end(desk.run(desk.ask(1)), TaskState.FAILED)
    assert open_tasks_by_asset(desk.connection, "film")[1, Kind.KEYFRAME].id == failed.id
    asset_id = find_asset_id(desk.connection, "film", 1, Kind.KEYFRAME)
    assert asset_id is not None
    version = add_version(
        desk.connection, asset_id, NewVersion("a" * 64, ".png", 1, Origin.FOUND, desk.tick())
    )
    set_current(desk.connection, asset_id, version.id)
    assert open_tasks_by_asset(desk.connection, "film") == {}


def test_a_page_does_not_show_a_failure_before_a_later_task(desk: Desk) -> None:
    desk.end(desk.run(desk.ask(1)), TaskState.FAILED)
    request_cancel(desk.connection, desk.ask(1).id, desk.tick())
    assert open_tasks_by_asset(desk.connection, "film") == {}


def test_attempts_are_numbered_and_open_until_they_are_closed(desk: Desk) -> None:
    task = desk.run(desk.ask(price_usd=0.5))
    first, second = (open_attempt(desk.connection, task, desk.tick()) for _ in range(2))
    assert (first, second) == (f"{task.id}:1", f"{task.id}:2")
    close_attempt(desk.connection, first, state="interrupted", ended_at=desk.tick())
    assert list_unclosed_attempts(desk.connection, task.id) == [second]


def test_money_counts_bills_then_estimates_then_what_still_waits(desk: Desk) -> None:
    billed = open_attempt(desk.connection, desk.run(desk.ask(1, price_usd=0.5)), desk.tick())
    close_attempt(desk.connection, billed, state="succeeded", ended_at=desk.tick(), billed_usd=0.3)
    open_attempt(desk.connection, desk.run(desk.ask(2, price_usd=0.5)), desk.tick())
    tomorrow = desk.tick()
    desk.ask(3, price_usd=0.5)
    desk.ask(1, stream_id="other", price_usd=2.0)
    assert committed_usd(desk.connection, stream_id="film") == pytest.approx(1.3)
    assert committed_usd(desk.connection) == pytest.approx(3.3)
    assert committed_usd(desk.connection, since=tomorrow) == pytest.approx(2.5)


def test_money_of_a_task_that_never_began_is_free_again(desk: Desk) -> None:
    request_cancel(desk.connection, desk.ask(price_usd=0.5).id, desk.tick())
    assert committed_usd(desk.connection) == 0.0
