"""How the studio stands, counted on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.task import PRIORITY_BATCH, Task, TaskState
from director_lib.errors import PermissionDeniedError
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tasks import Outcome, finish
from director_lib.tasks.presence import claim_presence
from director_lib.workbench.operations import IDLE_AFTER, STUCK_AFTER, Operations, Standing, free_bytes
from tests.intake.studio import Studio, request_of

ADMIN = Actor("cleo", Role.ADMIN)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


def standing(studio: Studio) -> Standing:
    return Operations(studio.database, studio.settings, studio.clock).standing(ADMIN)


def queue(studio: Studio, task_id: str, engine: str = "local", price_usd: float = 0.0) -> Task:
    request = request_of(1, engine=engine, seed=sum(task_id.encode()))
    new = NewTask(task_id, request, "dora", price_usd, PRIORITY_BATCH, studio.clock(), seed_is_chosen=True)
    with studio.database.write() as connection:
        return enqueue(connection, new)[0]


def close(studio: Studio, task: Task, state: TaskState) -> None:
    with studio.database.write() as connection:
        finish(connection, task.id, Outcome(state, studio.clock()))


def attempt(studio: Studio, task: Task, **bill: object) -> None:
    with studio.database.write() as connection:
        tag = open_attempt(connection, task, studio.clock())
        if bill:
            close_attempt(connection, tag, ended_at=studio.clock(), **bill)


@contextmanager
def served(settings: Settings, studio: Studio) -> Iterator[None]:
    lock = claim_presence(settings, studio.database, studio.clock())
    yield
    lock.release()


def test_an_empty_studio_has_nothing_to_tell(studio: Studio) -> None:
    found = standing(studio)
    assert found.tasks == {}
    assert (found.running, found.stuck, found.oldest_waiting_s) == ((), [], 0.0)
    assert (found.spent_today_usd, found.committed_today_usd) == (0.0, 0.0)
    assert (found.worker_is_alive, found.is_idle_too_long) == (False, False)
    assert found.n_streams == 1
    assert found.database_bytes > 0


def test_tasks_are_counted_by_engine_and_state(studio: Studio) -> None:
    queue(studio, "t_a")
    queue(studio, "t_b", engine="google")
    close(studio, studio.running_task(), TaskState.SUCCEEDED)
    found = standing(studio)
    assert found.tasks["local", TaskState.QUEUED] == found.tasks["google", TaskState.QUEUED] == 1
    assert found.tasks["double", TaskState.SUCCEEDED] == 1
    assert found.tasks["double", TaskState.QUEUED] == 0
    assert found.count(TaskState.QUEUED) == 2


def test_the_longest_wait_is_told_and_is_never_negative(studio: Studio) -> None:
    queue(studio, "t_a")
    queue(studio, "t_b")
    studio.now += 2 * MINUTE
    assert 120 < standing(studio).oldest_waiting_s < 130
    studio.now -= timedelta(days=1)
    assert standing(studio).oldest_waiting_s == 0.0


@pytest.mark.parametrize("state", [TaskState.FAILED, TaskState.UNKNOWN])
def test_failures_count_for_an_hour(studio: Studio, state: TaskState) -> None:
    close(studio, studio.running_task(), state)
    close(studio, studio.running_task(), TaskState.CANCELLED)
    assert standing(studio).recent_failures == {"double": 1}
    studio.now += 61 * MINUTE
    assert standing(studio).recent_failures == {}


def test_money_is_what_was_billed_and_what_may_still_come(studio: Studio) -> None:
    attempt(studio, queue(studio, "t_a", price_usd=1.0), state="succeeded", billed_usd=0.75)
    attempt(studio, queue(studio, "t_b", price_usd=2.0))
    queue(studio, "t_c", price_usd=4.0)
    found = standing(studio)
    assert found.spent_today_usd == pytest.approx(2.75)
    assert found.committed_today_usd == pytest.approx(6.75)
    studio.now += timedelta(days=1)
    assert standing(studio).spent_today_usd == 0.0


def test_a_task_is_stuck_when_its_latest_attempt_runs_for_long(studio: Studio) -> None:
    task = studio.running_task()
    attempt(studio, task, state="interrupted")
    studio.now += STUCK_AFTER + MINUTE
    assert [stuck.task_id for stuck in standing(studio).stuck] == [task.id]
    attempt(studio, task)
    assert standing(studio).stuck == []


def test_a_worker_that_takes_nothing_is_noticed(studio: Studio, settings: Settings) -> None:
    queue(studio, "t_a")
    studio.now += IDLE_AFTER + MINUTE
    assert not standing(studio).is_idle_too_long
    with served(settings, studio):
        assert standing(studio).worker_is_alive
        assert standing(studio).is_idle_too_long
        studio.running_task()
        assert not standing(studio).is_idle_too_long


def test_a_streams_folder_that_is_away_leaves_the_rest_readable(studio: Studio) -> None:
    studio.root.root.rename(studio.root.root.with_name("away"))
    found = standing(studio)
    assert found.n_streams is None
    assert found.free_bytes.keys() == {"data", "streams"}


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.PRODUCER, Role.ANALYST, Role.VIEWER])
def test_only_admins_may_ask(studio: Studio, role: Role) -> None:
    with pytest.raises(PermissionDeniedError):
        Operations(studio.database, studio.settings).standing(Actor("x", role))


def test_room_is_told_for_a_folder_that_is_not_made_yet(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "yet") > 0
