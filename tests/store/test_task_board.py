"""What the tasks page reads: what runs, what needs somebody, what has ended, and how many of each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.claims import claim
from director_lib.store.database import Database
from director_lib.store.overview import typical_duration_s
from director_lib.store.queue_clearing import cancel_queued_of
from director_lib.store.settlements import Settlement, settle_attempt
from director_lib.store.task_board import (
    count_board,
    count_closed,
    list_broken_tasks,
    list_ended_tasks,
    list_running_tasks,
    list_unmade,
    promised_usd,
    queued_by_stream,
    settled_among,
)
from director_lib.store.tasks import get_task
from tests.store.test_tasks import Desk


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with database.write() as connection:
        yield Desk(connection)


def ids(tasks: list[Task]) -> list[str]:
    return [task.id for task in tasks]


def lose(desk: Desk, task: Task) -> str:
    """Let a task end so that nobody knows whether it was made; returns its attempt's tag."""
    tag = open_attempt(desk.connection, desk.run(task), desk.tick())
    close_attempt(desk.connection, tag, state="unknown", ended_at=None)
    desk.end(task, TaskState.UNKNOWN)
    return tag


def test_every_task_is_in_one_group_and_counted_there(desk: Desk) -> None:
    asked = [desk.ask(number) for number in range(1, 7)]
    for task in asked[1:]:
        desk.run(task)
    for task, state in zip(
        asked[2:],
        (TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED, TaskState.UNKNOWN),
        strict=True,
    ):
        desk.end(task, state)
    counts = count_board(desk.connection)
    assert (counts.queued, counts.running, counts.broken) == (1, 1, 2)
    assert count_closed(desk.connection) == 4
    assert ids(list_running_tasks(desk.connection, 9)) == ["t_2"]
    assert ids(list_broken_tasks(desk.connection, 9)) == ["t_6", "t_4"]
    assert ids(list_ended_tasks(desk.connection, 9)) == ["t_5", "t_3"]


def test_what_was_asked_for_again_needs_nobody_any_more(desk: Desk) -> None:
    failed = desk.run(desk.ask())
    desk.end(failed, TaskState.FAILED)
    assert ids(list_broken_tasks(desk.connection, 9)) == [failed.id]
    again = desk.ask()
    assert list_broken_tasks(desk.connection, 9) == []
    assert count_board(desk.connection).broken == 0
    assert ids(list_ended_tasks(desk.connection, 9)) == [failed.id]
    desk.run(again)
    desk.end(again, TaskState.FAILED)
    assert ids(list_broken_tasks(desk.connection, 9)) == [again.id]


def test_an_unknown_outcome_needs_somebody_until_it_is_settled_whatever_came_later(desk: Desk) -> None:
    lost = desk.ask(price_usd=0.4)
    tag = lose(desk, lost)
    desk.run(again := desk.ask(price_usd=0.4))
    desk.end(again, TaskState.SUCCEEDED)
    assert ids(list_broken_tasks(desk.connection, 9)) == [lost.id]
    assert settled_among(desk.connection, [lost.id]) == set()
    settle_attempt(desk.connection, tag, Settlement(False, 0.0, desk.tick()))
    assert settled_among(desk.connection, [lost.id, again.id]) == {lost.id}
    assert list_broken_tasks(desk.connection, 9) == []
    assert count_board(desk.connection).broken == 0


def test_a_settled_outcome_that_nobody_made_up_for_can_still_be_retried(desk: Desk) -> None:
    lost = desk.ask(price_usd=0.4)
    settle_attempt(desk.connection, lose(desk, lost), Settlement(True, 0.4, desk.tick()))
    assert ids(list_broken_tasks(desk.connection, 9)) == [lost.id]


def test_lists_are_short_and_begin_with_what_is_newest(desk: Desk) -> None:
    for number in range(1, 8):
        task = desk.run(desk.ask(number))
        desk.end(task, TaskState.SUCCEEDED if number % 2 else TaskState.CANCELLED)
    assert ids(list_ended_tasks(desk.connection, 3)) == ["t_7", "t_6", "t_5"]


def test_what_waits_is_counted_by_stream_with_its_price(desk: Desk) -> None:
    for number in range(1, 4):
        desk.ask(number, price_usd=0.1)
    desk.ask(1, stream_id="other", price_usd=0.5)
    desk.run(desk.ask(9, stream_id="third"))
    found = [(one.stream_id, one.count, round(one.price_usd, 6)) for one in queued_by_stream(desk.connection)]
    assert found == [("film", 3, 0.3), ("other", 1, 0.5)]


def test_all_that_waits_of_a_stream_is_cancelled_and_nothing_else(desk: Desk) -> None:
    running = desk.run(desk.ask(1))
    waiting = [desk.ask(number) for number in (2, 3)]
    other = desk.ask(1, stream_id="other")
    found = cancel_queued_of(desk.connection, "film", desk.tick(), "cancelled before it began")
    assert ids(found) == ids(waiting)
    states = [get_task(desk.connection, task.id).state for task in (running, *waiting, other)]
    assert states == [TaskState.RUNNING, TaskState.CANCELLED, TaskState.CANCELLED, TaskState.QUEUED]
    assert get_task(desk.connection, waiting[0].id).ended_at == desk.now


def test_only_tasks_that_succeeded_are_made(desk: Desk) -> None:
    first, second = desk.run(desk.ask(1)), desk.ask(2)
    assert list_unmade(desk.connection, [first.id, second.id]) == {first.id, second.id}
    desk.end(first, TaskState.SUCCEEDED)
    assert list_unmade(desk.connection, [first.id, second.id]) == {second.id}
    assert list_unmade(desk.connection, []) == frozenset()


def test_money_is_promised_to_open_tasks_until_they_are_tried(desk: Desk) -> None:
    desk.ask(1, price_usd=0.25)
    tried = desk.ask(2, price_usd=0.5)
    desk.ask(3)
    assert promised_usd(desk.connection) == pytest.approx(0.75)
    running, _ = claim(desk.connection, "anna", (tried.id, 0), desk.tick())
    assert promised_usd(desk.connection) == pytest.approx(0.75)
    open_attempt(desk.connection, running, desk.tick())
    assert promised_usd(desk.connection) == pytest.approx(0.25)


def test_the_typical_length_is_that_of_the_last_ones_that_ended(desk: Desk) -> None:
    for number in range(1, 24):
        task = desk.run(desk.ask(number))
        for _ in range(9 if number > 3 else 99):
            desk.tick()
        desk.end(task, TaskState.SUCCEEDED)
    assert typical_duration_s(desk.connection, "local", Kind.KEYFRAME) == 10.0
    assert typical_duration_s(desk.connection, "local", Kind.VIDEO) is None
