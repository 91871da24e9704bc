"""Budgets that an admin has set; where there is none, the settings' default holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.budget import BudgetScope
from director_lib.store.tables import budgets


@dataclass(frozen=True, slots=True)
class SetBudget:
    """A budget as somebody set it.

    Attributes:
        amount_usd: None for no limit.
    """

    scope: BudgetScope
    amount_usd: float | None
    changed_by: str
    changed_at: datetime


def put_budget(connection: sa.Connection, new: SetBudget) -> None:
    """Set a budget, in place of the one that was set before."""
    remove_budget(connection, new.scope)
    row = {"amount_usd": new.amount_usd, "changed_by": new.changed_by, "changed_at": new.changed_at}
    connection.execute(budgets.insert().values(scope=new.scope.value, **row))


def remove_budget(connection: sa.Connection, scope: BudgetScope) -> bool:
    """Let the default hold again.

    Returns:
        Whether one was set.
    """
    return connection.execute(budgets.delete().where(budgets.c.scope == scope.value)).rowcount > 0


def list_budgets(connection: sa.Connection) -> dict[BudgetScope, SetBudget]:
    """Read what is set, by scope."""
    query = sa.select(budgets.c.scope, budgets.c.amount_usd, budgets.c.changed_by, budgets.c.changed_at)
    found = (SetBudget(BudgetScope(row[0]), *row[1:]) for row in connection.execute(query))
    return {budget.scope: budget for budget in found}
