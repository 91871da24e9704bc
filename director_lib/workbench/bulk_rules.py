"""Why one of many segments is left out when something is done to all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind, Version
from director_lib.errors import RuleError
from director_lib.store.tasks import open_tasks_by_asset
from director_lib.workbench.standing import StreamStanding, read_standing

BEING_MADE = "it is being made already"
OVERRULED = "somebody decided otherwise just now"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person had in front of them of one segment.

    Attributes:
        sha256: Digest of the version; None when there was none.
        decision_seq: The newest decision on it that they were shown; 0 for none.
    """

    sha256: str | None
    decision_seq: int = 0


@dataclass(frozen=True, slots=True)
class Standings:
    """Where the stills or clips of a stream stand, read once.

    Attributes:
        being_made: Segments whose asset somebody asked for already.
        me: Who does it.
    """

    standing: StreamStanding
    kind: Kind
    being_made: frozenset[int]
    me: str

    def in_order(self, segment_ids: Collection[int]) -> list[int]:
        """Return segments in the stream's order, each once.

        Raises:
            NotFoundError: The stream has no such segment.
        """
        wanted = {self.standing.stream.get_segment(segment_id).id for segment_id in segment_ids}
        return [segment.id for segment in self.standing.stream.segments if segment.id in wanted]

    def version(self, segment_id: int) -> Version | None:
        """Return the current version, None when it is missing."""
        return self.standing.version(segment_id, self.kind)

    def get_version(self, segment_id: int) -> Version:
        """Return the current version.

        Raises:
            RuleError: There is none.
        """
        version = self.version(segment_id)
        if version is None:
            raise RuleError(f"Segment {segment_id} has no {self.kind} yet, so there is nothing to decide on.")
        return version

    def is_being_made(self, segment_id: int) -> bool:
        """Whether somebody asked for its next version already."""
        return segment_id in self.being_made

    def why_not_approved(self, segment_id: int, shown: Shown) -> str:
        """Say why it is not approved together with others; empty when it can be."""
        verdict = self.standing.verdict(segment_id, self.kind)
        if self.version(segment_id) is None:
            return f"it has no {self.kind} yet"
        if verdict.is_approved:
            return "it is approved already"
        if self.me in verdict.approvers:
            return "you approved it already"
        return self.why_not_made(segment_id, shown)

    def why_not_made(self, segment_id: int, shown: Shown) -> str:
        """Say why it is not made anew together with others; empty when it can be."""
        if self.is_being_made(segment_id):
            return BEING_MADE
        version = self.version(segment_id)
        if (version.sha256 if version else None) == shown.sha256:
            return ""
        return f"it is version {version.number} by now" if version else f"its {self.kind} is gone"


def read_standings(connection: sa.Connection, stream: Stream, kind: Kind, me: str) -> Standings:
    """Read where the stills or clips of a stream stand now, for somebody."""
    tasks = open_tasks_by_asset(connection, stream.id)
    being_made = frozenset(
        number for (number, task_kind), task in tasks.items() if task_kind is kind and task.is_open
    )
    return Standings(read_standing(connection, stream), kind, being_made, me)
