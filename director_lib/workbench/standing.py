"""Where every still and clip of a stream stands: current version, decision, staleness.

Pages, gates and the command line all read this one thing, so that "approved" means the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from director_lib.domain.checkpoint import AssetStanding
from director_lib.domain.gate_rules import CheckpointDecision
from director_lib.domain.review import Decision, Verdict
from director_lib.domain.staleness import StalenessRule
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind, Version
from director_lib.store.checkpoints import list_checkpoint_decisions
from director_lib.store.decisions import read_verdicts
from director_lib.store.quorum import approvals_needed
from director_lib.store.versions import current_versions


@dataclass(frozen=True)
class StreamStanding:
    """Current versions and what the decisions on them come to, by segment id and kind.

    Attributes:
        checkpoint_decisions: Every decision on story, spec and cut, undo records included, oldest first.
        approvals_needed: How many people have to approve.
    """

    stream: Stream
    versions: dict[tuple[int, Kind], Version]
    verdicts: dict[tuple[int, Kind], Verdict[Decision]]
    checkpoint_decisions: list[CheckpointDecision]
    approvals_needed: int = 1

    @cached_property
    def decisions(self) -> dict[tuple[int, Kind], Decision]:
        """The newest decision that counts for each asset's current version; undecided assets are absent."""
        found = {place: verdict.decision for place, verdict in self.verdicts.items()}
        return {place: decision for place, decision in found.items() if decision is not None}

    def version(self, segment_id: int, kind: Kind) -> Version | None:
        """Return the asset's current version, or None when it is missing."""
        return self.versions.get((segment_id, kind))

    def decision(self, segment_id: int, kind: Kind) -> Decision | None:
        """Return the decision on the current version, or None when undecided."""
        return self.verdict(segment_id, kind).decision

    def verdict(self, segment_id: int, kind: Kind) -> Verdict[Decision]:
        """Return what the decisions on the current version come to."""
        return self.verdicts.get((segment_id, kind)) or Verdict(None, (), self.approvals_needed)

    def stale(self, segment: Segment, kind: Kind) -> list[str]:
        """Say why the current version is stale; empty when it is not."""
        place = (segment.id, kind)
        if place not in self._reasons:
            keyframe = self.version(segment.id, Kind.KEYFRAME)
            reasons = self._rule.reasons(self.version(*place), segment, keyframe)
            self._reasons[place] = [reason.text for reason in reasons]
        return self._reasons[place]

    @cached_property
    def _rule(self) -> StalenessRule:
        return StalenessRule(self.stream)

    @cached_property
    def _reasons(self) -> dict[tuple[int, Kind], list[str]]:
        # cards, gates and counts of one page all ask for the same
        return {}

    def asset(self, segment: Segment, kind: Kind) -> AssetStanding:
        """Return what a gate needs to know of one asset."""
        verdict = self.verdict(segment.id, kind)
        return AssetStanding(
            has_version=self.version(segment.id, kind) is not None,
            approved=verdict.is_approved,
            stale=bool(self.stale(segment, kind)),
            sent_back=verdict.is_sent_back,
        )

    def assets(self, kind: Kind) -> dict[int, AssetStanding]:
        """Return every asset of one kind by segment id, in the stream's order."""
        return {segment.id: self.asset(segment, kind) for segment in self.stream.segments}


def read_standing(connection: sa.Connection, stream: Stream) -> StreamStanding:
    """Read where a stream's assets stand now."""
    return StreamStanding(
        stream=stream,
        versions=current_versions(connection, stream.id),
        verdicts=read_verdicts(connection, stream.id),
        checkpoint_decisions=list_checkpoint_decisions(connection, stream.id),
        approvals_needed=approvals_needed(connection, stream.id),
    )
