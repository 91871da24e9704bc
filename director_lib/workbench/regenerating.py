"""Sending a still or clip back and asking for its next version, or for several to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from director_lib.domain.people import Action, may
from director_lib.domain.review import Decision, DecisionKind
from director_lib.domain.task import GenerationRequest, Task
from director_lib.domain.variant_arm import Arm
from director_lib.domain.version import Kind, Version
from director_lib.errors import StaleWriteError
from director_lib.store.decisions import NewDecision
from director_lib.store.tasks import open_tasks_by_asset
from director_lib.store.undo import UndoStep, push_step
from director_lib.store.versions import current_versions
from director_lib.tasks.ordering import Making, Order
from director_lib.tasks.selection import Choice
from director_lib.workbench.prompts import Prompts
from director_lib.workbench.queueing import Queued
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio
from director_lib.workbench.tasks import Tasks
from director_lib.workbench.verdicts import check_unseen, record_decision


@dataclass(frozen=True, slots=True)
class Regeneration:
    """A request to make an asset again.

    Attributes:
        prompts: Prompt fields as the director leaves them; those that differ from the stream's are saved.
        base: Prompt fields as the director found them; None saves over whatever the file says.
        seed: A seed to reuse, or None for a new one.
        engine: None for the configured one.
        model: The engine's model; None for the one chosen, or the engine's own.
        variants: How many versions to choose from, 1 to 4.
        arms: How these versions differ, in place of ``variants``.
        blind: Nobody is told which of them is which until one is picked.
        reference_version_ids: Stills to send along, for engines that take them.
        expected_sha256: Digest of the version that was on the screen; None when there was none.
        seen_seq: The newest decision on it that the person was shown, 0 for none; None skips the check.
        allow_unapproved_keyframe: Make a clip although its keyframe is not approved; it is recorded.
    """

    stream_id: str
    segment_id: int
    kind: Kind
    prompts: Mapping[str, str]
    seed: int | None = None
    engine: str | None = None
    expected_sha256: str | None = None
    seen_seq: int | None = None
    allow_unapproved_keyframe: bool = False
    base: Mapping[str, str] | None = None
    model: str | None = None
    variants: int = 1
    arms: tuple[Arm, ...] = ()
    blind: bool = False
    reference_version_ids: tuple[int, ...] = ()

    @property
    def making(self) -> Making:
        """How it is to be made."""
        return Making(
            seed=self.seed,
            engine=self.engine,
            model=self.model,
            variants=self.variants,
            arms=self.arms,
            blind=self.blind,
            reference_version_ids=self.reference_version_ids,
        )


class Regenerating:
    """One person's way of having things made anew."""

    def __init__(self, studio: Studio, streams: Streams, prompts: Prompts, tasks: Tasks) -> None:
        self._studio = studio
        self._streams = streams
        self._prompts = prompts
        self._tasks = tasks

    def regenerate(self, asked: Regeneration) -> Queued:
        """Send an asset back and queue its next version, or variants of it; one undo takes it back.

        The prompts that changed are saved first. A second press while the same wish still waits or runs
        gives the tasks that are there. The decision recorded is "adjust prompt" when the new prompt
        differs from the one the version was made with, else "regenerate".

        Returns:
            A task for each version that is made, with whether it is new.

        Raises:
            StaleWriteError: The asset has another version by now.
            PromptClashError: A prompt was changed elsewhere, too; nothing was saved or queued.
            RuleError: There is no prompt, no approved keyframe for a clip, or no budget.
            InputError: There is no such engine or model, it takes no such pictures, or there are too many
                variants; nothing was queued.
        """
        self._studio.require(Action.GENERATE)
        self._prompts.save_changed(asked.stream_id, asked.segment_id, asked.prompts, base=asked.base)
        stream = self._streams.get(asked.stream_id)
        place = (asked.segment_id, asked.kind)
        with self._studio.database.write() as connection:
            current = current_versions(connection, asked.stream_id)
            version = current.get(place)
            _check_unchanged(version, asked)
            keyframe = current.get((asked.segment_id, Kind.KEYFRAME))
            choice = Choice(stream.get_segment(asked.segment_id), keyframe, None)
            orders = self._tasks.orders_for(connection, stream, asked.kind, [choice], asked.making)
            waiting = open_tasks_by_asset(connection, asked.stream_id).get(place)
            if waiting is not None and _is_same_wish(waiting, orders, asked):
                return self._known(connection, orders, waiting)
            decisions = send_back(self._studio, connection, version, orders[0].request, asked.seen_seq)
            queued = self._tasks.enqueue_or_find_all_in(
                connection,
                orders,
                seed_is_chosen=asked.seed is not None,
                allow_unapproved_keyframe=asked.allow_unapproved_keyframe,
            )
            step = UndoStep(
                0,
                asked.stream_id,
                f"regenerated {asked.kind} {asked.segment_id}",
                [decision.seq for decision in decisions],
                [task.id for task, _ in queued],
                [version.id] if version else [],
            )
            push_step(connection, self._studio.actor.username, step, self._studio.clock())
        return queued

    def _known(self, connection: sa.Connection, orders: Sequence[Order], waiting: Task) -> Queued:
        if len(orders) == 1:
            return [(waiting, False)]
        return self._tasks.enqueue_or_find_all_in(connection, orders)


def send_back(
    studio: Studio,
    connection: sa.Connection,
    version: Version | None,
    request: GenerationRequest,
    seen_seq: int | None,
) -> list[Decision]:
    """Record in the caller's transaction that a version is to be made anew; nothing for who may not decide.

    Args:
        request: What is asked for in its place.
        seen_seq: The newest decision on it that the person was shown, 0 for none; None skips the check.

    Raises:
        StaleWriteError: Somebody else decided otherwise, and the person was not shown that.
    """
    if version is None or not may(studio.actor, Action.DECIDE):
        return []
    made_of = version.provenance
    asked, sent = (
        (request.image_prompt, made_of.image_prompt)
        if version.kind is Kind.KEYFRAME
        else (request.motion_prompt, made_of.motion_prompt)
    )
    adjusted = sent is not None and sent != asked
    decision = DecisionKind.ADJUST_PROMPT if adjusted else DecisionKind.REGENERATE
    new = NewDecision(version.id, version.sha256, decision, studio.actor.username, studio.clock())
    if seen_seq is not None:
        check_unseen(connection, version, new, seen_seq)
    return [record_decision(connection, new, (version.stream_id, version.segment_id, version.kind))]


def _check_unchanged(version: Version | None, asked: Regeneration) -> None:
    found = version.sha256 if version else None
    if found != asked.expected_sha256:
        number = f"version {version.number}" if version else "gone"
        raise StaleWriteError(f"The {asked.kind} of segment {asked.segment_id}", f"it is {number} now.")


def _is_same_wish(waiting: Task, orders: Sequence[Order], asked: Regeneration) -> bool:
    """Tell whether what is wanted is being made already."""
    if not waiting.is_open or asked.seed is not None:
        return False
    if len(orders) > 1:
        return orders[0].variant_set_id == waiting.variant_set_id
    return replace(waiting.request, seed=0) == replace(orders[0].request, seed=0)
