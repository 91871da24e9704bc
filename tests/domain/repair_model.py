"""A stream of one segment in which versions are made, judged and repaired, without files or database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import product

from director_lib.domain.repair import AssetHistory, RepairAction, RepairPlan
from director_lib.domain.review import DecisionKind
from director_lib.domain.spec_digest import SpecDigests
from director_lib.domain.staleness import stale_reasons
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind, Origin, Provenance, Version

NOW = datetime(2026, 11, 21, tzinfo=UTC)
APPROVALS = {DecisionKind.APPROVED, DecisionKind.APPROVED_WITH_NOTES}
SENT_BACK = {DecisionKind.REGENERATE, DecisionKind.ADJUST_PROMPT}


def stream_of(image: str = "a sea", motion: str = "push in", **facts: object) -> Stream:
    """Describe a stream of one segment."""
    segment = Segment(1, image_prompt=image, motion_prompt=motion)
    return Stream("s", "S", segments=(segment,), **facts)  # type: ignore[arg-type]


@dataclass
class Model:
    """What is made of the stream's only segment; each kind's last-chosen version is current."""

    stream: Stream
    prices: dict[Kind, float] = field(default_factory=dict)
    versions: dict[Kind, list[Version]] = field(default_factory=lambda: {kind: [] for kind in Kind})
    current: dict[Kind, Version] = field(default_factory=dict)
    verdicts: dict[str, DecisionKind] = field(default_factory=dict)

    @property
    def segment(self) -> Segment:
        return self.stream.segments[0]

    def make(self, kind: Kind, *, spec_known: bool = True, origin: Origin = Origin.GENERATED) -> Version:
        """Make the asset of what the stream asks for now, and make it current."""
        made_here = origin is not Origin.FOUND
        still = self.current.get(Kind.KEYFRAME) if kind is Kind.VIDEO and made_here else None
        of = Provenance(
            image_prompt=self.segment.image_prompt if made_here else None,
            motion_prompt=self.segment.motion_prompt if made_here and kind is Kind.VIDEO else None,
            source_version_id=still.id if still else None,
            spec_sha256=SpecDigests(self.stream).of(self.segment) if made_here and spec_known else None,
        )
        number = len(self.versions[kind]) + 1
        version_id = number * 10 + list(Kind).index(kind)
        sha256 = f"{version_id:064x}"
        version = Version(version_id, "s", 1, kind, number, sha256, ".x", 1, origin, NOW, provenance=of)
        self.versions[kind].append(version)
        self.current[kind] = version
        return version

    def ask(self, **fields: str) -> None:
        """Change the segment's prompts."""
        self.stream = replace(self.stream, segments=(replace(self.segment, **fields),))  # type: ignore[arg-type]

    def judge(self, version: Version, verdict: DecisionKind) -> None:
        self.verdicts[version.sha256] = verdict

    def approved(self, version: Version) -> bool:
        return self.verdicts.get(version.sha256) in APPROVALS

    def histories(self) -> Mapping[tuple[int, Kind], AssetHistory]:
        approved = frozenset(sha for sha, verdict in self.verdicts.items() if verdict in APPROVALS)
        return {
            (1, kind): AssetHistory(
                current, tuple(self.versions[kind]), self.verdicts, approved, self.prices.get(kind, 0.0)
            )
            for kind, current in self.current.items()
        }

    def stale(self, still: Version | None = None, clip: Version | None = None) -> list[str]:
        """Say what would be stale with these versions; with the current ones where None."""
        shown = still or self.current.get(Kind.KEYFRAME)
        film = clip or self.current.get(Kind.VIDEO)
        of_still = stale_reasons(shown, self.stream, self.segment, shown)
        return of_still + stale_reasons(film, self.stream, self.segment, shown)

    def apply(self, plan: RepairPlan) -> None:
        """Do every step, in order."""
        for step in plan.steps:
            assert self.current[step.kind].id == step.replaces_id
            if step.action is RepairAction.REGENERATE:
                self.make(step.kind)
            else:
                known = {version.id: version for version in self.versions[step.kind]}
                self.current[step.kind] = known[step.restores_id or 0]

    def prices_of_all_ways(self) -> Iterator[float]:
        """Try every allowed combination of keeping, restoring and making, and price those that repair."""
        for still, clip in product(self._ways(Kind.KEYFRAME), self._ways(Kind.VIDEO)):
            trial = replace(
                self, versions={k: list(v) for k, v in self.versions.items()}, current=dict(self.current)
            )
            price_usd = trial.take(Kind.KEYFRAME, still) + trial.take(Kind.VIDEO, clip)
            if not trial.stale():
                yield round(price_usd, 6)

    def take(self, kind: Kind, version: Version | None) -> float:
        if kind not in self.current:
            return 0.0
        if version is None:
            self.make(kind)
            return self.prices[kind]
        self.current[kind] = version
        return 0.0

    def _ways(self, kind: Kind) -> Iterator[Version | None]:
        current = self.current.get(kind)
        if current is None:
            yield None
            return
        yield current
        own = [] if kind is Kind.VIDEO else stale_reasons(current, self.stream, self.segment, None)
        is_kept = kind is Kind.KEYFRAME and not own
        if not is_kept:
            yield None
        if is_kept and self.approved(current):
            return
        refused = SENT_BACK if is_kept else {DecisionKind.REGENERATE}
        for version in self.versions[kind]:
            is_known = version.origin is Origin.GENERATED and version.provenance.spec_sha256 is not None
            if is_known and self.verdicts.get(version.sha256) not in refused:
                yield version
