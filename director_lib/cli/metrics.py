"""``director metrics``: the same numbers as on the metrics page."""

from __future__ import annotations

from typing import Annotated

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.workbench import Workbench


def metrics(
    stream: Annotated[str | None, typer.Argument(help="Stream id; the whole studio without it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show approval, regenerations, times and cost, each with its interval and n."""
    with Workbench.open() as workbench:
        summary = workbench.insight.summary(stream)
    if as_json:
        print_json(summary.payload())
        return
    typer.echo(f"{summary.title}\n")
    rows = [(card.label, card.value, card.interval, card.basis) for card in summary.cards]
    print_table(("metric", "value", "spread", "counted from"), rows)
