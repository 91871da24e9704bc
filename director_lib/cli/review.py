"""``director review``: decide from the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import RuleError
from director_lib.workbench import Workbench


def review(
    stream: Annotated[str, typer.Argument(help="Stream id.")],
    segment: Annotated[int, typer.Argument(help="Segment number.")],
    kind: Annotated[Kind, typer.Argument(help="keyframe or video.")],
    decision: Annotated[
        DecisionKind, typer.Argument(help="approved, approved_with_notes, adjust_prompt or regenerate.")
    ],
    note: Annotated[str, typer.Option(help="A note; needed for approved_with_notes.")] = "",
) -> None:
    """Record a decision on the current still or clip of a segment."""
    with Workbench.open() as workbench:
        workbench.streams.get(stream).get_segment(segment)
        workbench.streams.scan(stream)
        version = workbench.reviews.standing(stream).version(segment, kind)
        if version is None:
            raise RuleError(f"Segment {segment} has no {kind} yet, so there is nothing to decide on.")
        workbench.reviews.decide(stream, kind, {segment: version.sha256}, decision, note)
        verdict = workbench.reviews.standing(stream).verdict(segment, kind)
    approvals = f", {len(verdict.approvers)} of {verdict.needed} approvals" if verdict.needed > 1 else ""
    said = decision.value.replace("_", " ")
    typer.echo(f"{stream} segment {segment}: {kind} version {version.number} {said}{approvals}.")
