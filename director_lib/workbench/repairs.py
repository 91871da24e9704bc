"""Bringing a stream up to date: the cheapest plan, shown first and done only as it was shown."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from director_lib.domain.how_many import how_many
from director_lib.domain.people import Action
from director_lib.domain.repair import RepairAction, RepairPlan, RepairStep, total_usd
from director_lib.domain.repair_choice import plan_repairs
from director_lib.domain.stream import Stream
from director_lib.domain.task import Task
from director_lib.domain.version import Kind, Version
from director_lib.errors import DirectorError, RuleError, StaleWriteError
from director_lib.store.events import record_event
from director_lib.store.undo import UndoStep, push_step
from director_lib.store.versions import current_versions, get_version
from director_lib.tasks.asking import read_choices
from director_lib.tasks.ordering import Order
from director_lib.tasks.requests import make_request
from director_lib.workbench.repair_histories import HistoryReader
from director_lib.workbench.standing import read_standing
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio
from director_lib.workbench.tasks import Tasks
from director_lib.workbench.undoing import place_version


@dataclass(frozen=True, slots=True)
class RepairResult:
    """What came of a repair.

    Attributes:
        queued: One task for each still or clip that is made anew.
        restored: Earlier versions that are current again.
        left: Steps that were not done now, each with the reason in words.
        failed: Restores that could not be done, each with what happened.
        price_usd: Estimated price of the tasks.
    """

    queued: list[Task]
    restored: list[Version]
    left: list[tuple[RepairStep, str]]
    failed: list[tuple[RepairStep, str]]
    price_usd: float


class Repairs:
    """Plans of what brings a stream up to date, and doing them."""

    def __init__(self, studio: Studio, streams: Streams, tasks: Tasks) -> None:
        self._studio = studio
        self._streams = streams
        self._tasks = tasks

    def plan(self, stream_id: str) -> RepairPlan:
        """Find the cheapest set of steps after which nothing of a stream is out of date.

        Raises:
            NotFoundError: There is no such stream.
            InputError: The configured engine does not exist.
        """
        self._studio.require(Action.VIEW)
        stream = self._streams.get(stream_id)
        with self._studio.database.read() as connection:
            return self._plan(connection, stream)

    def apply(
        self,
        stream_id: str,
        expected_sha256: str,
        *,
        replace_approved: bool = False,
        with_clips: bool = False,
    ) -> RepairResult:
        """Do what a plan says and can be done now: queue tasks, all or none, and restore earlier versions.

        A clip whose keyframe is made anew stays out of date until that keyframe is approved; the plan then
        has it as a step that can be done. One undo takes the whole repair back.

        Args:
            expected_sha256: ``sha256`` of the plan that the person looked at.
            replace_approved: Replace what is approved, too.
            with_clips: Make a clip as soon as its new keyframe is there, before that is approved.

        Raises:
            PermissionDeniedError: The actor may not generate.
            StaleWriteError: The plan is another one by now.
            RuleError: No step can be done now, or the price is over the budget; nothing was changed.
        """
        self._studio.require(Action.GENERATE)
        self._streams.scan(stream_id)
        stream = self._streams.get(stream_id)
        with self._studio.database.write() as connection:
            plan = self._plan(connection, stream)
            if plan.sha256 != expected_sha256:
                raise StaleWriteError(f"What has to be repaired in {stream_id}", "there is a new plan.")
            ready = plan.ready(replace_approved=replace_approved, with_clips=with_clips)
            if not ready:
                raise RuleError(_why_nothing(plan, replace_approved=replace_approved))
            queued = self._tasks.enqueue_all_in(connection, self._orders(connection, stream, ready))
            self._remember(connection, plan, ready, queued)
        restored, failed = self._restore(ready)
        schedule = plan.schedule(replace_approved=replace_approved, with_clips=with_clips)
        left = [(step, why) for step, why in schedule if why is not None]
        return RepairResult(queued, restored, left, failed, sum(task.price_usd for task in queued))

    def _plan(self, connection: sa.Connection, stream: Stream) -> RepairPlan:
        standing = read_standing(connection, stream)
        stale = [
            segment for segment in stream.segments if any(standing.stale(segment, kind) for kind in Kind)
        ]
        reader = HistoryReader(self._studio.settings, self._tasks.price)
        return plan_repairs(stream, reader.read(connection, standing, stale))

    def _orders(
        self, connection: sa.Connection, stream: Stream, ready: tuple[RepairStep, ...]
    ) -> list[Order]:
        """Say what is queued for each step that makes something; a clip starts from its coming keyframe."""
        keyframes = {
            segment_id: version
            for (segment_id, kind), version in current_versions(connection, stream.id).items()
            if kind is Kind.KEYFRAME
        }
        for step in ready:
            if step.kind is Kind.KEYFRAME and step.restores_id is not None:
                keyframes[step.segment_id] = get_version(connection, step.restores_id)
        choices = read_choices(connection, self._studio.settings, stream.id)
        orders: dict[int, Order] = {}
        for step in ready:
            if step.action is not RepairAction.REGENERATE:
                continue
            segment, first = stream.get_segment(step.segment_id), orders.get(step.segment_id)
            # a keyframe's step comes right before the step of its clip, which then waits for it
            keyframe = None if first else keyframes.get(step.segment_id)
            request = make_request(choices, stream, segment, step.kind, keyframe, {})
            orders[step.segment_id] = Order(request, keyframe=first.request if first else None)
        return list(orders.values())

    def _remember(
        self, connection: sa.Connection, plan: RepairPlan, ready: tuple[RepairStep, ...], queued: list[Task]
    ) -> None:
        """Write the undo step and the line in the timeline."""
        now, actor = self._studio.clock(), self._studio.actor.username
        back = [step for step in ready if step.restores_id is not None]
        anew = [step for step in ready if step.restores_id is None]
        undo = UndoStep(
            0,
            plan.stream_id,
            f"repaired {_counted(ready)}",
            task_ids=[task.id for task in queued],
            previous_version_ids=[step.replaces_id for step in (*back, *anew)],
            restored_version_ids=[step.restores_id for step in back if step.restores_id is not None],
        )
        push_step(connection, actor, undo, now)
        details: dict[str, object] = {
            "plan_sha256": plan.sha256,
            "task_ids": undo.task_ids,
            "before_ids": undo.previous_version_ids,
            "restored_ids": undo.restored_version_ids,
            "price_usd": total_usd(ready),
            "approved_replaced": sum(step.is_approved for step in ready),
        }
        record_event(connection, "repaired", actor, now, place=(plan.stream_id, None, None), details=details)

    def _restore(self, ready: tuple[RepairStep, ...]) -> tuple[list[Version], list[tuple[RepairStep, str]]]:
        """Make the earlier versions current; one that cannot be does not keep the others from it."""
        restored, failed = [], []
        for step in ready:
            if step.restores_id is None:
                continue
            try:
                restored.append(place_version(self._studio, step.restores_id))
            except DirectorError as error:
                failed.append((step, error.user_message))
        return restored, failed


def _why_nothing(plan: RepairPlan, *, replace_approved: bool) -> str:
    if not plan.steps:
        return "Nothing is out of date, so there is nothing to repair."
    reasons = sorted({why for _, why in plan.schedule(replace_approved=replace_approved) if why})
    return f"Nothing can be repaired now, and nothing was changed: {'; '.join(reasons)}."


def _counted(steps: tuple[RepairStep, ...]) -> str:
    stills = sum(step.kind is Kind.KEYFRAME for step in steps)
    clips = len(steps) - stills
    told = [how_many(n, word) for n, word in ((stills, "still"), (clips, "clip")) if n]
    return " and ".join(told)
