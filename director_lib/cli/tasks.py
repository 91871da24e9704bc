"""``director worker``, ``director generate`` and ``director tasks``: making stills and clips."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.cli.variants import Blind, Compare, read_arms
from director_lib.config import load_settings
from director_lib.domain.stream_task import StreamTask, words_for
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import EngineError, InputError, NotFoundError
from director_lib.tasks.selection import Selection, read_selection
from director_lib.workbench import Workbench
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.tasks import GenerateResult, Tasks

app = typer.Typer(help="List, follow, cancel and retry tasks.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0, help="Longest wait in seconds.")]
TaskIds = Annotated[list[str], typer.Argument(help="Task ids.")]
_WAIT_S = 3600.0
AnyTask = Task | StreamTask


def worker() -> None:
    """Carry tasks out until stopped; one worker for each database."""
    load_settings()  # so that a wrong setting is told here
    command = [sys.executable, "-m", "director_lib.tasks.worker"]
    # in this process's place: its children run the main module's top again, and that one is light
    os.execv(command[0], command)  # noqa: S606 - a fixed command, no shell


def parse_segments(text: str) -> Selection:
    """Read which segments are meant; see ``read_selection``.

    Raises:
        typer.BadParameter: It names none.
    """
    try:
        return read_selection(text)
    except InputError as error:
        raise typer.BadParameter(error.user_message) from error


WithKeyframes = Annotated[
    bool, typer.Option("--with-keyframes", help="Make missing or stale keyframes first, then clips.")
]


def generate(
    stream: Annotated[str, typer.Argument(help="Stream id.")],
    kind: Annotated[Kind, typer.Option(help="keyframe or video.")],
    segments: Annotated[str, typer.Option(help="Like 1,3-5, or missing, stale, all.")],
    engine: Annotated[str | None, typer.Option(help="Engine; the chosen one without it.")] = None,
    model: Annotated[str | None, typer.Option(help="The engine's model; the chosen one without it.")] = None,
    like: Annotated[int | None, typer.Option(min=1, help="Make stills in the style of this segment.")] = None,
    reference: Annotated[
        list[int] | None, typer.Option(help="Version id of a still to send along; repeatable.")
    ] = None,
    replace_approved: Annotated[bool, typer.Option(help="Make approved ones again, too.")] = False,
    allow_unapproved_keyframe: Annotated[
        bool, typer.Option("--allow-unapproved-keyframe", help="Make clips of unapproved keyframes, too.")
    ] = False,
    variants: Annotated[int, typer.Option(min=1, max=4, help="Versions of each to choose from.")] = 1,
    compare: Compare = None,
    blind: Blind = False,
    with_keyframes: WithKeyframes = False,
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
            model=model,
            like_segment=like,
            reference_version_ids=reference,
            allow_approved=replace_approved,
            allow_unapproved_keyframe=allow_unapproved_keyframe,
            variants=variants,
            arms=read_arms(workbench, compare or ()),
            blind=blind,
            with_keyframes=with_keyframes,
        )
        tasks = [workbench.tasks.get(task.id) for task in result.queued] if blind else result.queued
        if not as_json:
            _print_result(result)
            _warn_without_worker(workbench, tasks)
        if wait:
            tasks = workbench.tasks.wait([task.id for task in tasks], timeout_s, _progress_line(as_json))
    if as_json:
        print_json(_plain_result(result, tasks))
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
        tasks: list[AnyTask] = [
            *workbench.tasks.list(stream_id=stream, states=state or None, limit=limit),
            *workbench.stream_tasks.list(stream_id=stream, states=state or None, limit=limit),
        ]
    tasks = sorted(tasks, key=lambda task: task.queued_at, reverse=True)[:limit]
    if as_json:
        print_json([plain(task) for task in tasks])
        return
    rows = [
        (task.id, what(task), task.state.value, f"{task.percent:.0f} %", task.phase, task.author)
        for task in tasks
    ]
    print_table(("task", "what", "state", "done", "phase", "by"), rows)


@app.command("show")
def show_task(task_id: Annotated[str, typer.Argument(help="Task id.")], as_json: Json = False) -> None:
    """Show everything about one task."""
    with Workbench.open() as workbench:
        keeper = keeper_of(workbench, task_id)
        task = keeper.get(task_id)
        overrides = [] if isinstance(task, StreamTask) else workbench.tasks.overrides(task_id)
    if as_json:
        print_json(plain(task) | {"overrides": overrides})
        return
    if isinstance(task, StreamTask):
        _print_job(task)
        return
    passed = {"passed over": ", ".join(overrides).replace("_", " ") or None}
    for name, value in (plain(task) | {"request": what(task)} | passed).items():
        if value is not None:
            typer.echo(f"{name}: {value}")
    typer.echo(f"prompt: {task.request.motion_prompt or task.request.image_prompt}")


@app.command("wait")
def wait_for_tasks(task_ids: TaskIds, timeout_s: Timeout = _WAIT_S, as_json: Json = False) -> None:
    """Wait until tasks are done; exits with 1 when one did not succeed."""
    with Workbench.open() as workbench:
        tasks = _wait(workbench, task_ids, timeout_s, as_json)
    if as_json:
        print_json([plain(task) for task in tasks])
    _check_done(tasks)


@app.command("cancel")
def cancel_tasks(task_ids: TaskIds, as_json: Json = False) -> None:
    """Cancel queued or running tasks; closed ones stay as they are."""
    with Workbench.open() as workbench:
        tasks = [keeper_of(workbench, task_id).cancel(task_id) for task_id in task_ids]
    _print_tasks(tasks, as_json)


@app.command("retry")
def retry_tasks(task_ids: TaskIds, as_json: Json = False) -> None:
    """Queue what failed, cancelled or unknown tasks asked for once more."""
    with Workbench.open() as workbench:
        tasks = [keeper_of(workbench, task_id).retry(task_id) for task_id in task_ids]
        if not as_json:
            _warn_without_worker(workbench, tasks)
    _print_tasks(tasks, as_json)


def keeper_of(workbench: Workbench, task_id: str) -> Tasks | StreamTasks:
    """Return the use cases that a task belongs to: jobs on streams, else tasks of assets."""
    try:
        workbench.stream_tasks.get(task_id)
    except NotFoundError:
        return workbench.tasks
    return workbench.stream_tasks


def _wait(workbench: Workbench, task_ids: Sequence[str], timeout_s: float, as_json: bool) -> list[AnyTask]:
    until_s = time.monotonic() + timeout_s
    tell = _progress_line(as_json)
    done: dict[str, AnyTask] = {}
    for keeper in (workbench.stream_tasks, workbench.tasks):
        mine = [task_id for task_id in task_ids if type(keeper_of(workbench, task_id)) is type(keeper)]
        if mine:
            left_s = max(0.0, until_s - time.monotonic())
            done |= {task.id: task for task in keeper.wait(mine, left_s, tell)}
    return [done[task_id] for task_id in task_ids]


def _print_job(task: StreamTask) -> None:
    for name, value in (plain(task) | {"kind": words_for(task.kind)}).items():
        if value is not None and value != {}:
            typer.echo(f"{name}: {value}")


def _print_result(result: GenerateResult) -> None:
    for task in result.queued:
        known = "  was there already" if task.id in result.existing else ""
        typer.echo(f"{task.id}  {what(task)}  {task.state.value}{known}")
    for segment_id, reason in result.skipped:
        typer.echo(f"segment {segment_id} is left alone: {reason}")
    n_new, n_known = len(result.queued) - len(result.existing), len(result.existing)
    known = f", {n_known} queued before" if n_known else ""
    typer.echo(f"{n_new} queued{known}, {len(result.skipped)} left alone, about ${result.price_usd:.2f}.")


def _plain_result(result: GenerateResult, tasks: list[Task]) -> dict[str, Any]:
    return {
        "queued": [plain(task) for task in tasks],
        "existing": result.existing,
        "skipped": [{"segment": segment_id, "reason": reason} for segment_id, reason in result.skipped],
        "price_usd": result.price_usd,
    }


def _print_tasks(tasks: Sequence[AnyTask], as_json: bool) -> None:
    if as_json:
        print_json([plain(task) for task in tasks])
        return
    for task in tasks:
        stopping = task.is_open and task.cancel_requested_at is not None
        typer.echo(f"{task.id}  {what(task)}  {'stopping' if stopping else task.state.value}")


def _warn_without_worker(workbench: Workbench, tasks: Sequence[AnyTask]) -> None:
    if tasks and workbench.tasks.find_worker() is None:
        typer.echo("No worker is running, so tasks only wait: start it with “director worker”.", err=True)


def _progress_line(as_json: bool) -> Any:
    def tell(task: AnyTask) -> None:
        typer.echo(f"{task.id}  {what(task)}  {task.state.value}  {task.percent:.0f} %  {task.phase}")

    return None if as_json else tell


def _check_done(tasks: Sequence[AnyTask]) -> None:
    if missed := [task for task in tasks if task.state is not TaskState.SUCCEEDED]:
        told = "; ".join(f"{task.id} {task.state.value}{_because(task)}" for task in missed)
        raise EngineError(f"{len(missed)} did not succeed: {told}")


def _because(task: AnyTask) -> str:
    return f" ({task.error_message})" if task.error_message else ""


def what(task: AnyTask) -> str:
    """Name what a task makes or does, in few words."""
    if isinstance(task, StreamTask):
        return f"{task.stream_id or 'the studio'} {task.kind}"
    request = task.request
    return f"{request.stream_id} {request.segment_id} {request.kind.value}"


def plain(task: AnyTask) -> dict[str, Any]:
    """Return everything of a task for JSON."""
    return asdict(task)
