"""``director spec``: a first spec, a look over it, its history, differences, and an earlier state again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.cli.tasks import plain
from director_lib.domain.how_many import how_many
from director_lib.domain.spec_diff import Change, FieldChange, ItemChange
from director_lib.domain.spec_lint import LintFinding, LintSeverity
from director_lib.domain.spec_state import SpecState
from director_lib.domain.stream_task import StreamTask
from director_lib.domain.task import TaskState
from director_lib.errors import BackendError, InputError
from director_lib.workbench import Workbench

app = typer.Typer(help="Write, check and compare streams' specs.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StreamId = Annotated[str, typer.Argument(help="Stream id.")]
_MARKS = {"same": ("", ""), "added": ("[+", "+]"), "removed": ("[-", "-]")}


@app.command("draft")
def draft(
    stream: StreamId,
    engine: Annotated[
        str | None, typer.Option(help="builtin, command or google; DIRECTOR_ENGINE_SPEC without it.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also when there are segments; they stay in the history.")
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait for google's answer; it comes without, too.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Write a first spec from a stream's story and brief."""
    with Workbench.open() as workbench:
        workbench.streams.scan(stream)
        written = workbench.specs.draft(stream, engine=engine, replace_spec=replace)
        if isinstance(written, StreamTask) and not _is_written(workbench, written, wait, as_json):
            return
        made = workbench.streams.get(stream)
    if as_json:
        sections = len(made.sections)
        print_json({"stream": stream, "segments": len(made.segments), "sections": sections})
        return
    typer.echo(
        f"{stream} has a spec of {how_many(len(made.segments), 'segment')}. "
        "Look it over before you approve it."
    )


def _is_written(workbench: Workbench, task: StreamTask, wait: bool, as_json: bool) -> bool:
    """Follow the task that has a spec written for money.

    Returns:
        Whether it is written; False when it still waits or goes on.

    Raises:
        BackendError: It failed, or was cancelled.
    """
    typer.echo(f"{task.parameters['model']}, about ${task.parameters['price_usd']:.2f}", err=True)
    if wait:
        if workbench.tasks.find_worker() is None:
            typer.echo("No worker is running, so it only waits: start it with “director worker”.", err=True)
        [task] = workbench.stream_tasks.wait([task.id])
    if task.is_open:
        if as_json:
            print_json(plain(task))
        else:
            typer.echo(f"{task.id}  {task.state.value}")
        return False
    if task.state is not TaskState.SUCCEEDED:
        raise BackendError(task.error_message or f"Task {task.id} was cancelled.")
    return True


@app.command("lint")
def lint(stream: StreamId, as_json: Json = False) -> None:
    """Look a spec over; exits with 1 when something in it is wrong."""
    with Workbench.open() as workbench:
        found = workbench.specs.lint(stream)
    if as_json:
        print_json([_finding(one) for one in found])
    else:
        for one in found:
            typer.echo(f"{one.severity.value}: {one.words} {one.advice}")
        if not found:
            typer.echo(f"{stream}: nothing to say.")
    n_errors = sum(one.severity is LintSeverity.ERROR for one in found)
    if n_errors:
        raise InputError(f"The spec of {stream} has {how_many(n_errors, 'fault')}.")


@app.command("history")
def history(
    stream: StreamId,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many states, the newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """List the states that a spec had, newest first, and who made them."""
    with Workbench.open() as workbench:
        workbench.streams.scan(stream)
        states = workbench.specs.states(stream, limit=limit)
    if as_json:
        print_json([_state(one) for one in states])
        return
    rows = [
        (str(one.seq), f"{one.happened_at:%Y-%m-%d %H:%M:%S}", one.actor, one.origin.value, one.label)
        for one in states
    ]
    print_table(("state", "when (UTC)", "who", "how", "what"), rows)


@app.command("diff")
def diff(
    stream: StreamId,
    from_state: Annotated[int, typer.Argument(metavar="FROM", help="A state's number, as history lists it.")],
    to_state: Annotated[
        int | None, typer.Argument(metavar="TO", help="Another state; the file without it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare two states of a spec, segment by segment and word by word."""
    with Workbench.open() as workbench:
        changes = workbench.specs.diff(stream, from_state, to_state)
    if as_json:
        print_json([_change(one) for one in changes])
        return
    for one in changes:
        typer.echo(_headline(one))
        for field in one.fields:
            typer.echo(f"  {field.name}: {_words(field)}")
    if not changes:
        typer.echo("They say the same.")


@app.command("restore")
def restore(
    stream: StreamId,
    state: Annotated[int, typer.Argument(help="A state's number, as history lists it.")],
    out: Annotated[
        Path | None, typer.Option(help="Write that state into this new file instead, and change nothing.")
    ] = None,
) -> None:
    """Let production.json say again what it said in a state; that is a new state."""
    with Workbench.open() as workbench:
        if out is None:
            workbench.streams.scan(stream)
            workbench.specs.restore(stream, state)
            typer.echo(f"{stream} says again what it said in state {state}.")
            return
        text = workbench.specs.text_of(stream, state)
    try:
        with out.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}). Choose a new file.") from error
    typer.echo(f"{out} is state {state} of {stream}.")


def _finding(one: LintFinding) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": one.severity.value,
        "place": one.place.value,
        "id": one.place_id,
        "field": one.field,
        "words": one.words,
        "advice": one.advice,
    }


def _state(one: SpecState) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "sha256": one.sha256,
        "origin": one.origin.value,
        "label": one.label,
        "by": one.actor,
        "happened_at": one.happened_at,
    }


def _change(one: ItemChange) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "id": one.item_id,
        "change": one.change.value,
        "from_place": one.from_place,
        "to_place": one.to_place,
        "moved": one.is_moved,
        "fields": [
            {"name": field.name, "before": field.before, "after": field.after} for field in one.fields
        ],
    }


def _headline(one: ItemChange) -> str:
    told = "changed and moved" if one.change is Change.CHANGED and one.is_moved else one.change.value
    moved = f" from place {one.from_place} to {one.to_place}" if one.is_moved else ""
    return f"{one.label}: {told}{moved}"


def _words(field: FieldChange) -> str:
    marked = (f"{_MARKS[part.change][0]}{part.text}{_MARKS[part.change][1]}" for part in field.words)
    return "".join(marked).strip()
