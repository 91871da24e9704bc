"""Reading everything that a review page shows, in one consistent view of the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from director_lib.domain.engine_choice import EngineChoices
from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind
from director_lib.pages.cards import card, comment_line, task_chip, version_line
from director_lib.pages.frame import frame
from director_lib.pages.repair_events import out_of_date
from director_lib.pages.variant_cells import newest_set, read_variant_tasks
from director_lib.store.assets import find_asset_id
from director_lib.store.attention import is_attention_usable, scores_by_segment
from director_lib.store.comments import Talk, count_talk, list_comments
from director_lib.store.decisions import list_decisions
from director_lib.store.findings import list_findings
from director_lib.store.overview import count_versions, typical_duration_s
from director_lib.store.quorum import approvals_needed
from director_lib.store.tasks import open_tasks_by_asset
from director_lib.store.variant_sets import count_unpicked, hidden_versions
from director_lib.store.versions import find_current, list_versions
from director_lib.tasks.asking import read_choices
from director_lib.workbench import Workbench
from director_lib.workbench.standing import read_standing
from director_lib.workbench.withholding import told_tasks

Json = dict[str, Any]


@dataclass(frozen=True)
class DeskState:
    """What one review page shows.

    Attributes:
        cards: By segment id as text.
        out_of_date: How many stills and clips of the stream are.
    """

    frame: Json
    cards: dict[str, Json]
    out_of_date: Json = field(default_factory=dict)


def read_desk(workbench: Workbench, stream: Stream, kind: Kind) -> DeskState:
    """Read the frame and a card for each segment, in the stream's order."""
    studio = workbench.studio
    with studio.database.read() as connection:
        standing = read_standing(connection, stream)
        tasks = read_tasks(workbench, connection, stream.id, kind)
        counts = count_versions(connection, stream.id)
        talk = count_talk(connection, stream.id, studio.actor.username)
        engines = read_choices(connection, studio.settings, stream.id)
        variants = read_variant_tasks(connection, stream.id, kind, studio.clock())
        to_pick = count_unpicked(connection, stream.id, kind)
        needs = read_attention(connection, stream.id, kind)
        cards = {
            str(segment.id): {
                **card(
                    segment,
                    kind,
                    standing,
                    tasks.get(segment.id),
                    counts.get((segment.id, kind), 0),
                    talk.get((segment.id, kind), Talk()),
                ),
                **engine_of(engines, segment.id, kind),
                "variant_tasks": variants.get(segment.id, []),
                "to_pick": to_pick.get(segment.id, 0),
                "attention": needs.get(segment.id),
            }
            for segment in stream.segments
        }
        page = "keyframes" if kind is Kind.KEYFRAME else "videos"
        shown = frame(studio, connection, page, stream, standing)
        return DeskState(shown, cards, out_of_date(standing))


def read_attention(connection: sa.Connection, stream_id: str, kind: Kind) -> dict[int, float]:
    """Read by segment how likely it is not to be approved; empty while nobody can tell better than chance."""
    if not is_attention_usable(connection):
        return {}
    scores = scores_by_segment(connection, stream_id, kind)
    return {segment_id: round(score, 3) for segment_id, score in scores.items()}


def read_tasks(
    workbench: Workbench, connection: sa.Connection, stream_id: str, kind: Kind
) -> dict[int, Json]:
    """Read the open or freshly failed task of each segment; segments without one are absent."""
    now = workbench.studio.clock()
    by_asset = open_tasks_by_asset(connection, stream_id)
    of_kind = [task for (_, task_kind), task in by_asset.items() if task_kind is kind]
    found = {task.request.segment_id: task for task in told_tasks(connection, of_kind)}
    typical_s = {
        engine: typical_duration_s(connection, engine, kind)
        for engine in {task.request.engine for task in found.values()}
    }
    return {
        segment_id: task_chip(task, typical_s[task.request.engine], now) for segment_id, task in found.items()
    }


def engine_of(engines: EngineChoices, segment_id: int, kind: Kind) -> Json:
    """Say what a segment's asset is made with, and for what that was chosen: "segment", "stream" or ""."""
    engine, model = engines.pick(segment_id, kind)
    own, whole = (segment_id, kind) in engines.chosen, (None, kind) in engines.chosen
    return {"engine": engine, "model": model, "engine_for": "segment" if own else "stream" if whole else ""}


def read_detail(workbench: Workbench, stream: Stream, segment_id: int, kind: Kind) -> Json:
    """Read the versions, newest first, and the comments, oldest first, of one segment's asset."""
    stream.get_segment(segment_id)
    with workbench.studio.database.read() as connection:
        asset_id = find_asset_id(connection, stream.id, segment_id, kind)
        hidden = hidden_versions(connection, asset_id) if asset_id is not None else set()
        versions = list_versions(connection, asset_id) if asset_id is not None else []
        versions = [version for version in versions if version.id not in hidden]
        decisions = list_decisions(connection, asset_id) if asset_id is not None else []
        current = find_current(connection, asset_id) if asset_id is not None else None
        needed = approvals_needed(connection, stream.id)
        found = list_findings(connection, [version.id for version in versions])
        comments = list_comments(connection, stream.id, segment_id, kind)
        variants = newest_set(connection, stream.id, segment_id, kind)
    current_id = current.id if current else None
    text = "\n\n".join(
        section.text for section in stream.sections if segment_id in section.segment_ids and section.text
    )
    return {
        "segment_id": segment_id,
        "versions": [
            {
                **version_line(version, decisions, current_id, needed),
                "fault": workbench.versions.find_fault(version),
                "findings": [asdict(finding) for finding in found.get(version.id, [])],
            }
            for version in reversed(versions)
        ],
        "comments": [comment_line(comment) for comment in comments],
        "variants": variants,
        "section_text": text,
    }
