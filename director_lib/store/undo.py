"""Each person's steps that can be taken back, newest first."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.store.tables import undo_steps

UNDO_LIMIT = 20


@dataclass(frozen=True, slots=True)
class PromptEdit:
    """One prompt that a step changed."""

    segment_id: int
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BriefEdit:
    """One field of a brief that a step changed."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VariantPick:
    """One choice of a version of a set.

    Attributes:
        version_id: The version; None when none was found better than the others.
        before_id: The version that had won until then.
        seq: The choice's own number; 0 for choices from before they were numbered.
        is_blind: Whether nobody knew then which version was which.
    """

    set_id: str
    version_id: int | None
    before_id: int | None = None
    seq: int = 0
    is_blind: bool = False


@dataclass(frozen=True, slots=True)
class SpecStep:
    """One change of a spec as a whole.

    Attributes:
        before_sha256: The content that was replaced; None when there was no spec.
        after_sha256: The content that it made.
        inverse: The edit, as JSON values, that takes it back although other parts have changed since; None
            without one.
    """

    before_sha256: str | None
    after_sha256: str
    inverse: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class UndoStep:
    """What one action did, so that it can be taken back.

    Attributes:
        label: What to tell the person ("approved segment 3").
        decision_seqs: Decisions that it recorded.
        task_ids: Tasks that it queued.
        previous_version_ids: Versions that were current before, one for each asset that it may have changed.
        restored_version_ids: Earlier versions that it made current; the first of ``previous_version_ids``
            belong to them, in this order.
        checkpoint_seqs: Decisions on the story, the spec or the final cut that it recorded.
        prompt_edits: Prompts that it changed.
        brief_edits: Fields of the brief that it changed.
        variant_picks: Versions that it chose out of sets.
        comment_ids: Comments that it wrote.
        spec_steps: Changes of the spec's text.
    """

    seq: int
    stream_id: str
    label: str
    decision_seqs: list[int] = field(default_factory=list)
    task_ids: list[str] = field(default_factory=list)
    previous_version_ids: list[int] = field(default_factory=list)
    restored_version_ids: list[int] = field(default_factory=list)
    checkpoint_seqs: list[int] = field(default_factory=list)
    prompt_edits: list[PromptEdit] = field(default_factory=list)
    brief_edits: list[BriefEdit] = field(default_factory=list)
    variant_picks: list[VariantPick] = field(default_factory=list)
    comment_ids: list[int] = field(default_factory=list)
    spec_steps: list[SpecStep] = field(default_factory=list)


def push_step(connection: sa.Connection, actor: str, step: UndoStep, created_at: datetime) -> None:
    """Remember a step; its ``seq`` is given by the database."""
    connection.execute(
        undo_steps.insert().values(
            actor=actor,
            stream_id=step.stream_id,
            label=step.label,
            payload=_payload(step),
            created_at=created_at,
        )
    )


def find_last_step(connection: sa.Connection, actor: str) -> UndoStep | None:
    """Find the person's newest step that is not undone, among their last 20; None when there is none."""
    recent = (
        sa.select(undo_steps)
        .where(undo_steps.c.actor == actor)
        .order_by(undo_steps.c.seq.desc())
        .limit(UNDO_LIMIT)
    )
    for row in connection.execute(recent):
        if row.undone_at is None:
            return _step(row)
    return None


def find_undone_step(connection: sa.Connection, actor: str) -> UndoStep | None:
    """Find the step that the person undid last; None when there is none, or they did something since."""
    own = undo_steps.c.actor == actor
    row = connection.execute(
        sa.select(undo_steps)
        .where(own, undo_steps.c.undone_at.is_not(None))
        .order_by(undo_steps.c.undone_at.desc(), undo_steps.c.seq)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    newer = sa.select(undo_steps.c.seq).where(own, undo_steps.c.created_at > row.undone_at)
    return None if connection.scalar(newer.limit(1)) is not None else _step(row)


def mark_undone(connection: sa.Connection, seq: int, undone_at: datetime) -> None:
    """Record that a step was taken back."""
    connection.execute(undo_steps.update().where(undo_steps.c.seq == seq).values(undone_at=undone_at))


def mark_redone(connection: sa.Connection, step: UndoStep) -> None:
    """Record that a step was done again, with the decisions and tasks that did it."""
    values = {"undone_at": None, "payload": _payload(step)}
    connection.execute(undo_steps.update().where(undo_steps.c.seq == step.seq).values(values))


def _payload(step: UndoStep) -> dict[str, object]:
    return {
        "decision_seqs": step.decision_seqs,
        "task_ids": step.task_ids,
        "previous_version_ids": step.previous_version_ids,
        "restored_version_ids": step.restored_version_ids,
        "checkpoint_seqs": step.checkpoint_seqs,
        "prompt_edits": [asdict(edit) for edit in step.prompt_edits],
        "brief_edits": [asdict(edit) for edit in step.brief_edits],
        "variant_picks": [asdict(pick) for pick in step.variant_picks],
        "comment_ids": step.comment_ids,
        "spec_steps": [asdict(one) for one in step.spec_steps],
    }


def _step(row: sa.Row[Any]) -> UndoStep:
    kept = {
        **row.payload,
        "prompt_edits": [PromptEdit(**edit) for edit in row.payload.get("prompt_edits", [])],
        "brief_edits": [BriefEdit(**edit) for edit in row.payload.get("brief_edits", [])],
        "variant_picks": [VariantPick(**pick) for pick in row.payload.get("variant_picks", [])],
        "spec_steps": [SpecStep(**one) for one in row.payload.get("spec_steps", [])],
    }
    return UndoStep(row.seq, row.stream_id, row.label, **kept)
