"""Budgets as they are kept, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from director_lib.config import Settings
from director_lib.domain.budget import BudgetScope
from director_lib.store.budgets import SetBudget, list_budgets, put_budget, remove_budget
from director_lib.store.database import Database
from director_lib.tasks.budget import Ceiling, read_ceilings

AT = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)
DAY = SetBudget(BudgetScope.DAY, 12.5, "root", AT)


def test_a_budget_is_kept_with_who_set_it_and_replaced_by_the_next(database: Database) -> None:
    stream = SetBudget(BudgetScope.STREAM, None, "cleo", AT)
    with database.write() as connection:
        put_budget(connection, DAY)
        put_budget(connection, stream)
    with database.read() as connection:
        assert list_budgets(connection) == {BudgetScope.DAY: DAY, BudgetScope.STREAM: stream}
    higher = replace(DAY, amount_usd=40.0, changed_by="cleo")
    with database.write() as connection:
        put_budget(connection, higher)
        assert list_budgets(connection)[BudgetScope.DAY] == higher


def test_a_budget_is_removed_once(database: Database) -> None:
    with database.write() as connection:
        put_budget(connection, DAY)
        assert [remove_budget(connection, scope) for scope in BudgetScope] == [True, False]
        assert not remove_budget(connection, BudgetScope.DAY)
        assert list_budgets(connection) == {}


def test_what_is_set_wins_over_the_settings(database: Database, settings: Settings) -> None:
    with database.write() as connection:
        usual = read_ceilings(connection, settings)
        assert (usual.day.amount_usd, usual.stream.amount_usd) == (20.0, 50.0)
        assert not usual.day.is_set
        put_budget(connection, DAY)
        put_budget(connection, replace(DAY, scope=BudgetScope.STREAM, amount_usd=None))
        now = read_ceilings(connection, settings)
    assert now.day == Ceiling(12.5, 20.0, "root", AT)
    assert (now.stream.amount_usd, now.stream.default_usd, now.stream.is_set) == (None, 50.0, True)
