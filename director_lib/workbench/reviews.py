"""Judging stills and clips: decide, regenerate, undo, restore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from director_lib.domain.people import Action, may
from director_lib.domain.review import Decision, DecisionKind, check_asset_decision
from director_lib.domain.task import GenerationRequest, Task
from director_lib.domain.version import Kind, Version
from director_lib.errors import StaleWriteError
from director_lib.store.assets import find_asset_id
from director_lib.store.decisions import NewDecision, list_decisions
from director_lib.store.tasks import open_tasks_by_asset
from director_lib.store.undo import UndoStep, push_step
from director_lib.store.versions import current_versions, list_versions
from director_lib.workbench.prompts import Prompts
from director_lib.workbench.standing import StreamStanding, read_standing
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio
from director_lib.workbench.tasks import Tasks
from director_lib.workbench.undoing import UndoHistory, place_version
from director_lib.workbench.verdicts import Seen, check_unseen, judged_version, record_decision

_WORDS = {
    DecisionKind.APPROVED: "approved",
    DecisionKind.APPROVED_WITH_NOTES: "approved with notes",
    DecisionKind.ADJUST_PROMPT: "sent back for another prompt",
    DecisionKind.REGENERATE: "sent back",
}


@dataclass(frozen=True, slots=True)
class Regeneration:
    """A request to make an asset again.

    Attributes:
        prompts: Prompt fields as the director leaves them; those that differ from the stream's are saved.
        base: Prompt fields as the director found them; None saves over whatever the file says.
        seed: A seed to reuse, or None for a new one.
        engine: None for the configured one.
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


