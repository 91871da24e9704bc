"""``director export``: take a stream's work out of the studio."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from director_lib.cli.output import print_json
from director_lib.domain.export import EXPORT_FORMS, ExportKind
from director_lib.errors import InputError
from director_lib.workbench import Workbench

_MB = 1e6


def export(
    stream: Annotated[str, typer.Argument(help="Stream id.")],
    what: Annotated[ExportKind, typer.Option(help="What to export.")] = ExportKind.ALL,
    out: Annotated[
        Path, typer.Option(help="A new file, whose ending says its form, or a folder.", show_default="here")
    ] = Path(),
    segments: Annotated[str, typer.Option(help="Only these segments, like 1,3,7.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write stills, clips, every version, spec, report, remarks, timeline or all of it into one file."""
    with Workbench.open() as workbench:
        workbench.streams.scan(stream)
        file = workbench.exports.save(stream, what, out, segment_ids=read_segments(segments))
    size_bytes = file.stat().st_size
    if as_json:
        print_json({"file": str(file), "what": what.value, "size_bytes": size_bytes})
    else:
        typer.echo(f"{file} has {EXPORT_FORMS[what].words} ({size_bytes / _MB:,.1f} MB).")


def read_segments(given: str) -> list[int] | None:
    """Read a list of segment numbers; None for all of them.

    Raises:
        InputError: It is no such list.
    """
    if not given.strip():
        return None
    try:
        return [int(number) for number in given.split(",")]
    except ValueError:
        raise InputError(f"“{given[:40]}” is no list of segments. Write their numbers like 1,3,7.") from None
