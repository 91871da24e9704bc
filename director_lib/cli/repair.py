"""``director streams repair``: what brings a stream up to date, what it costs, and doing it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json
from director_lib.domain.how_many import how_many
from director_lib.domain.repair import RepairAction, RepairPlan, RepairStep, total_usd
from director_lib.errors import StorageError
from director_lib.workbench import Workbench
from director_lib.workbench.repairs import RepairResult

Schedule = list[tuple[RepairStep, str | None]]
"""Steps, each with why it is left for later."""


def repair(
    stream: Annotated[str, typer.Argument(help="Stream id.")],
    apply: Annotated[bool, typer.Option("--apply", help="Do what can be done now.")] = False,
    replace_approved: Annotated[
        bool, typer.Option("--replace-approved", help="Replace what is approved, too.")
    ] = False,
    with_clips: Annotated[
        bool, typer.Option("--with-clips", help="Make clips as soon as their new keyframes are there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the cheapest way to bring a stream up to date; changes nothing without --apply."""
    with Workbench.open() as workbench:
        workbench.streams.scan(stream)
        plan = workbench.repairs.plan(stream)
        result = None
        if apply and plan.steps:
            result = workbench.repairs.apply(
                stream, plan.sha256, replace_approved=replace_approved, with_clips=with_clips
            )
    schedule = plan.schedule(replace_approved=replace_approved, with_clips=with_clips)
    if as_json:
        print_json(_plain(plan, schedule) | {"done": _plain_result(result) if result else None})
    else:
        _print_plan(plan, schedule)
        if result is not None:
            _print_result(result)
    if result is not None and result.failed:
        raise StorageError(f"{len(result.failed)} could not be restored: {result.failed[0][1]}")


def _print_plan(plan: RepairPlan, schedule: Schedule) -> None:
    if not plan.steps:
        typer.echo(f"{plan.stream_id} is up to date.")
        return
    for step, why in schedule:
        later = f"; not now: {why}" if why is not None else ""
        typer.echo(f"segment {step.segment_id}: {_deed(step)}, ${step.price_usd:.2f}{later}")
        for reason in step.reasons:
            typer.echo(f"  {reason}")
    now_usd = total_usd(tuple(step for step, why in schedule if why is None))
    steps = how_many(len(plan.steps), "step")
    typer.echo(f"{steps}, about ${plan.price_usd:.2f}; now: about ${now_usd:.2f}.")


def _print_result(result: RepairResult) -> None:
    for task in result.queued:
        typer.echo(f"{task.id}  {task.request.segment_id} {task.request.kind.value}  {task.state.value}")
    typer.echo(
        f"{len(result.queued)} queued, {len(result.restored)} restored, {len(result.left)} left for later, "
        f"about ${result.price_usd:.2f}."
    )


def _deed(step: RepairStep) -> str:
    what = f"{step.kind.value} version {step.replaces_number}{' (approved)' if step.is_approved else ''}"
    if step.action is RepairAction.RESTORE:
        return f"put version {step.restores_number} in the place of {what}"
    return f"make the {what} anew"


def _plain(plan: RepairPlan, schedule: Schedule) -> dict[str, Any]:
    return {
        "stream": plan.stream_id,
        "plan_sha256": plan.sha256,
        "price_usd": plan.price_usd,
        "steps": [asdict(step) | {"not_now": why} for step, why in schedule],
    }


def _plain_result(result: RepairResult) -> dict[str, Any]:
    return {
        "queued": [task.id for task in result.queued],
        "restored": [version.id for version in result.restored],
        "left": [{"segment": step.segment_id, "kind": step.kind, "reason": why} for step, why in result.left],
        "failed": [
            {"segment": step.segment_id, "kind": step.kind, "reason": why} for step, why in result.failed
        ],
        "price_usd": result.price_usd,
    }
