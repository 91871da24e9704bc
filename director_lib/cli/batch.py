"""``director batch`` and ``director report``: notebooks with parameters, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from director_lib.batch import run_notebook, write_report
from director_lib.cli.output import print_json
from director_lib.workbench import Workbench

_WORDS: dict[str, Any] = {"True": True, "False": False, "None": None}


def batch(
    notebook: Annotated[str, typer.Argument(help="A notebook's path, or the name of a batch notebook.")],
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="[VALUE]...", help="The values of -p, in order.", show_default=False),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            "--parameter",
            metavar="NAME VALUE",
            help="Set a parameter; repeatable. NAME=VALUE works too.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; one of its own without it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run a notebook with parameters; prints where the results are."""
    parameters = parse_parameters(names or [], values or [])
    with Workbench.open() as workbench:
        run = run_notebook(workbench, notebook, parameters, out_dir=out, progress=not as_json)
    if as_json:
        print_json(
            {
                "run": run.id,
                "state": run.state,
                "parameters": dict(run.parameters),
                "notebook": str(run.output_path),
                "html": str(run.html_path),
                "duration_s": run.duration_s,
            }
        )
        return
    typer.echo(
        f"{run.notebook.name} {run.state} in {run.duration_s:.1f} s\n{run.output_path}\n{run.html_path}"
    )


def report(
    stream: Annotated[str, typer.Argument(help="Stream id.")],
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path(),
) -> None:
    """Write a stream's report as one HTML file and print its path."""
    with Workbench.open() as workbench:
        path = write_report(workbench, stream, out)
    typer.echo(str(path))


def parse_parameters(names: list[str], values: list[str]) -> dict[str, Any]:
    """Pair ``-p NAME VALUE`` up; ``-p NAME=VALUE`` brings its own value.

    Each value is read as papermill reads it: True, False, None, a whole number, a number, else text.

    Raises:
        typer.BadParameter: A name has no value, or a value no name.
    """
    waiting = iter(values)
    pairs: dict[str, Any] = {}
    for name in names:
        before, equals, after = name.partition("=")
        text = after if equals else next(waiting, None)
        if text is None:
            raise typer.BadParameter(f"“-p {name}” lacks its value. Write -p NAME VALUE.")
        pairs[before] = parse_value(text)
    if (left := next(waiting, None)) is not None:
        raise typer.BadParameter(f"“{left}” belongs to no parameter. Write -p NAME VALUE.")
    return pairs


def parse_value(text: str) -> Any:
    """Read one value as papermill does."""
    if text in _WORDS:
        return _WORDS[text]
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