class Reviews:
    """Decisions on stills and clips, each bound to the exact bytes that were judged."""

    def __init__(self, studio: Studio, streams: Streams, prompts: Prompts, tasks: Tasks) -> None:
        self._studio = studio
        self._streams = streams
        self._prompts = prompts
        self._tasks = tasks
        self._history = UndoHistory(studio, tasks)

    def standing(self, stream_id: str) -> StreamStanding:
        """Read where every still and clip of a stream stands."""
        stream = self._streams.get(stream_id)
        with self._studio.database.read() as connection:
            return read_standing(connection, stream)

    def versions(self, stream_id: str, segment_id: int, kind: Kind) -> list[Version]:
        """Read an asset's versions, oldest first; empty when it never had one."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            asset_id = find_asset_id(connection, stream_id, segment_id, kind)
            return [] if asset_id is None else list_versions(connection, asset_id)

    def decisions(self, stream_id: str, segment_id: int, kind: Kind) -> list[Decision]:
        """Read an asset's decision records, undo records included, oldest first."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            asset_id = find_asset_id(connection, stream_id, segment_id, kind)
            return [] if asset_id is None else list_decisions(connection, asset_id)

    def decide(
        self,
        stream_id: str,
        kind: Kind,
        judged: Mapping[int, str],
        decision: DecisionKind,
        note: str = "",
        *,
        seen: Seen | None = None,
    ) -> list[Decision]:
        """Record one verdict on one or many assets, all or none.

        Args:
            judged: Segment id to the sha256 of the version that was looked at.
            seen: What the person had been shown; None, where there is no screen, overrules all before.

        Raises:
            RuleError: One of the segments has no version.
            StaleWriteError: One of them has another version by now, or somebody else decided otherwise and
                the person was not shown that.
        """
        self._studio.require(Action.DECIDE)
        check_asset_decision(decision, note)
        now = self._studio.clock()
        with self._studio.database.write() as connection:
            current = current_versions(connection, stream_id)
            made = []
            for segment_id, sha256 in judged.items():
                version = judged_version(current, segment_id, kind, sha256)
                new = NewDecision(
                    version.id,
                    sha256,
                    decision,
                    self._studio.actor.username,
                    now,
                    note,
                    seen.at if seen else None,
                )
                if seen is not None:
                    check_unseen(connection, version, new, seen.decision_seq)
                made.append(record_decision(connection, new, (stream_id, segment_id, kind)))
            step = UndoStep(0, stream_id, _label(decision, kind, list(judged)), [row.seq for row in made])
            push_step(connection, self._studio.actor.username, step, now)
        return made

    def regenerate(self, regeneration: Regeneration) -> Task:
        """Send an asset back and queue its next version, in one step.

        The prompts that changed are saved first. A second press while the same wish still waits or runs
        gives the task that is there. The decision recorded is "adjust prompt" when the new prompt
        differs from the one the version was made with, else "regenerate".

        Raises:
            StaleWriteError: The asset has another version by now.
            PromptClashError: A prompt was changed elsewhere, too; nothing was saved or queued.
            RuleError: There is no prompt, no approved keyframe for a clip, or no budget.
        """
        self._studio.require(Action.GENERATE)
        asked = regeneration
        self._prompts.save_changed(asked.stream_id, asked.segment_id, asked.prompts, base=asked.base)
        stream = self._streams.get(asked.stream_id)
        request = self._tasks.request_for(
            stream, asked.segment_id, asked.kind, seed=asked.seed, engine=asked.engine
        )
        now = self._studio.clock()
        with self._studio.database.write() as connection:
            version = current_versions(connection, asked.stream_id).get((asked.segment_id, asked.kind))
            _check_unchanged(version, asked)
            waiting = open_tasks_by_asset(connection, asked.stream_id).get((asked.segment_id, asked.kind))
            if waiting and asked.seed is None and _is_same_wish(waiting, request):
                return waiting
            decisions = self._send_back(connection, version, request, asked.seen_seq)
            task = self._tasks.enqueue_in(
                connection,
                request,
                seed_is_chosen=asked.seed is not None,
                allow_unapproved_keyframe=asked.allow_unapproved_keyframe,
            )
            step = UndoStep(
                0,
                asked.stream_id,
                f"regenerated {asked.kind} {asked.segment_id}",
                [decision.seq for decision in decisions],
                [task.id],
                [version.id] if version else [],
            )
            push_step(connection, self._studio.actor.username, step, now)
        return task

    def undo(self) -> str:
        """Take back this person's last decision or regeneration; see ``UndoHistory.undo``."""
        return self._history.undo()

    def redo(self) -> str:
        """Do again what this person undid last; see ``UndoHistory.redo``."""
        return self._history.redo()

    def restore(self, version_id: int) -> Version:
        """Make an earlier version current again; every other version stays.

        Raises:
            NotFoundError: There is no such version.
        """
        self._studio.require(Action.GENERATE)
        return place_version(self._studio, version_id)

    def _send_back(
        self,
        connection: sa.Connection,
        version: Version | None,
        request: GenerationRequest,
        seen_seq: int | None,
    ) -> list[Decision]:
        if version is None or not may(self._studio.actor, Action.DECIDE):
            return []
        made_of = version.provenance
        asked, sent = (
            (request.image_prompt, made_of.image_prompt)
            if version.kind is Kind.KEYFRAME
            else (request.motion_prompt, made_of.motion_prompt)
        )
        adjusted = sent is not None and sent != asked
        decision = DecisionKind.ADJUST_PROMPT if adjusted else DecisionKind.REGENERATE
        new = NewDecision(
            version.id, version.sha256, decision, self._studio.actor.username, self._studio.clock()
        )
        if seen_seq is not None:
            check_unseen(connection, version, new, seen_seq)
        return [record_decision(connection, new, (version.stream_id, version.segment_id, version.kind))]


def _check_unchanged(version: Version | None, asked: Regeneration) -> None:
    found = version.sha256 if version else None
    if found != asked.expected_sha256:
        number = f"version {version.number}" if version else "gone"
        raise StaleWriteError(f"The {asked.kind} of segment {asked.segment_id}", f"it is {number} now.")


def _is_same_wish(task: Task, request: GenerationRequest) -> bool:
    return task.is_open and replace(task.request, seed=0) == replace(request, seed=0)


def _label(decision: DecisionKind, kind: Kind, segment_ids: list[int]) -> str:
    which = f"{kind} {segment_ids[0]}" if len(segment_ids) == 1 else f"{len(segment_ids)} {kind}s"
    return f"{_WORDS[decision]} {which}"
