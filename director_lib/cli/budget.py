"""``director budget show|set|reset``: what may be spent in a day and on a stream."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.domain.budget import BudgetScope
from director_lib.tasks.budget import Ceiling, Ceilings
from director_lib.workbench import Workbench

app = typer.Typer(help="Show and set what may be spent in a day and on a stream.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Scope = Annotated[BudgetScope, typer.Argument(help="day or stream.")]


@app.command("show")
def show(as_json: Json = False) -> None:
    """Print the budgets that hold, and who set them."""
    with Workbench.open() as workbench:
        _print(workbench.tasks.budgets(), as_json)


@app.command("set")
def set_budget(
    scope: Scope,
    usd: Annotated[float | None, typer.Argument(help="Dollars; 0 lets nothing paid start.")] = None,
    unlimited: Annotated[bool, typer.Option("--unlimited", help="Take the limit away.")] = False,
    as_json: Json = False,
) -> None:
    """Set a budget; it holds at once, for whatever is queued from then on."""
    if (usd is None) != unlimited:
        raise typer.BadParameter("Give an amount in dollars or --unlimited.")
    with Workbench.open() as workbench:
        workbench.tasks.set_budget(scope, usd)
        _print(workbench.tasks.budgets(), as_json)


@app.command("reset")
def reset(scope: Scope, as_json: Json = False) -> None:
    """Let the settings' default hold again."""
    with Workbench.open() as workbench:
        workbench.tasks.reset_budget(scope)
        _print(workbench.tasks.budgets(), as_json)


def amount(usd: float | None) -> str:
    """Write a budget as people read it."""
    return "no limit" if usd is None else f"${usd:,.2f}"


def _print(found: Ceilings, as_json: bool) -> None:
    budgets = {scope.value: found.of(scope) for scope in BudgetScope}
    if as_json:
        print_json({scope: asdict(ceiling) for scope, ceiling in budgets.items()})
        return
    rows = [(scope, amount(ceiling.amount_usd), _origin(ceiling)) for scope, ceiling in budgets.items()]
    print_table(("budget", "amount", "set by"), rows)


def _origin(ceiling: Ceiling) -> str:
    if ceiling.changed_by is None:
        return "the settings"
    since = "" if ceiling.changed_at is None else f" {ceiling.changed_at:%Y-%m-%d %H:%M} UTC"
    return f"{ceiling.changed_by}{since}; the settings say {amount(ceiling.default_usd)}"
