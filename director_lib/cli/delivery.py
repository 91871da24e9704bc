"""``director build``, ``deploy``, ``deployments`` and ``roll-back``: a film's way to its readers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.cli.tasks import plain
from director_lib.domain.site import FOLDER
from director_lib.domain.stream_task import StreamTask
from director_lib.domain.task import TaskState
from director_lib.errors import BackendError
from director_lib.workbench import Workbench

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StreamId = Annotated[str, typer.Argument(help="Stream id.")]
Override = Annotated[
    str, typer.Option(metavar="WHY", help="Deploy without approval, for this reason; it is recorded.")
]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it is done; it goes on without.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0, help="Longest wait in seconds.")]
_WAIT_S = 3600.0


def add_to(app: typer.Typer) -> None:
    """Add these commands to ``director``."""
    for name, command in (
        ("build", build),
        ("deploy", deploy),
        ("deployments", deployments),
        ("roll-back", roll_back),
    ):
        app.command(name)(command)


def build(stream: StreamId, wait: Wait = True, timeout_s: Timeout = _WAIT_S, as_json: Json = False) -> None:
    """Build a film's page as it is now; what readers see does not change."""
    with Workbench.open() as workbench:
        workbench.streams.scan(stream)
        task = workbench.deliveries.build(stream)
        _follow(workbench, task, timeout_s if wait else None, as_json)


def deploy(
    stream: StreamId,
    target: Annotated[str, typer.Option(help="folder or command.")] = FOLDER,
    override: Override = "",
    wait: Wait = True,
    timeout_s: Timeout = _WAIT_S,
    as_json: Json = False,
) -> None:
    """Build a film's page and show it to readers, once its final cut is approved."""
    with Workbench.open() as workbench:
        workbench.streams.scan(stream)
        task = workbench.deliveries.deploy(stream, target, override=override)
        _follow(workbench, task, timeout_s if wait else None, as_json)


def roll_back(
    stream: StreamId,
    build_id: Annotated[str, typer.Argument(metavar="BUILD", help="Build id; see “director deployments”.")],
    override: Override = "",
    wait: Wait = True,
    timeout_s: Timeout = _WAIT_S,
    as_json: Json = False,
) -> None:
    """Show an earlier build of a film's page to readers again."""
    with Workbench.open() as workbench:
        task = workbench.deliveries.roll_back(stream, build_id, override=override)
        _follow(workbench, task, timeout_s if wait else None, as_json)


def deployments(stream: StreamId, as_json: Json = False) -> None:
    """List where a film was deployed, the latest first, and the builds that are kept."""
    with Workbench.open() as workbench:
        found = workbench.deliveries.deployments(stream)
        builds = workbench.deliveries.builds(stream)
        shown = workbench.deliveries.shown_build(stream)
    if as_json:
        kept = [build.model_dump(mode="json", exclude={"files"}) for build in builds]
        print_json({"deployments": [asdict(one) for one in found], "builds": kept, "shown_build": shown})
        return
    rows = [
        (f"{one.deployed_at:%Y-%m-%d %H:%M}" if one.deployed_at else "", one.build_id, one.platform, one.url)
        for one in found
    ]
    print_table(("deployed", "build", "to", "address"), rows)
    deployed = {one.build_id for one in found}
    for build in builds:
        if build.build_id not in deployed:
            typer.echo(f"build {build.build_id} of {build.built_at:%Y-%m-%d %H:%M} was never deployed")


def _follow(workbench: Workbench, task: StreamTask, timeout_s: float | None, as_json: bool) -> None:
    if timeout_s is not None:
        if workbench.tasks.find_worker() is None:
            typer.echo("No worker is running, so it only waits: start it with “director worker”.", err=True)
        told: list[str] = []

        def tell(now: StreamTask) -> None:
            if not as_json and now.phase not in told:
                told.append(now.phase)
                typer.echo(f"{now.percent:3.0f} %  {now.phase}")

        [task] = workbench.stream_tasks.wait([task.id], timeout_s, tell)
    if as_json:
        print_json(plain(task))
    elif task.result is not None:
        typer.echo(task.result.get("url") or f"build {task.result.get('build_id')}")
        for warning in task.result.get("warnings", ()):
            typer.echo(f"note: {warning}")
    elif task.is_open:
        typer.echo(f"{task.id}  {task.state.value}")
    if task.state in (TaskState.FAILED, TaskState.CANCELLED):
        raise BackendError(task.error_message or f"Task {task.id} was cancelled.")
