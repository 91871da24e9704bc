"""``director report``: a stream's report or the studio's week, as HTML and PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from director_lib.cli.batch import ending_well
from director_lib.workbench import Workbench

_WEEKLY = ("weekly", "weekly_studio_report")


def report(
    what: Annotated[
        str, typer.Argument(metavar="STREAM", help="Stream id, or “weekly” for the whole studio.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path(),
    week: Annotated[
        str,
        typer.Option(help="Of the weekly report: year and ISO week, like 2026-W46; else the last whole one."),
    ] = "",
) -> None:
    """Write a stream's report, or the studio's week, as HTML and PDF, and print their paths."""
    from director_lib.batch import write_report, write_weekly_report  # they load pandas

    with ending_well(), Workbench.open() as workbench:
        is_weekly = what in _WEEKLY and what not in workbench.streams.list_ids()
        if week and not is_weekly:
            raise typer.BadParameter("“--week” belongs to the weekly report: director report weekly.")
        if is_weekly:
            paths = write_weekly_report(workbench, week, out, progress=True)
        else:
            paths = write_report(workbench, what, out, progress=True)
    for path in paths:
        typer.echo(str(path))
