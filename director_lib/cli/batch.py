"""``director batch``: notebooks with parameters from the command line, and what became of earlier runs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from director_lib.cli.default_command import group_with_default
from director_lib.cli.output import print_json, print_table
from director_lib.domain.batch_run import Run
from director_lib.workbench import Workbench

_WORDS: dict[str, Any] = {"True": True, "False": False, "None": None}
_TERMINATED = 128 + signal.SIGTERM

app = typer.Typer(
    cls=group_with_default("run"),
    invoke_without_command=True,
    help="Run notebooks with parameters: director batch NAME -p PARAMETER VALUE.",
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def batch() -> None:
    """Run a notebook by its name or path; “batch run” in full."""


@app.command("run")
def run(
    notebook: Annotated[
        str, typer.Argument(help="A notebook's path, or the name of a batch notebook or tour.")
    ],
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
    as_json: Json = False,
) -> None:
    """Run a notebook with parameters; prints what it came to and where the results are."""
    from director_lib.batch import run_notebook  # it loads pandas, which no other command should wait for

    parameters = parse_parameters(names or [], values or [])
    with ending_well(), Workbench.open() as workbench:
        done = run_notebook(workbench, notebook, parameters, out_dir=out, progress=not as_json)
    if as_json:
        print_json(plain_run(done))
        return
    typer.echo(f"{done.notebook.name} {done.state.value} in {done.duration_s:.1f} s")
    if done.outcome:
        typer.echo(done.outcome)
    for path in done.output_paths:
        typer.echo(str(path))


@app.command("runs")
def list_runs(
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the latest first.")] = 20,
    as_json: Json = False,
) -> None:
    """List the latest runs: when, by whom, with what, how they ended, and what they came to."""
    from director_lib.batch import list_runs as read_runs

    with Workbench.open() as workbench:
        found = read_runs(workbench, limit)
    if as_json:
        print_json([plain_run(one) for one in found])
        return
    rows = [
        (
            f"{one.started_at:%Y-%m-%d %H:%M}",
            one.notebook.stem,
            one.state.value,
            "" if one.duration_s is None else f"{one.duration_s:.1f} s",
            one.author,
            one.error_message or one.outcome,
            str(one.pdf_path or one.output_path),
        )
        for one in found
    ]
    print_table(("begun (UTC)", "notebook", "state", "took", "by", "came to", "result"), rows)


@app.command("list")
def list_notebooks(as_json: Json = False) -> None:
    """List batch notebooks and analysts' tours with their parameters and what these are when not given."""
    from director_lib.batch.catalogue import list_notebooks as read_notebooks

    found = read_notebooks()
    if as_json:
        print_json(
            [
                {
                    "name": one.name,
                    "title": one.title,
                    "parameters": dict(one.defaults),
                    "is_tour": one.is_tour,
                }
                for one in found
            ]
        )
        return
    for one in found:
        typer.echo(f"{one.name}: {one.title}{' (a tour for analysts)' if one.is_tour else ''}")
        for name, value in one.defaults.items():
            typer.echo(f"  {name} = {value!r}")


@contextmanager
def ending_well() -> Iterator[None]:
    """Let a request to end (SIGTERM, as schedulers send it) be recorded like Ctrl-C; the exit code is 143."""

    def end(_number: int, _frame: object) -> None:
        raise SystemExit(_TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def plain_run(run: Run) -> dict[str, Any]:
    """Return a run as JSON."""
    return {
        "run": run.id,
        "state": run.state.value,
        "outcome": run.outcome,
        "error": run.error_message,
        "author": run.author,
        "parameters": dict(run.parameters),
        "notebook_sha256": run.notebook_sha256,
        "inputs_sha256": run.inputs_sha256,
        "notebook": str(run.output_path),
        "html": _text(run.html_path),
        "pdf": _text(run.pdf_path),
        "started_at": run.started_at.isoformat(),
        "ended_at": _iso(run.ended_at),
        "duration_s": run.duration_s,
    }


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


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
