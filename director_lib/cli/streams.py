"""``director streams``: what is there, whether it can be read, and what it looks like on one sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.domain.how_many import how_many
from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.workbench import Workbench
from director_lib.workbench.streams import CheckResult, StreamOverview

app = typer.Typer(help="List and check streams.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_streams(as_json: Json = False) -> None:
    """List every stream with where it stands."""
    with Workbench.open() as workbench:
        overviews = workbench.streams.overviews()
    if as_json:
        print_json([_overview(overview) for overview in overviews])
        return
    rows = [
        (
            overview.id,
            overview.stream.title if overview.stream else "cannot be read",
            f"{overview.approved}/{overview.total}",
            str(overview.undecided),
            str(overview.activity.running),
        )
        for overview in overviews
    ]
    print_table(("stream", "title", "approved", "undecided", "running"), rows)


@app.command("check")
def check_streams(
    stream: Annotated[str | None, typer.Argument(help="Stream id; every stream without it.")] = None,
    as_json: Json = False,
) -> None:
    """Read streams' files and report what is odd or broken; exits with 1 when one cannot be read."""
    with Workbench.open() as workbench:
        ids = [stream] if stream else workbench.streams.list_ids()
        results = [workbench.streams.check(stream_id) for stream_id in ids]
    if as_json:
        print_json([_check(result) for result in results])
    else:
        for result in results:
            typer.echo(_report(result))
    if broken := [result.id for result in results if result.error]:
        raise InputError(f"{len(broken)} cannot be read: {', '.join(broken)}.")


@app.command("contact-sheet")
def contact_sheet(
    stream: Annotated[str, typer.Argument(help="Stream id.")],
    out: Annotated[Path, typer.Option(help="The new file; it ends in .pdf or .png.")],
    kind: Annotated[Kind, typer.Option(help="keyframe or video.")] = Kind.KEYFRAME,
) -> None:
    """Draw every current still or clip of a stream on one sheet, as a PDF or a PNG."""
    with Workbench.open() as workbench:
        workbench.streams.scan(stream)
        sheet = workbench.contact_sheets.save(stream, kind, out)
    typer.echo(f"{sheet} is the contact sheet of {stream}.")


def _overview(overview: StreamOverview) -> dict[str, Any]:
    return {
        "id": overview.id,
        "title": overview.stream.title if overview.stream else None,
        "dialect": overview.stream.dialect if overview.stream else None,
        "segments": len(overview.stream.segments) if overview.stream else None,
        "approved": overview.approved,
        "total": overview.total,
        "undecided": overview.undecided,
        "running": overview.activity.running,
        "spend_usd": overview.activity.spend_usd,
        "checkpoints": {gate.checkpoint.value: gate.state.value for gate in overview.gates},
        "warnings": len(overview.oddities),
        "error": overview.error,
    }


def _check(result: CheckResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "segments": result.n_segments,
        "error": result.error,
        "warnings": [{"file": odd.file, "path": odd.path, "message": odd.message} for odd in result.oddities],
    }


def _report(result: CheckResult) -> str:
    if result.error:
        return f"{result.id}: cannot be read. {result.error}"
    lines = [
        f"{result.id}: {how_many(result.n_segments, 'segment')}, {how_many(len(result.oddities), 'warning')}"
    ]
    lines += [f"  {odd.file} {odd.path}: {odd.message}" for odd in result.oddities]
    return "\n".join(lines)
