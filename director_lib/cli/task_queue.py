"""``director tasks queue|move|pause|resume|lines|unknown|settle|spend``: the queue in a producer's hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from director_lib.cli.budget import amount
from director_lib.cli.output import print_json, print_table
from director_lib.cli.tasks import Json, keeper_of, plain, what
from director_lib.store.pauses import Pause
from director_lib.store.spend import Money
from director_lib.workbench import Workbench
from director_lib.workbench.spending import Spend
from director_lib.workbench.unknown_jobs import UnknownJob
from director_lib.workbench.unknown_outcomes import UnknownOutcome

TaskId = Annotated[str, typer.Argument(help="Task id.")]
Engine = Annotated[str | None, typer.Argument(help="Only this engine; the whole queue without it.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to ``director tasks``."""
    for command in (queue, move, pause, resume, lines, unknown, settle, spend):
        app.command(command.__name__)(command)


def queue(
    stream: Annotated[str | None, typer.Option(help="Only this stream's.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List queued tasks in the order in which they start."""
    with Workbench.open() as workbench:
        tasks, pauses = workbench.tasks.queue(stream, limit), workbench.tasks.pauses()
    if as_json:
        print_json({"pauses": [asdict(pause) for pause in pauses], "tasks": [plain(task) for task in tasks]})
        return
    _print_pauses(pauses)
    rows = [
        (task.id, what(task), task.request.engine, str(task.priority), task.phase, task.author)
        for task in tasks
    ]
    print_table(("task", "what", "engine", "priority", "phase", "by"), rows)


def move(
    task_id: TaskId,
    before: Annotated[str | None, typer.Option(help="The queued task that it comes before.")] = None,
    to_end: Annotated[bool, typer.Option("--to-end", help="Put it behind all others.")] = False,
    to_front: Annotated[bool, typer.Option("--to-front", help="Put it before all others.")] = False,
) -> None:
    """Put a queued task somewhere else in the queue."""
    if sum((before is not None, to_end, to_front)) != 1:
        raise typer.BadParameter("Give one of --before TASK_ID, --to-front and --to-end.")
    with Workbench.open() as workbench:
        if to_front:
            before = next((task.id for task in workbench.tasks.queue(limit=1)), task_id)
        task = workbench.tasks.move(task_id, before)
    place = "at the end of the queue" if before is None else f"before {before}"
    typer.echo(f"{task.id}  {what(task)}  is now {'at the front' if to_front else place}")


def pause(engine: Engine = None) -> None:
    """Let no queued task start; what runs goes on."""
    with Workbench.open() as workbench:
        workbench.tasks.pause(engine)
        _print_pauses(workbench.tasks.pauses())


def resume(engine: Engine = None) -> None:
    """Let queued tasks start again."""
    with Workbench.open() as workbench:
        workbench.tasks.resume(engine)
        pauses = workbench.tasks.pauses()
    _print_pauses(pauses)
    if not pauses:
        typer.echo("Nothing is paused.")


def lines(
    task_id: TaskId,
    after: Annotated[int, typer.Option(min=0, help="Only what came after this line's number.")] = 0,
    as_json: Json = False,
) -> None:
    """Print what a task's program said, oldest first."""
    with Workbench.open() as workbench:
        found = keeper_of(workbench, task_id).lines(task_id, after)
    if as_json:
        print_json([asdict(line) for line in found])
        return
    for line in found:
        typer.echo(f"{line.at:%H:%M:%S}  {line.text}")


def unknown(
    stream: Annotated[str | None, typer.Option(help="Only this stream's.")] = None, as_json: Json = False
) -> None:
    """List paid calls that nobody knows the end of, with what can be done."""
    with Workbench.open() as workbench:
        found: list[UnknownOutcome | UnknownJob] = [*workbench.tasks.unknown(stream)]
        found += workbench.stream_tasks.unknown(stream)
    if as_json:
        print_json([_plain_outcome(outcome) for outcome in found])
        return
    for outcome in found:
        typer.echo(f"{outcome.task.id}  {what(outcome.task)}  about ${outcome.price_usd:.2f}")
        typer.echo(f"  {outcome.advice}")
    if not found:
        typer.echo("No outcome is unknown.")


def settle(
    task_id: TaskId,
    was_made: Annotated[bool, typer.Option("--made/--not-made", help="Whether it was made and charged.")],
    note: Annotated[str, typer.Option(help="What was found.")] = "",
    usd: Annotated[float | None, typer.Option(min=0, help="What it cost; the estimate without it.")] = None,
) -> None:
    """Write down what was found out about a task whose outcome is unknown."""
    with Workbench.open() as workbench:
        task = keeper_of(workbench, task_id).settle(task_id, was_made, note, billed_usd=usd)
    typer.echo(f"{task.id}  {what(task)}  settled: {'made' if was_made else 'not made'}")


def spend(
    stream: Annotated[str | None, typer.Argument(help="Stream id; the whole studio without it.")] = None,
    as_json: Json = False,
) -> None:
    """Print what was spent, by how well it is known, and the budgets, and which are nearly used up."""
    with Workbench.open() as workbench:
        found = workbench.tasks.spend(stream)
    if as_json:
        print_json(_plain_spend(found))
        return
    rows = [("today", *_amounts(found.today)), (stream or "all streams", *_amounts(found.total))]
    parts: Mapping[Any, Money] = found.by_segment if stream else found.by_stream
    rows += [(f"segment {key}" if stream else str(key), *_amounts(parts[key])) for key in sorted(parts)]
    print_table(("what", "spent", "billed", "estimated", "unknown"), rows)
    per_s = found.per_approved_s_usd
    told = "nothing is approved yet" if per_s is None else f"${per_s:.2f} for each approved second"
    typer.echo(f"{told}; ${found.promised_usd:.2f} promised to open tasks")
    typer.echo(
        f"budget of a day: {amount(found.budget_day_usd)}; of a stream: {amount(found.budget_stream_usd)}"
    )
    for alert in found.alerts:
        typer.echo(alert)


def _print_pauses(pauses: list[Pause]) -> None:
    for held in pauses:
        name = f"Engine {held.engine}" if held.engine else "The queue"
        typer.echo(f"{name} is paused by {held.paused_by} since {held.paused_at:%Y-%m-%d %H:%M} UTC.")


def _amounts(money: Money) -> tuple[str, str, str, str]:
    parts = (money.total_usd, money.billed_usd, money.estimated_usd, money.unknown_usd)
    total, billed, estimated, uncertain = (f"${part:.2f}" for part in parts)
    return total, billed, estimated, uncertain


def _plain_outcome(outcome: UnknownOutcome | UnknownJob) -> dict[str, Any]:
    return asdict(outcome) | {"task": plain(outcome.task)}


def _plain_spend(found: Spend) -> dict[str, Any]:
    told = asdict(found)
    for name in ("total", "today"):
        told[name]["total_usd"] = getattr(found, name).total_usd
    for name in ("by_segment", "by_stream"):
        for key, money in getattr(found, name).items():
            told[name][key]["total_usd"] = money.total_usd
    return told
