"""Everything that an export says about a film, read at one moment; and where its files lie in an export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from director_lib.domain.checkpoint import GateStatus
from director_lib.domain.gate_rules import CheckpointDecision
from director_lib.domain.review import UNDECIDED, Decision
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind, Version, download_name
from director_lib.store.comments import Comment

FOLDERS = {Kind.KEYFRAME: "keyframes", Kind.VIDEO: "videos"}
VERSIONS_FOLDER = "versions"


@dataclass(frozen=True, slots=True)
class ExportedAsset:
    """A still or clip with all that belongs to it.

    Attributes:
        versions: All of them, oldest first.
        decision: The newest that counts for the current version, or None.
        stale: Why the current version is out of date; empty when it is not.
        comments: Threads and their answers, oldest first.
    """

    kind: Kind
    current: Version | None = None
    versions: tuple[Version, ...] = ()
    decision: Decision | None = None
    is_approved: bool = False
    stale: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()

    @property
    def standing(self) -> str:
        """Say in a few words how it stands."""
        if self.current is None:
            return "missing"
        words = UNDECIDED if self.decision is None else self.decision.decision.value.replace("_", " ")
        return f"{words}, out of date" if self.stale else words


@dataclass(frozen=True, slots=True)
class ExportedSegment:
    """A segment with its still and its clip."""

    segment: Segment
    keyframe: ExportedAsset
    video: ExportedAsset

    @property
    def assets(self) -> tuple[ExportedAsset, ExportedAsset]:
        """Both, the still first."""
        return self.keyframe, self.video

    @property
    def title(self) -> str:
        """Its number and its name."""
        return f"{self.segment.id:03d} {self.segment.title}".strip()


@dataclass(frozen=True, slots=True)
class FilmRecord:
    """What is known of a stream when it is exported.

    Attributes:
        segments: In the film's order; only the chosen ones when some were chosen.
        gates: The five checkpoints.
        gate_decisions: Every decision on story, spec and cut, oldest first.
        made_at: Aware UTC instant of the export.
    """

    stream: Stream
    segments: tuple[ExportedSegment, ...]
    gates: tuple[GateStatus, ...]
    gate_decisions: tuple[CheckpointDecision, ...]
    made_at: datetime
    made_by: str

    @property
    def title(self) -> str:
        """The film's name."""
        return self.stream.title or self.stream.id

    def current(self, kind: Kind | None = None) -> Iterator[Version]:
        """Go through the current versions, of one kind only when given."""
        for segment in self.segments:
            for asset in segment.assets:
                if asset.current is not None and kind in (None, asset.kind):
                    yield asset.current

    def versions(self) -> Iterator[Version]:
        """Go through every version."""
        for segment in self.segments:
            for asset in segment.assets:
                yield from asset.versions

    def current_ids(self) -> frozenset[int]:
        """Return the ids of the current versions."""
        return frozenset(version.id for version in self.current())


def current_place(version: Version) -> str:
    """Return where a current version lies in an export."""
    return f"{FOLDERS[version.kind]}/{download_name(version)}"


def version_place(version: Version) -> str:
    """Return where any version lies among all of them."""
    return f"{VERSIONS_FOLDER}/{version.kind}_{version.segment_id:03d}/{download_name(version)}"
