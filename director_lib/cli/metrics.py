"""``director metrics``: the same numbers as on the metrics page, and the rows behind them as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from director_lib.cli.default_command import group_with_default
from director_lib.cli.output import print_json, print_table
from director_lib.errors import InputError
from director_lib.workbench import Workbench
from director_lib.workbench.frame_files import FrameFiles

app = typer.Typer(
    cls=group_with_default("show"),
    invoke_without_command=True,
    help="The studio's numbers: shown, or as files for other programs.",
)


@app.callback()
def metrics() -> None:
    """Show the numbers of the whole studio, or of STREAM; “metrics show” in full."""


@app.command("export")
def export(
    frame: Annotated[
        str,
        typer.Argument(help="Frame: decisions, versions, tasks, bills, checkpoints, variants or reviews."),
    ],
    stream: Annotated[str | None, typer.Option(help="Stream id; the whole studio without it.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The new file, or a folder for it; this folder without it.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="csv or parquet; else what the file's ending says, else csv."),
    ] = None,
) -> None:
    """Write a frame's rows into a new file for other programs, and print its path."""
    target = _target(frame, stream, out, form)
    with Workbench.open() as workbench:
        if stream is not None:
            workbench.streams.get(stream)
        typer.echo(str(FrameFiles(workbench.insight).save(frame, target, stream)))


def _target(frame: str, stream: str | None, out: Path | None, form: str | None) -> Path:
    out = out or Path()
    if not out.is_dir() and out.suffix:
        if form is not None and out.suffix != f".{form}":
            raise InputError(f"“{out.name}” does not end in .{form}. Nothing was written.")
        return out
    return out / f"{f'{stream}_' if stream else ''}{frame}.{form or 'csv'}"


@app.command("show")
def show(
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


@app.command("check")
def check(
    no_rebuild: Annotated[
        bool, typer.Option("--no-rebuild", help="Only tell; leave counts that are wrong as they are.")
    ] = False,
) -> None:
    """Compare the counts behind the metrics page with the decisions; count anew what is wrong.

    Made for every night. The exit code is 1 when something was wrong.
    """
    with Workbench.open() as workbench:
        found = workbench.insight.check_counts(may_rebuild=not no_rebuild, tell=_tell)
    if found.is_right:
        typer.echo("The counts are right.")
        return
    rows = [(each.table, str(each.n_rows), each.example) for each in found.differences]
    print_table(("table", "wrong rows", "for example"), rows)
    typer.echo(
        "They were counted anew." if found.was_rebuilt else "Nothing was changed; “director metrics rebuild”."
    )
    raise typer.Exit(1)


@app.command("rebuild")
def rebuild() -> None:
    """Count everything behind the metrics page anew; people can go on deciding meanwhile."""
    with Workbench.open() as workbench:
        workbench.insight.rebuild_counts(_tell)
    typer.echo("Everything is counted.")


def _tell(done: int, n_steps: int) -> None:
    typer.echo(f"step {done} of {n_steps}", err=True)
