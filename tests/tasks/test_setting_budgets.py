"""Budgets that an admin sets: who may, what is refused, and what holds afterwards."""

from __future__ import annotations

import math

import pytest

from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind
from director_lib.errors import InputError, PermissionDeniedError, RuleError
from director_lib.store.events import list_events, verify_log
from director_lib.workbench.operations import Operations
from director_lib.workbench.tasks import Tasks
from tests.intake.studio import STREAM, Studio
from tests.tasks.asking import tasks_of


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


@pytest.fixture
def admin(studio: Studio) -> Tasks:
    return tasks_of(studio, Role.ADMIN)


def make(studio: Studio, *segment_ids: int) -> int:
    """Queue stills for half a dollar each, as the director; returns how many."""
    result = tasks_of(studio).generate(STREAM, Kind.KEYFRAME, list(segment_ids), engine="till")
    return len(result.queued)


def changes(studio: Studio) -> list[tuple[str, str, dict[str, object]]]:
    """Read who changed budgets, and how, from a timeline that is sound."""
    with studio.database.read() as connection:
        assert verify_log(connection) == []
        events = [event for event in list_events(connection) if event.verb.endswith("_budget")]
    return [(event.verb, event.actor, event.details) for event in reversed(events)]


@pytest.mark.parametrize("scope", ["day", "stream"])
def test_a_change_holds_for_the_next_task_and_the_default_again_after_it(
    studio: Studio, admin: Tasks, scope: str
) -> None:
    admin.set_budget(scope, 1.2)
    with pytest.raises(RuleError, match=r"\$1\.20 is left to spend .*settings page"):
        make(studio, 1, 2, 3)
    assert make(studio, 1, 2) == 2
    with pytest.raises(RuleError, match=r"\$0\.20 is left"):
        make(studio, 3)
    admin.reset_budget(scope)
    assert make(studio, 3) == 1


@pytest.mark.parametrize("scope", ["day", "stream"])
def test_without_a_limit_nothing_is_refused_and_nothing_is_told(
    studio: Studio, admin: Tasks, scope: str
) -> None:
    for each in ("day", "stream"):
        admin.set_budget(each, 0 if each == scope else None)
    with pytest.raises(RuleError):
        make(studio, 1)
    admin.set_budget(scope, None)
    assert make(studio, 1, 2, 3, 4) == 4
    assert admin.spend().alerts == ()


def test_what_is_spent_is_told_beside_what_is_set(studio: Studio, admin: Tasks) -> None:
    make(studio, 1)
    admin.set_budget("day", 0.6)
    admin.set_budget("stream", 0.25)
    found = admin.spend(STREAM)
    assert (found.budget_day_usd, found.budget_stream_usd) == (0.6, 0.25)
    today, on_stream = found.alerts
    assert "of a budget of $0.60: $0.10 is left" in today
    assert "of a budget of $0.25: it is used up" in on_stream
    standing = Operations(studio.database, studio.settings, studio.clock)
    assert standing.standing(Actor("root", Role.ADMIN)).budget_day_usd == 0.6


def test_who_set_it_and_when_is_known_and_recorded(studio: Studio, admin: Tasks) -> None:
    admin.set_budget("day", 5)
    at = studio.now
    ceiling = admin.budgets().day
    assert (ceiling.amount_usd, ceiling.default_usd, ceiling.changed_by) == (5.0, 20.0, "dora")
    assert ceiling.changed_at == at
    admin.set_budget("day", 5.0)
    assert admin.budgets().day.changed_at == at
    admin.set_budget("day", None)
    for _ in range(2):
        admin.reset_budget("day")
    assert changes(studio) == [
        ("set_budget", "dora", {"scope": "day", "before_usd": 20.0, "amount_usd": 5.0}),
        ("set_budget", "dora", {"scope": "day", "before_usd": 5.0, "amount_usd": None}),
        ("reset_budget", "dora", {"scope": "day", "before_usd": None, "amount_usd": 20.0}),
    ]


def test_a_default_that_is_set_stays_when_the_settings_change(studio: Studio, admin: Tasks) -> None:
    admin.set_budget("day", 20)
    assert admin.budgets().day.is_set
    assert tasks_of(studio, budget_day_usd=1.0).budgets().day.amount_usd == 20
    assert tasks_of(studio, budget_stream_usd=1.0).budgets().stream.amount_usd == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_admin_changes_budgets_and_everybody_sees_them(studio: Studio, role: Role) -> None:
    tasks = tasks_of(studio, role)
    with pytest.raises(PermissionDeniedError):
        tasks.set_budget("day", 5)
    with pytest.raises(PermissionDeniedError):
        tasks.reset_budget("day")
    assert not tasks.budgets().day.is_set
    assert changes(studio) == []


@pytest.mark.parametrize("amount_usd", [-1, math.nan, math.inf, 1e9, 0.005])
def test_an_amount_that_makes_no_sense_changes_nothing(
    studio: Studio, admin: Tasks, amount_usd: float
) -> None:
    admin.set_budget("day", 5)
    with pytest.raises(InputError, match="Nothing was changed"):
        admin.set_budget("day", amount_usd)
    for refused in (lambda: admin.set_budget("week", 5), lambda: admin.reset_budget("week")):
        with pytest.raises(InputError, match="no budget “week”"):
            refused()
    assert admin.budgets().day.amount_usd == 5
    assert len(changes(studio)) == 1
