from __future__ import annotations

from datetime import timedelta

import pytest

from director_lib.domain.people import Role
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.spend import Money
from director_lib.store.tasks import Outcome, committed_usd, finish, start
from tests.intake.studio import STREAM, Studio, write_clip
from tests.tasks.asking import approve, tasks_of


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


def queue(studio: Studio, segment_id: int) -> Task:
    return tasks_of(studio).generate(STREAM, Kind.KEYFRAME, [segment_id], engine="till").queued[0]


def attempt(studio: Studio, segment_id: int, **facts: object) -> str:
    """Queue a still for half a dollar and try it; with facts, the attempt has ended."""
    task = queue(studio, segment_id)
    with studio.database.write() as connection:
        start(connection, task.id, studio.clock())
        tag = open_attempt(connection, task, studio.clock())
        if facts:
            close_attempt(connection, tag, ended_at=studio.clock(), **facts)
    return tag.partition(":")[0]


def lose(studio: Studio, segment_id: int) -> None:
    task_id = attempt(studio, segment_id)
    with studio.database.write() as connection:
        finish(connection, task_id, Outcome(TaskState.UNKNOWN, studio.clock()))


def test_nothing_spent_is_nothing(studio: Studio) -> None:
    found = tasks_of(studio).spend()
    assert (found.total, found.today, found.alerts) == (Money(), Money(), ())
    assert (found.per_approved_s_usd, found.by_stream) == (None, {})


def test_money_is_told_apart_by_how_well_it_is_known(studio: Studio) -> None:
    attempt(studio, 1, state="succeeded", billed_usd=0.3)
    attempt(studio, 2)
    lose(studio, 3)
    queue(studio, 4)
    found = tasks_of(studio).spend(STREAM)
    assert found.total == found.today == Money(billed_usd=0.3, estimated_usd=0.5, unknown_usd=0.5)
    assert found.total.total_usd == pytest.approx(1.3)
    assert found.promised_usd == found.promised_today_usd == pytest.approx(0.5)
    assert found.by_segment == {1: Money(0.3), 2: Money(0.0, 0.5), 3: Money(0.0, 0.0, 0.5)}
    assert tasks_of(studio).spend().by_stream == {STREAM: found.total}


def test_what_the_budget_is_held_against_is_what_is_told(studio: Studio) -> None:
    attempt(studio, 1, state="failed", billed_usd=0.1)
    attempt(studio, 2, state="busy", billed_usd=0.0)
    lose(studio, 3)
    found = tasks_of(studio).spend(STREAM)
    with studio.database.read() as connection:
        committed = committed_usd(connection, stream_id=STREAM)
    assert found.total.total_usd + found.promised_usd == pytest.approx(committed)


def test_an_attempt_that_was_put_off_leaves_its_price_promised(studio: Studio) -> None:
    attempt(studio, 1, state="busy", billed_usd=0.0)
    with studio.database.read() as connection:
        assert committed_usd(connection) == pytest.approx(0.5)
    assert tasks_of(studio).spend().promised_usd == pytest.approx(0.5)


def test_yesterdays_money_is_not_todays(studio: Studio) -> None:
    attempt(studio, 1, state="succeeded", billed_usd=0.3)
    studio.now += timedelta(days=1)
    found = tasks_of(studio).spend()
    assert (found.total, found.today) == (Money(0.3), Money())


def test_an_approved_second_costs_everything_that_was_thrown_away(studio: Studio) -> None:
    for segment_id in (1, 2, 3):
        attempt(studio, segment_id, state="failed", billed_usd=0.5)
    write_clip(studio.folder / "videos" / "segment_1.mp4", frames=48)
    studio.scan()
    assert tasks_of(studio).spend(STREAM).per_approved_s_usd is None
    approve(studio, 1, Kind.VIDEO)
    found = tasks_of(studio).spend(STREAM)
    assert found.approved_s == pytest.approx(2.0, abs=0.05)
    assert found.per_approved_s_usd == pytest.approx(1.5 / found.approved_s)


@pytest.mark.parametrize(
    ("day_usd", "stream_usd", "words"),
    [
        (1.26, 50.0, []),
        (
            1.25,
            50.0,
            ["$0.50 is spent and $0.50 promised to open tasks today, of a budget of $1.25: $0.25 is"],
        ),
        (1.0, 50.0, ["today, of a budget of $1.00: it is used up, and what costs money is refused"]),
        (50.0, 1.0, [f"on {STREAM}, of a budget of $1.00: it is used up"]),
        (1.1, 1.2, ["today", f"on {STREAM}"]),
    ],
)
def test_budgets_that_are_nearly_used_up_are_told(
    studio: Studio, day_usd: float, stream_usd: float, words: list[str]
) -> None:
    attempt(studio, 1)
    queue(studio, 2)
    tasks = tasks_of(studio, budget_day_usd=day_usd, budget_stream_usd=stream_usd)
    for found in (tasks.spend(), tasks.spend(STREAM)):
        assert len(found.alerts) == len(words)
        assert all(part in alert for part, alert in zip(words, found.alerts, strict=True))


def test_a_budget_of_nothing_is_no_news_while_nothing_is_spent(studio: Studio) -> None:
    assert tasks_of(studio, budget_day_usd=0.0, budget_stream_usd=0.0).spend(STREAM).alerts == ()


def test_a_viewer_may_know_what_it_costs(studio: Studio) -> None:
    assert tasks_of(studio, Role.VIEWER).spend(STREAM).stream_id == STREAM
