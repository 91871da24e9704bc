from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.domain.task import PRIORITY_BATCH, PRIORITY_SINGLE, GenerationRequest, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import NotFoundError, RuleError
from director_lib.store.database import Database
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.queue_order import list_queue, move_task
from director_lib.store.tables import tasks
from director_lib.store.tasks import Outcome, finish, start

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class TakenBackError(Exception):
    """Ends an example, with everything that it wrote."""


def queue(
    connection: sa.Connection, number: int, priority: int = PRIORITY_BATCH, stream_id: str = "film"
) -> str:
    request = GenerationRequest(stream_id, number, Kind.KEYFRAME, "local", f"sea {number}")
    asked_at = NOW + timedelta(seconds=number)
    return enqueue(connection, NewTask(f"t_{number}", request, "dora", 0.0, priority, asked_at))[0].id


def order(connection: sa.Connection) -> list[str]:
    return [task.id for task in list_queue(connection, limit=1000)]


class Model:
    """A queue as a plain list of names and priorities."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, int]] = []

    def enqueue(self, task_id: str, priority: int) -> None:
        place = sum(1 for _, other in self.entries if other <= priority)
        self.entries.insert(place, (task_id, priority))

    def move(self, task_id: str, before: str | None) -> None:
        if before == task_id or len(self.entries) == 1:
            return
        rest = [entry for entry in self.entries if entry[0] != task_id]
        names = [name for name, _ in rest]
        place = len(rest) if before is None else names.index(before)
        priority = rest[-1][1] if before is None else rest[place][1]
        rest.insert(place, (task_id, priority))
        self.entries = rest

    def names(self) -> list[str]:
        return [name for name, _ in self.entries]


queued = st.tuples(st.just("queue"), st.sampled_from([PRIORITY_SINGLE, PRIORITY_BATCH]), st.none())
moved = st.tuples(st.just("move"), st.integers(0, 50), st.none() | st.integers(0, 50))
started = st.tuples(st.just("start"), st.integers(0, 50), st.none())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(queued | moved | moved | started, max_size=40))
def test_any_sequence_of_moves_gives_the_order_of_a_plain_list(
    database: Database, steps: list[tuple[str, int, int | None]]
) -> None:
    model = Model()
    with suppress(TakenBackError), database.write() as connection:
        for number, (act, value, other) in enumerate(steps, 1):
            names = model.names()
            if act == "queue":
                model.enqueue(queue(connection, number, value), value)
            elif names and act == "start":
                gone = names[value % len(names)]
                start(connection, gone, NOW)
                model.entries = [entry for entry in model.entries if entry[0] != gone]
            elif names:
                task_id = names[value % len(names)]
                before = None if other is None else names[other % len(names)]
                model.move(task_id, before)
                move_task(connection, task_id, before)
            assert order(connection) == model.names()
        raise TakenBackError


def test_a_gap_that_was_halved_too_often_is_made_anew(database: Database) -> None:
    with database.write() as connection:
        first, second, third = (queue(connection, number) for number in (1, 2, 3))
        for _ in range(80):
            move_task(connection, second, third)
            move_task(connection, first, third)
            assert order(connection) == [second, first, third]
            move_task(connection, second, third)
            assert order(connection) == [first, second, third]
            move_task(connection, third, None)
        positions = list(connection.scalars(sa.select(tasks.c.position)))
        assert len(set(positions)) == 3
        last = queue(connection, 4)
        assert order(connection) == [first, second, third, last]


def test_tasks_that_never_had_positions_can_be_moved(database: Database) -> None:
    with database.write() as connection:
        for number in (1, 2, 3):
            queue(connection, number)
        connection.execute(tasks.update().values(position=0.0))
        move_task(connection, "t_3", "t_2")
        assert order(connection) == ["t_1", "t_3", "t_2"]


def test_what_is_moved_to_the_end_starts_before_what_is_queued_later(database: Database) -> None:
    with database.write() as connection:
        for number in (1, 2):
            queue(connection, number)
        move_task(connection, "t_1", None)
        move_task(connection, "t_2", None)
        queue(connection, 3)
        assert order(connection) == ["t_1", "t_2", "t_3"]


def test_a_moved_task_takes_the_priority_of_its_new_place(database: Database) -> None:
    with database.write() as connection:
        queue(connection, 1, PRIORITY_SINGLE)
        queue(connection, 2)
        queue(connection, 3)
        assert move_task(connection, "t_3", "t_1").priority == PRIORITY_SINGLE
        assert move_task(connection, "t_1", None).priority == PRIORITY_BATCH
        assert order(connection) == ["t_3", "t_2", "t_1"]


@pytest.mark.parametrize("state", [TaskState.RUNNING, TaskState.SUCCEEDED, TaskState.CANCELLED])
def test_only_queued_tasks_have_a_place(database: Database, state: TaskState) -> None:
    with database.write() as connection:
        for number in (1, 2):
            queue(connection, number)
        start(connection, "t_1", NOW)
        if state is not TaskState.RUNNING:
            finish(connection, "t_1", Outcome(state, NOW))
        for pair in (("t_1", "t_2"), ("t_1", None), ("t_2", "t_1")):
            with pytest.raises(RuleError, match="t_1 .* no place in the queue. Nothing was moved"):
                move_task(connection, *pair)
        with pytest.raises(NotFoundError):
            move_task(connection, "t_2", "t_none")


def test_the_queue_is_read_for_one_stream_and_not_further_than_asked(database: Database) -> None:
    with database.write() as connection:
        for number in (1, 2, 3):
            queue(connection, number, stream_id="film" if number != 2 else "other")
        found = list_queue(connection, stream_id="film")
        assert [task.id for task in found] == ["t_1", "t_3"]
        assert [task.id for task in list_queue(connection, limit=1)] == ["t_1"]
