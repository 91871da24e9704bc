"""Each person's undo and redo over decisions, regenerations, picks, remarks and presets put into prompts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.people import Action
from director_lib.domain.version import Version
from director_lib.errors import InvalidIdError, NotFoundError, NothingToUndoError
from director_lib.intake.restore import make_current
from director_lib.store.checkpoints import (
    NewCheckpointRecord,
    get_checkpoint_decision,
    take_back_checkpoint_decision,
)
from director_lib.store.decisions import NewDecision, get_decision, take_back_decision
from director_lib.store.events import record_event
from director_lib.store.tasks import get_task, request_cancel
from director_lib.store.undo import (
    UndoStep,
    find_last_step,
    find_undone_step,
    mark_redone,
    mark_undone,
)
from director_lib.store.versions import current_versions
from director_lib.streams.reader import read_stream
from director_lib.workbench.checkpoints import check_content, record_checkpoint_decision
from director_lib.workbench.prompt_steps import rewrite_prompts
from director_lib.workbench.prompts import Prompts
from director_lib.workbench.spec_steps import rewrite_spec
from director_lib.workbench.step_parts import StepParts
from director_lib.workbench.stories import rewrite_brief
from director_lib.workbench.studio import Studio
from director_lib.workbench.tasks import Tasks
from director_lib.workbench.verdicts import judged_version, record_decision


class UndoHistory:
    """The last 20 steps of one person; taking one back or doing it again is a new record."""

    def __init__(self, studio: Studio, tasks: Tasks, prompts: Prompts) -> None:
        self._studio = studio
        self._tasks = tasks
        self._prompts = prompts

    def undo(self) -> str:
        """Take back this person's last decision or regeneration.

        A queued or running task is cancelled; a version that it already made stays, and the one before it
        becomes current again.

        Returns:
            What was taken back, in words.

        Raises:
            NothingToUndoError: None of the last 20 steps is left.
        """
        actor, now = self._studio.actor.username, self._studio.clock()
        left = self._rewrite_texts(find_last_step, again=False)
        with self._studio.database.write() as connection:
            step = find_last_step(connection, actor)
            if step is None:
                raise NothingToUndoError
            for seq in step.decision_seqs:
                undone = take_back_decision(connection, seq, actor, now)
                place = (undone.stream_id, undone.segment_id, undone.kind)
                record_event(connection, "undid", actor, now, place=place, details={"decision_seq": seq})
            for seq in step.checkpoint_seqs:
                self._take_back_checkpoint(connection, seq, now)
            StepParts(connection, step, actor, now).take_back()
            made_a_file = self._stop_tasks(connection, step, now)
            mark_undone(connection, step.seq, now)
        n_replaced = len(step.previous_version_ids) if made_a_file else len(step.restored_version_ids)
        for version_id in step.previous_version_ids[:n_replaced]:
            # A stream that was put into the trash meanwhile keeps its files as they are.
            with contextlib.suppress(InvalidIdError, NotFoundError):
                place_version(self._studio, version_id)
        return step.label + left

    def redo(self) -> str:
        """Do again what this person undid last, as new records; nothing when they did something else since.

        A decision is only repeated on the bytes it was made on. A task that had made a version makes it
        current again; one that was cancelled is queued anew.

        Returns:
            What was done again, in words.

        Raises:
            NothingToUndoError: There is nothing to do again.
            StaleWriteError: One of the assets has another version by now, or the story, spec or cut changed.
        """
        self._studio.require(Action.DECIDE)
        actor = self._studio.actor.username
        left = self._rewrite_texts(find_undone_step, again=True)
        with self._studio.database.write() as connection:
            step = find_undone_step(connection, actor)
            if step is None:
                raise NothingToUndoError(again=True)
            # before the decisions on stills and clips, which are part of what is judged at the final gate
            gates = [self._decide_gate_again(connection, seq) for seq in step.checkpoint_seqs]
            seqs = [self._decide_again(connection, seq) for seq in step.decision_seqs]
            picks = StepParts(connection, step, actor, self._studio.clock()).do_again()
            made, task_ids = self._ask_again(connection, step)
            again = replace(
                step, decision_seqs=seqs, task_ids=task_ids, checkpoint_seqs=gates, variant_picks=picks
            )
            mark_redone(connection, again)
        for version_id in (*step.restored_version_ids, *made):
            place_version(self._studio, version_id)
        return step.label + left

    def _rewrite_texts(self, find: Callable[[sa.Connection, str], UndoStep | None], *, again: bool) -> str:
        with self._studio.database.read() as connection:
            step = find(connection, self._studio.actor.username)
        if step is None:
            return ""
        left = rewrite_prompts(self._prompts, step, again=again)
        left += rewrite_brief(self._studio, step, again=again)
        return left + rewrite_spec(self._studio, step, again=again)

    def _decide_again(self, connection: sa.Connection, seq: int) -> int:
        was = get_decision(connection, seq)
        current = current_versions(connection, was.stream_id)
        version = judged_version(current, was.segment_id, was.kind, was.sha256)
        new = NewDecision(
            version.id,
            was.sha256,
            was.decision,
            self._studio.actor.username,
            self._studio.clock(),
            was.note,
        )
        return record_decision(connection, new, (was.stream_id, was.segment_id, was.kind)).seq

    def _take_back_checkpoint(self, connection: sa.Connection, seq: int, now: datetime) -> None:
        actor = self._studio.actor.username
        undone = take_back_checkpoint_decision(connection, seq, actor, now)
        details = {"checkpoint_seq": seq, "checkpoint": undone.checkpoint.value}
        place = (undone.stream_id, None, None)
        record_event(connection, "undid", actor, now, place=place, details=details)

    def _decide_gate_again(self, connection: sa.Connection, seq: int) -> int:
        was = get_checkpoint_decision(connection, seq)
        stream = read_stream(self._studio.root, was.stream_id)
        # what was passed over once is part of the digest, so it is wanted again
        overrides = check_content(connection, stream, was.checkpoint, was.sha256, override=True)
        new = NewCheckpointRecord(
            was.checkpoint,
            was.decision,
            self._studio.actor.username,
            self._studio.clock(),
            was.sha256,
            was.note,
        )
        return record_checkpoint_decision(connection, was.stream_id, new, overrides).seq

    def _ask_again(self, connection: sa.Connection, step: UndoStep) -> tuple[list[int], list[str]]:
        made, task_ids = [], []
        for task_id in step.task_ids:
            task = get_task(connection, task_id)
            if task.version_id is None and not task.is_open:
                task = self._tasks.enqueue_again_in(connection, task)
            elif task.version_id is not None:
                made.append(task.version_id)
            task_ids.append(task.id)
        return made, task_ids

    def _stop_tasks(self, connection: sa.Connection, step: UndoStep, now: datetime) -> bool:
        made_a_file = False
        for task_id in step.task_ids:
            task = get_task(connection, task_id)
            if task.is_open:
                request_cancel(connection, task_id, now)
            made_a_file = made_a_file or task.version_id is not None
        return made_a_file


def place_version(studio: Studio, version_id: int) -> Version:
    """Make a version current again, in the actor's name."""
    return make_current(
        studio.database,
        studio.files,
        studio.root,
        version_id,
        actor=studio.actor.username,
        now=studio.clock(),
    )
