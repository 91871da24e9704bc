from __future__ import annotations

import pytest

from director_lib.domain.people import Role
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import InputError, PermissionDeniedError, RuleError
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.events import list_events
from director_lib.store.tasks import Outcome, committed_usd, finish, open_tasks_by_asset, start
from tests.intake.studio import STREAM, Studio
from tests.tasks.asking import end, generate, tasks_of


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


def lose(studio: Studio, segment_id: int = 3, *, closed: bool = False, remote_id: str | None = None) -> Task:
    """Queue a paid still and lose the answer of its call."""
    [task] = tasks_of(studio).generate(STREAM, Kind.KEYFRAME, [segment_id], engine="till").queued
    with studio.database.write() as connection:
        start(connection, task.id, studio.clock())
        tag = open_attempt(connection, task, studio.clock())
        if remote_id is not None:
            close_attempt(connection, tag, remote_id=remote_id)
        if closed:
            close_attempt(connection, tag, state="unknown", ended_at=studio.clock())
        return finish(connection, task.id, Outcome(TaskState.UNKNOWN, studio.clock()))


def committed(studio: Studio) -> float:
    with studio.database.read() as connection:
        return committed_usd(connection)


@pytest.mark.parametrize("closed", [False, True])
def test_an_unknown_outcome_is_listed_with_what_can_be_done(studio: Studio, closed: bool) -> None:
    task = lose(studio, closed=closed, remote_id="job-7")
    [outcome] = tasks_of(studio).unknown()
    assert (outcome.task.id, outcome.provider, outcome.remote_id) == (task.id, "till", "job-7")
    assert (outcome.price_usd, outcome.tried_at < studio.now) == (0.5, True)
    assert "Look for the job job-7 in the till account" in outcome.advice
    assert "about $0.50 is then spent" in outcome.advice
    assert tasks_of(studio).unknown("nowhere") == []


def test_without_an_id_the_advice_says_when_the_call_was_made(studio: Studio) -> None:
    lose(studio)
    [outcome] = tasks_of(studio).unknown(STREAM)
    assert f"for a call at {outcome.tried_at:%Y-%m-%d %H:%M:%S} UTC" in outcome.advice


def test_a_task_that_failed_or_runs_is_no_unknown_outcome(studio: Studio) -> None:
    [failed] = generate(studio, 3).queued
    end(studio, failed, TaskState.FAILED)
    [runs] = tasks_of(studio).generate(STREAM, Kind.KEYFRAME, [4], engine="till").queued
    with studio.database.write() as connection:
        open_attempt(connection, start(connection, runs.id, studio.clock()), studio.clock())
    assert tasks_of(studio).unknown() == []


@pytest.mark.parametrize(("was_made", "spent_usd"), [(True, 0.5), (False, 0.0)])
def test_a_settled_outcome_costs_what_was_found_and_is_listed_no_more(
    studio: Studio, was_made: bool, spent_usd: float
) -> None:
    task = lose(studio)
    assert committed(studio) == pytest.approx(0.5)
    tasks = tasks_of(studio)
    assert tasks.settle(task.id, was_made, "saw it in the account").state is TaskState.UNKNOWN
    assert committed(studio) == pytest.approx(spent_usd)
    assert tasks.unknown() == []
    assert tasks.get(task.id).state is TaskState.UNKNOWN
    with studio.database.read() as connection:
        event, *_ = list_events(connection)
    assert (event.verb, event.actor, event.segment_id) == ("settled", "dora", 3)
    assert event.details == {"task_id": task.id, "was_made": was_made, "note": "saw it in the account"}


def test_the_bill_that_was_found_wins_over_the_estimate(studio: Studio) -> None:
    task = lose(studio)
    tasks_of(studio).settle(task.id, was_made=True, billed_usd=0.35)
    assert committed(studio) == pytest.approx(0.35)


def test_only_an_unsettled_outcome_needs_attention(studio: Studio) -> None:
    task = lose(studio)
    place = (3, Kind.KEYFRAME)
    with studio.database.read() as connection:
        assert open_tasks_by_asset(connection, STREAM)[place].id == task.id
    tasks_of(studio).settle(task.id, was_made=False)
    with studio.database.read() as connection:
        assert place not in open_tasks_by_asset(connection, STREAM)


def test_a_settled_outcome_is_not_settled_again(studio: Studio) -> None:
    task = lose(studio)
    tasks = tasks_of(studio)
    tasks.settle(task.id, was_made=True)
    with pytest.raises(RuleError, match="no outcome to settle"):
        tasks.settle(task.id, was_made=False)
    assert committed(studio) == pytest.approx(0.5)
    [queued] = generate(studio, 4).queued
    with pytest.raises(RuleError, match="is queued"):
        tasks.settle(queued.id, was_made=True)


@pytest.mark.parametrize(("was_made", "usd"), [(True, -0.1), (False, 0.5)])
def test_a_price_that_makes_no_sense_is_refused(studio: Studio, was_made: bool, usd: float) -> None:
    task = lose(studio)
    with pytest.raises(InputError, match="price"):
        tasks_of(studio).settle(task.id, was_made, billed_usd=usd)
    assert len(tasks_of(studio).unknown()) == 1


def test_settling_queues_nothing_and_a_retry_is_a_new_task(studio: Studio) -> None:
    task = lose(studio)
    tasks = tasks_of(studio)
    tasks.settle(task.id, was_made=False)
    assert tasks.queue() == []
    assert tasks.retry(task.id).id != task.id
    assert committed(studio) == pytest.approx(0.5)


def test_a_viewer_looks_but_does_not_settle(studio: Studio) -> None:
    task = lose(studio)
    tasks = tasks_of(studio, Role.VIEWER)
    assert len(tasks.unknown()) == 1
    with pytest.raises(PermissionDeniedError):
        tasks.settle(task.id, was_made=True)
