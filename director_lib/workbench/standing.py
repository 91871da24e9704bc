"""Where every still and clip of a stream stands: current version, decision, staleness.

Pages, gates and the command line all read this one thing, so that "approved" means the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from director_lib.domain.checkpoint import AssetStanding, Checkpoint
from director_lib.domain.review import Decision, DecisionKind, is_approved
from director_lib.domain.staleness import stale_reasons
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind, Version
from director_lib.store.checkpoints import latest_checkpoint_decisions
from director_lib.store.decisions import effective_decisions
from director_lib.store.versions import current_versions


@dataclass(frozen=True)
class StreamStanding:
    """Current versions and the decisions that count, by segment id and kind; gate decisions by checkpoint."""

    stream: Stream
    versions: dict[tuple[int, Kind], Version]
    decisions: dict[tuple[int, Kind], Decision]
    gate_decisions: dict[Checkpoint, DecisionKind]

    def version(self, segment_id: int, kind: Kind) -> Version | None:
        """Return the asset's current version, or None when it is missing."""
        return self.versions.get((segment_id, kind))

    def decision(self, segment_id: int, kind: Kind) -> Decision | None:
        """Return the decision on the current version, or None when undecided."""
        return self.decisions.get((segment_id, kind))

    def stale(self, segment: Segment, kind: Kind) -> list[str]:
        """Say why the current version is stale; empty when it is not."""
        keyframe = self.version(segment.id, Kind.KEYFRAME)
        return stale_reasons(self.version(segment.id, kind), self.stream, segment, keyframe)

    def asset(self, segment: Segment, kind: Kind) -> AssetStanding:
        """Return what a gate needs to know of one asset."""
        decision = self.decision(segment.id, kind)
        approved = is_approved(decision.decision if decision else None)
        return AssetStanding(
            has_version=self.version(segment.id, kind) is not None,
            approved=approved,
            stale=bool(self.stale(segment, kind)),
            sent_back=decision is not None and not approved,
        )

    def assets(self, kind: Kind) -> dict[int, AssetStanding]:
        """Return every asset of one kind by segment id, in the stream's order."""
        return {segment.id: self.asset(segment, kind) for segment in self.stream.segments}


def read_standing(connection: sa.Connection, stream: Stream) -> StreamStanding:
    """Read where a stream's assets stand now."""
    return StreamStanding(
        stream=stream,
        versions=current_versions(connection, stream.id),
        decisions=effective_decisions(connection, stream.id),
        gate_decisions=latest_checkpoint_decisions(connection, stream.id),
    )
