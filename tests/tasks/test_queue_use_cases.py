from __future__ import annotations

import pytest

from director_lib.domain.people import Role
from director_lib.domain.task import TaskState
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError, RuleError
from director_lib.store.events import list_events
from director_lib.store.task_lines import add_line
from tests.intake.studio import Studio
from tests.tasks.asking import end, generate, tasks_of


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


def queue_of(studio: Studio) -> list[int]:
    return [task.request.segment_id for task in tasks_of(studio).queue()]


def test_the_queue_is_read_in_the_order_in_which_it_starts(studio: Studio) -> None:
    generate(studio, 3, 4)
    generate(studio, 1)
    assert queue_of(studio) == [1, 3, 4]
    assert tasks_of(studio).queue("nowhere") == []
    assert len(tasks_of(studio).queue(limit=2)) == 2


def test_a_task_is_moved_and_the_timeline_tells_it(studio: Studio) -> None:
    three, four = generate(studio, 3, 4).queued
    tasks = tasks_of(studio)
    assert tasks.move(four.id, three.id).id == four.id
    assert queue_of(studio) == [4, 3]
    tasks.move(four.id, None)
    assert queue_of(studio) == [3, 4]
    with studio.database.read() as connection:
        event, *_ = list_events(connection)
    assert (event.verb, event.actor, event.segment_id) == ("moved_task", "dora", 4)
    assert event.details == {"task_id": four.id, "before_task_id": None}


def test_a_task_that_stays_where_it_is_is_no_news(studio: Studio) -> None:
    three, four = generate(studio, 3, 4).queued
    tasks_of(studio).move(four.id, four.id)
    assert "moved_task" not in studio.verbs()
    assert queue_of(studio) == [3, 4]
    assert three.state is TaskState.QUEUED


def test_a_task_that_has_ended_is_not_moved(studio: Studio) -> None:
    three, four = generate(studio, 3, 4).queued
    end(studio, three, TaskState.FAILED)
    with pytest.raises(RuleError, match="has failed"):
        tasks_of(studio).move(three.id, four.id)
    with pytest.raises(NotFoundError):
        tasks_of(studio).move("t_none", None)


def test_pausing_is_recorded_once_with_who_and_when(studio: Studio) -> None:
    [task] = generate(studio, 3).queued
    tasks = tasks_of(studio)
    for _ in range(2):
        tasks.pause()
        tasks.pause("draw")
    whole, draw = tasks.pauses()
    assert (whole.engine, whole.paused_by, draw.engine) == ("", "dora", "draw")
    assert whole.paused_at < draw.paused_at < studio.now
    assert studio.verbs().count("paused_queue") == 2
    assert tasks.get(task.id).state is TaskState.QUEUED


def test_the_queue_and_its_engines_are_resumed_apart(studio: Studio) -> None:
    tasks = tasks_of(studio)
    tasks.pause()
    tasks.pause("draw")
    tasks.resume()
    tasks.resume()
    assert [pause.engine for pause in tasks.pauses()] == ["draw"]
    tasks.resume("draw")
    assert tasks.pauses() == []
    with studio.database.read() as connection:
        told = [event.details["engine"] for event in list_events(connection) if event.verb == "resumed_queue"]
    assert told == ["draw", ""]


def test_an_engine_that_does_not_exist_is_not_paused(studio: Studio) -> None:
    with pytest.raises(InputError, match="no-such"):
        tasks_of(studio).pause("no-such")
    assert tasks_of(studio).pauses() == []


def test_lines_are_read_from_where_a_reader_stopped(studio: Studio) -> None:
    [task] = generate(studio, 3).queued
    with studio.database.write() as connection:
        for text in ("loading", "step 1"):
            add_line(connection, task.id, text, studio.clock())
    tasks = tasks_of(studio, Role.VIEWER)
    first, second = tasks.lines(task.id)
    assert (first.text, second.text) == ("loading", "step 1")
    assert tasks.lines(task.id, first.id) == [second]
    with pytest.raises(NotFoundError):
        tasks.lines("t_none")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_who_may_not_generate_only_looks(studio: Studio, role: Role) -> None:
    [task] = generate(studio, 3).queued
    tasks = tasks_of(studio, role)
    for act in (lambda: tasks.move(task.id, None), tasks.pause, tasks.resume):
        with pytest.raises(PermissionDeniedError):
            act()
    assert tasks.queue() == [task]
    assert tasks.pauses() == []
