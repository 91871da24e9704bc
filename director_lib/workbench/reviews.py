"""Judging stills and clips: decide, regenerate, undo, restore."""

from __future__ import annotations

from collections.abc import Mapping

from director_lib.domain.people import Action
from director_lib.domain.review import Decision, DecisionKind, check_asset_decision
from director_lib.domain.task import Task
from director_lib.domain.version import Kind, Version
from director_lib.store.assets import find_asset_id
from director_lib.store.decisions import NewDecision, list_decisions
from director_lib.store.undo import UndoStep, push_step
from director_lib.store.versions import current_versions, list_versions
from director_lib.workbench.prompts import Prompts
from director_lib.workbench.regenerating import Regenerating, Regeneration
from director_lib.workbench.standing import StreamStanding, read_standing
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio
from director_lib.workbench.tasks import Tasks
from director_lib.workbench.undoing import UndoHistory, place_version
from director_lib.workbench.verdicts import Seen, check_unseen, judged_version, record_decision

__all__ = ["Regeneration", "Reviews"]

_WORDS = {
    DecisionKind.APPROVED: "approved",
    DecisionKind.APPROVED_WITH_NOTES: "approved with notes",
    DecisionKind.ADJUST_PROMPT: "sent back for another prompt",
    DecisionKind.REGENERATE: "sent back",
}


class Reviews:
    """Decisions on stills and clips, each bound to the exact bytes that were judged."""

    def __init__(self, studio: Studio, streams: Streams, prompts: Prompts, tasks: Tasks) -> None:
        self._studio = studio
        self._streams = streams
        self._regenerating = Regenerating(studio, streams, prompts, tasks)
        self._history = UndoHistory(studio, tasks, prompts)

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
            current = current_versions(connection, stream_id, judged.keys())
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
            step = UndoStep(0, stream_id, label(decision, kind, list(judged)), [row.seq for row in made])
            push_step(connection, self._studio.actor.username, step, now)
        return made

    def regenerate(self, regeneration: Regeneration) -> Task:
        """Send an asset back and queue its next version; see ``Regenerating.regenerate``."""
        return self._regenerating.regenerate(regeneration)[0][0]

    def regenerate_or_find(self, regeneration: Regeneration) -> tuple[Task, bool]:
        """Send an asset back and queue its next version or versions; see ``Regenerating.regenerate``.

        Returns:
            The first task, and whether it is new.
        """
        return self._regenerating.regenerate(regeneration)[0]

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


def label(decision: DecisionKind, kind: Kind, segment_ids: list[int]) -> str:
    """Say in words what one step decided, for its undo."""
    which = f"{kind} {segment_ids[0]}" if len(segment_ids) == 1 else f"{len(segment_ids)} {kind}s"
    return f"{_WORDS[decision]} {which}"
