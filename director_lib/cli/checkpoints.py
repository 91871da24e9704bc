"""``director checkpoint`` and ``director streams quorum``: the five gates, and how many have to approve."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.domain.checkpoint import Checkpoint, GateStatus
from director_lib.domain.gate_rules import CheckpointDecision
from director_lib.domain.how_many import how_many
from director_lib.domain.review import DecisionKind
from director_lib.workbench import Workbench

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StreamId = Annotated[str, typer.Argument(help="Stream id.")]


def checkpoint(
    stream: StreamId,
    checkpoint: Annotated[
        Checkpoint | None, typer.Argument(help="story, spec or final; shows all five gates without it.")
    ] = None,
    decision: Annotated[
        DecisionKind | None,
        typer.Argument(help="approved, needs_clarification, approved_with_notes or revision_needed."),
    ] = None,
    note: Annotated[str, typer.Option(help="A note; every decision but approved needs one.")] = "",
    expect: Annotated[
        str | None, typer.Option(help="Refuse unless this is the content's sha256, as --json shows it.")
    ] = None,
    override: Annotated[
        bool, typer.Option("--override", help="Decide on the final cut before its turn; it is recorded.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show where the five gates stand and why, or decide on the story, the spec or the final cut."""
    if (checkpoint is None) != (decision is None):
        raise typer.BadParameter("Give a checkpoint and a decision, or neither.")
    with Workbench.open() as workbench:
        workbench.streams.scan(stream)
        if checkpoint is not None and decision is not None:
            found = {gate.checkpoint: gate for gate in workbench.checkpoints.standing(stream)}
            expected = expect if expect is not None else found[checkpoint].content_sha256
            workbench.checkpoints.decide(
                stream, checkpoint, decision, note, expected_sha256=expected, override=override
            )
        gates = workbench.checkpoints.standing(stream)
        history = workbench.checkpoints.history(stream)
    if as_json:
        print_json({"gates": [_gate(gate) for gate in gates], "history": [_made(made) for made in history]})
        return
    print_table(("checkpoint", "state", "why"), [_row(gate) for gate in gates])


def quorum(
    stream: StreamId,
    needed: Annotated[int | None, typer.Argument(metavar="N", help="How many; shows it without.")] = None,
    as_json: Json = False,
) -> None:
    """Show how many people have to approve on a stream, or say so; it counts for earlier decisions, too."""
    with Workbench.open() as workbench:
        if needed is not None:
            workbench.checkpoints.set_approvals_needed(stream, needed)
        now = workbench.checkpoints.approvals_needed(stream)
    if as_json:
        print_json({"stream": stream, "approvals_needed": now})
        return
    typer.echo(f"{stream} needs {how_many(now, 'approval')}.")


def _row(gate: GateStatus) -> tuple[str, str, str]:
    return gate.checkpoint.value, gate.state.value, gate.reason


def _gate(gate: GateStatus) -> dict[str, Any]:
    return {
        "checkpoint": gate.checkpoint.value,
        "state": gate.state.value,
        "approved": gate.approved,
        "total": gate.total,
        "reason": gate.reason,
        "content_sha256": gate.content_sha256,
    }


def _made(made: CheckpointDecision) -> dict[str, Any]:
    return {
        "seq": made.seq,
        "checkpoint": made.checkpoint.value,
        "decision": made.decision.value,
        "content_sha256": made.sha256,
        "note": made.note,
        "by": made.actor,
        "decided_at": made.decided_at,
        "undoes": made.undoes,
    }
