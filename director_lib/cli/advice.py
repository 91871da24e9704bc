"""``director advice``: what earlier decisions say about phrases, engines and models."""

from __future__ import annotations

from typing import Annotated

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.domain.how_many import how_many
from director_lib.workbench import Workbench

_MOST_ROWS = 40


def advice(
    learn: Annotated[bool, typer.Option("--learn", help="Learn anew first, here and now.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what was learned from decisions: phrases and models, with counts, intervals and effects."""
    from director_lib.advice.saying import NEEDED, counted, odds

    with Workbench.open() as workbench:
        facts = workbench.advice.learn() if learn else workbench.advice.facts()
    if as_json:
        print_json(facts)
        return
    if not facts:
        typer.echo("Nothing was learned yet. The worker does it by itself; --learn does it now.")
        return
    enough = "" if facts["is_enough"] else f" Not enough data: effects need about {NEEDED}."
    typer.echo(f"Learned from {how_many(facts['n_attempts'], 'judged attempt')}.{enough}\n")
    makers = [one | {"phrase": f"{one['engine']} {one['model']}".strip()} for one in facts["makers"]]
    rows = [(one["phrase"], counted(one), odds(one), one["verdict"]) for one in [*facts["phrases"], *makers]]
    print_table(("phrase or model", "counted", "adjusted effect", "verdict"), rows[:_MOST_ROWS])
