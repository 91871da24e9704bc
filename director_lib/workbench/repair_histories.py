"""Reading what a repair plan is made from: versions, verdicts, prices and what is being made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.engine_choice import EngineChoices
from director_lib.domain.repair import AssetHistory
from director_lib.domain.repair_choice import Place
from director_lib.domain.review import Decision, judge
from director_lib.domain.stream import Segment
from director_lib.domain.task import GenerationRequest, Task
from director_lib.domain.version import Kind, Version
from director_lib.store.decisions import list_stream_decisions
from director_lib.store.tasks import open_tasks_by_asset
from director_lib.store.versions import list_stream_versions
from director_lib.tasks.asking import read_choices
from director_lib.tasks.requests import make_request
from director_lib.tasks.selection import why_not_made
from director_lib.workbench.standing import StreamStanding


@dataclass(frozen=True, slots=True)
class _Known:
    versions: Sequence[Version]
    decisions: Sequence[Decision]
    task: Task | None
    choices: EngineChoices


@dataclass(frozen=True, slots=True)
class HistoryReader:
    """Reads histories of one studio.

    Attributes:
        price_usd: Estimates what requests cost together.
    """

    settings: Settings
    price_usd: Callable[[Sequence[GenerationRequest]], float]

    def read(
        self, connection: sa.Connection, standing: StreamStanding, segments: Sequence[Segment]
    ) -> dict[Place, AssetHistory]:
        """Read the histories of the named segments' assets; those without a version are absent."""
        stream_id, segment_ids = standing.stream.id, [segment.id for segment in segments]
        versions: dict[Place, list[Version]] = defaultdict(list)
        for version in list_stream_versions(connection, stream_id, segment_ids):
            versions[version.segment_id, version.kind].append(version)
        decisions: dict[Place, list[Decision]] = defaultdict(list)
        for decision in list_stream_decisions(connection, stream_id, segment_ids):
            decisions[decision.segment_id, decision.kind].append(decision)
        tasks = open_tasks_by_asset(connection, stream_id)
        choices = read_choices(connection, self.settings, stream_id)
        found = {}
        for segment in segments:
            for kind in Kind:
                place = (segment.id, kind)
                if standing.version(*place) is not None:
                    known = _Known(versions[place], decisions[place], tasks.get(place), choices)
                    found[place] = self._history(standing, segment, kind, known)
        return found

    def _history(
        self,
        standing: StreamStanding,
        segment: Segment,
        kind: Kind,
        known: _Known,
    ) -> AssetHistory:
        current = standing.version(segment.id, kind)
        assert current is not None
        needed = standing.approvals_needed
        judged = {one.sha256: judge(known.decisions, one.sha256, needed) for one in known.versions}
        keyframe = standing.version(segment.id, Kind.KEYFRAME)
        request = make_request(known.choices, standing.stream, segment, kind, keyframe, {})
        return AssetHistory(
            current=current,
            versions=tuple(known.versions),
            verdicts={
                sha256: verdict.decision.decision for sha256, verdict in judged.items() if verdict.decision
            },
            approved=frozenset(sha256 for sha256, verdict in judged.items() if verdict.is_approved),
            price_usd=self.price_usd([request]),
            why_not=why_not_made(segment, kind, keyframe),
            is_being_made=known.task is not None and known.task.is_open,
        )
