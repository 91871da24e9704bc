"""``director archive``: move old versions into the archive, bring them back, look whether they are whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.delivery.archive_moving import MoveReport
from director_lib.domain.archive_policy import ArchivePlan
from director_lib.domain.how_many import how_many
from director_lib.domain.version import Kind
from director_lib.errors import StorageError
from director_lib.workbench import Workbench

app = typer.Typer(help="Archive old versions, bring them back, look whether the archive is whole.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
To = Annotated[str, typer.Option("--to", help="Another archive than DIRECTOR_ARCHIVE_URL.")]


@app.callback(invoke_without_command=True)
def archive(
    context: typer.Context,
    keep: Annotated[int | None, typer.Option(help="How many of the newest versions stay.")] = None,
    to: To = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be archived.")] = False,
    as_json: Json = False,
) -> None:
    """Archive every version that is old and that nothing needs."""
    if context.invoked_subcommand is not None:
        return
    with Workbench.open() as workbench:
        if dry_run:
            _show_plan(workbench.archive.plan(keep), as_json=as_json)
        else:
            _finish(workbench.archive.run(_quiet, keep=keep, url=to), "archived", as_json=as_json)


@app.command("list")
def list_files(as_json: Json = False) -> None:
    """List what lies in archives, the latest first."""
    with Workbench.open() as workbench:
        files = workbench.archive.list()
    if as_json:
        print_json([asdict(file) for file in files])
        return
    rows = [
        (
            f"{file.sha256[:12]}{file.extension}",
            f"{file.size_bytes / 1e6:.1f} MB",
            f"{file.archived_at:%Y-%m-%d %H:%M}",
            file.archived_by,
            "archive" if file.purged_at else "archive, trash" if file.trashed_at else "archive, here",
            file.place,
        )
        for file in files
    ]
    print_table(("file", "size", "archived (UTC)", "by", "where", "archive"), rows)


@app.command("bring-back")
def bring_back(
    stream: Annotated[str, typer.Argument(help="Stream id.")],
    segment: Annotated[int, typer.Argument(help="Segment number.")],
    kind: Annotated[Kind, typer.Argument(help="keyframe or video.")],
    number: Annotated[list[int], typer.Argument(help="Version numbers.")],
    to: To = "",
    as_json: Json = False,
) -> None:
    """Bring versions' files back; their copies in the archive stay."""
    with Workbench.open() as workbench:
        ids = [workbench.versions.get(stream, segment, kind, one).id for one in number]
        _finish(workbench.archive.bring_back_now(ids, _quiet, url=to), "brought back", as_json=as_json)


@app.command("verify")
def verify(to: To = "", as_json: Json = False) -> None:
    """Read every copy in the archive and compare its digest."""
    with Workbench.open() as workbench:
        _finish(workbench.archive.verify(_quiet, url=to), "whole in the archive", as_json=as_json)


def _show_plan(plan: ArchivePlan, *, as_json: bool) -> None:
    if as_json:
        held = {reason.name.lower(): count for reason, count in plan.held.items()}
        print_json({"files": len(plan.items), "size_bytes": plan.size_bytes, "held": held})
        return
    typer.echo(
        f"{how_many(len(plan.items), 'file')} would be archived ({plan.size_bytes / 1e6:,.1f} MB). "
        "Nothing was moved."
    )
    for reason, count in plan.held.items():
        typer.echo(f"  {how_many(count, 'version stays', 'versions stay')}: {reason.value}")


def _finish(report: MoveReport, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(report))
    else:
        typer.echo(
            f"{how_many(report.n_files, 'file is', 'files are')} {what} ({report.size_bytes / 1e6:,.1f} MB)."
        )
        for trouble in report.troubles:
            typer.echo(f"  {trouble}", err=True)
    if report.troubles:
        raise StorageError(f"{how_many(len(report.troubles), 'file')} could not be {what}. Nothing was lost.")


def _quiet(_doing: str, _percent: float) -> None:
    """Say nothing on the way: a command's output is its outcome."""
