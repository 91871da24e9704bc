"""``director worker``, ``director generate`` and ``director tasks``: making stills and clips."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.config import load_settings
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import EngineError
from director_lib.tasks.selection import Selection
from director_lib.workbench import Workbench
from director_lib.workbench.tasks import GenerateResult

app = typer.Typer(help="List, follow, cancel and retry tasks.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0, help="Longest wait in seconds.")]
TaskIds = Annotated[list[str], typer.Argument(help="Task ids.")]
_NAMED = ("missing", "stale", "all")
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_WAIT_S = 3600.0


def worker() -> None:
    """Carry tasks out until stopped; one worker for each database."""
    load_settings()  # so that a wrong setting is told here
    command = [sys.executable, "-m", "director_lib.tasks.worker"]
    # in this process's place: its children run the main module's top again, and that one is light
    os.execv(command[0], command)  # noqa: S606 - a fixed command, no shell


def parse_segments(text: str) -> Selection:
    """Read ``missing``, ``stale``, ``all``, or numbers and ranges like ``1,3-5``.

    Raises:
        typer.BadParameter: It is none of these.
    """
    if text in _NAMED:
        return text  # type: ignore[return-value]  # the three words are the type's literals
    numbers: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise typer.BadParameter(f"“{part}” is no segment. Give missing, stale, all, or like 1,3-5.")
        numbers += range(first, last + 1)
    return numbers


def generate(
    stream: Annotated[str, typer.Argument(help="Stream id.")],
    kind: Annotated[Kind, typer.Option(help="keyframe or video.")],
    segments: Annotated[str, typer.Option(help="Like 1,3-5, or missing, stale, all.")],
    engine: Annotated[str | None, typer.Option(help="Engine; the configured one without it.")] = None,
    replace_approved: Annotated[bool, typer.Option(help="Make approved ones again, too.")] = False,
    allow_unapproved_keyframe: Annotated[
        bool, typer.Option("--allow-unapproved-keyframe", help="Make clips of unapproved keyframes, too.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until all are done.")] = False,
    timeout_s: Timeout = _WAIT_S,
    as_json: Json = False,
) -> None:
    """Queue stills or clips; approved ones are left alone."""
    selection = parse_segments(segments)
    with Workbench.open() as workbench:
        result = workbench.tasks.generate(
            stream,
            kind,
            selection,
            engine=engine,
            allow_approved=replace_approved,
            allow_unapproved_keyframe=allow_unapproved_keyframe,
        )
        tasks = result.queued
        if not as_json:
            _print_result(result)
            _warn_without_worker(workbench, tasks)
        if wait:
            tasks = workbench.tasks.wait([task.id for task in tasks], timeout_s, _progress_line(as_json))
    if as_json:
        skipped = [{"segment": segment_id, "reason": reason} for segment_id, reason in result.skipped]
        queued = [_plain(task) for task in tasks]
        print_json({"queued": queued, "skipped": skipped, "price_usd": result.price_usd})
    if wait:
        _check_done(tasks)


@app.command("list")
def list_tasks(
    stream: Annotated[str | None, typer.Option(help="Only this stream's.")] = None,
    state: Annotated[list[TaskState] | None, typer.Option(help="Only in this state; repeatable.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """List tasks, newest first."""
    with Workbench.open() as workbench:
        tasks = workbench.tasks.list(stream_id=stream, states=state or None, limit=limit)
    if as_json:
        print_json([_plain(task) for task in tasks])
        return
    rows = [
        (task.id, _what(task), task.state.value, f"{task.percent:.0f} %", task.phase, task.author)
        for task in tasks
    ]
    print_table(("task", "what", "state", "done", "phase", "by"), rows)


@app.command("show")
def show_task(task_id: Annotated[str, typer.Argument(help="Task id.")], as_json: Json = False) -> None:
    """Show everything about one task."""
    with Workbench.open() as workbench:
        task = workbench.tasks.get(task_id)
        overrides = workbench.tasks.overrides(task_id)
    if as_json:
        print_json(_plain(task) | {"overrides": overrides})
        return
    passed = {"passed over": ", ".join(overrides).replace("_", " ") or None}
    for name, value in (_plain(task) | {"request": _what(task)} | passed).items():
        if value is not None:
            typer.echo(f"{name}: {value}")
    typer.echo(f"prompt: {task.request.motion_prompt or task.request.image_prompt}")


@app.command("wait")
def wait_for_tasks(task_ids: TaskIds, timeout_s: Timeout = _WAIT_S, as_json: Json = False) -> None:
    """Wait until tasks are done; exits with 1 when one did not succeed."""
    with Workbench.open() as workbench:
        tasks = workbench.tasks.wait(task_ids, timeout_s, _progress_line(as_json))
    if as_json:
        print_json([_plain(task) for task in tasks])
    _check_done(tasks)


@app.command("cancel")
def cancel_tasks(task_ids: TaskIds, as_json: Json = False) -> None:
    """Cancel queued or running tasks; closed ones stay as they are."""
    with Workbench.open() as workbench:
        tasks = [workbench.tasks.cancel(task_id) for task_id in task_ids]
    _print_tasks(tasks, as_json)


@app.command("retry")
def retry_tasks(task_ids: TaskIds, as_json: Json = False) -> None:
    """Queue what failed, cancelled or unknown tasks asked for once more."""
    with Workbench.open() as workbench:
        tasks = [workbench.tasks.retry(task_id) for task_id in task_ids]
        if not as_json:
            _warn_without_worker(workbench, tasks)
    _print_tasks(tasks, as_json)


def _print_result(result: GenerateResult) -> None:
    for task in result.queued:
        typer.echo(f"{task.id}  {_what(task)}  {task.state.value}")
    for segment_id, reason in result.skipped:
        typer.echo(f"segment {segment_id} is left alone: {reason}")
    typer.echo(
        f"{len(result.queued)} queued, {len(result.skipped)} left alone, about ${result.price_usd:.2f}."
    )


def _print_tasks(tasks: list[Task], as_json: bool) -> None:
    if as_json:
        print_json([_plain(task) for task in tasks])
        return
    for task in tasks:
        stopping = task.is_open and task.cancel_requested_at is not None
        typer.echo(f"{task.id}  {_what(task)}  {'stopping' if stopping else task.state.value}")


def _warn_without_worker(workbench: Workbench, tasks: list[Task]) -> None:
    if tasks and workbench.tasks.find_worker() is None:
        typer.echo("No worker is running, so tasks only wait: start it with “director worker”.", err=True)


def _progress_line(as_json: bool) -> Any:
    def tell(task: Task) -> None:
        typer.echo(f"{task.id}  {_what(task)}  {task.state.value}  {task.percent:.0f} %  {task.phase}")

    return None if as_json else tell


def _check_done(tasks: list[Task]) -> None:
    if missed := [task for task in tasks if task.state is not TaskState.SUCCEEDED]:
        told = "; ".join(f"{task.id} {task.state.value}{_because(task)}" for task in missed)
        raise EngineError(f"{len(missed)} did not succeed: {told}")


def _because(task: Task) -> str:
    return f" ({task.error_message})" if task.error_message else ""


def _what(task: Task) -> str:
    request = task.request
    return f"{request.stream_id} {request.segment_id} {request.kind.value}"


def _plain(task: Task) -> dict[str, Any]:
    return asdict(task)
