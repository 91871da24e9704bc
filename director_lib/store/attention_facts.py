"""What is known of versions before they are judged, read from the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from director_lib.domain.finding import Severity
from director_lib.domain.version import Kind
from director_lib.store.attention import read_ids_in_parts
from director_lib.store.tables import assets, findings, versions

_KEYFRAME_ASSET = assets.alias()
_SOURCE = versions.alias()


@dataclass(frozen=True, slots=True)
class AttentionFacts:
    """A version as it is known before it is judged.

    Attributes:
        source_number: Number of the keyframe that a clip was made from; None for others.
        keyframe_asset_id: The asset of the segment's keyframe; None for a still.
        findings: Code and severity of what the automatic look found.
    """

    version_id: int
    stream_id: str
    segment_id: int
    kind: Kind
    number: int
    origin: str
    engine: str
    model: str
    prompt: str
    source_number: int | None
    keyframe_asset_id: int | None
    current_keyframe_id: int | None
    source_version_id: int | None
    findings: tuple[tuple[str, Severity], ...] = ()


def read_attention_facts(connection: sa.Connection, version_ids: Sequence[int]) -> list[AttentionFacts]:
    """Read what is known of versions, by id; unknown ids are left out."""
    facts = []
    for part in read_ids_in_parts(sorted(version_ids)):
        found = _findings(connection, part)
        for row in connection.execute(_query().where(versions.c.id.in_(part)).order_by(versions.c.id)):
            facts.append(_facts(row, tuple(found.get(row.id, ()))))
    return facts


def _query() -> sa.Select[Any]:
    is_clip = assets.c.kind == Kind.VIDEO.value
    return (
        sa.select(
            versions.c.id,
            assets.c.stream_id,
            assets.c.segment_id,
            assets.c.kind,
            versions.c.number,
            versions.c.origin,
            versions.c.engine,
            versions.c.model,
            sa.case((is_clip, versions.c.motion_prompt), else_=versions.c.image_prompt).label("prompt"),
            _SOURCE.c.number.label("source_number"),
            _KEYFRAME_ASSET.c.id.label("keyframe_asset_id"),
            _KEYFRAME_ASSET.c.current_version_id.label("current_keyframe_id"),
            versions.c.source_version_id,
        )
        .join(assets, assets.c.id == versions.c.asset_id)
        .outerjoin(_SOURCE, _SOURCE.c.id == versions.c.source_version_id)
        .outerjoin(
            _KEYFRAME_ASSET,
            sa.and_(
                is_clip,
                _KEYFRAME_ASSET.c.stream_id == assets.c.stream_id,
                _KEYFRAME_ASSET.c.segment_id == assets.c.segment_id,
                _KEYFRAME_ASSET.c.kind == Kind.KEYFRAME.value,
            ),
        )
    )


def _findings(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[tuple[str, Severity]]]:
    query = sa.select(findings.c.version_id, findings.c.code, findings.c.severity)
    found = defaultdict(list)
    for version_id, code, severity in connection.execute(query.where(findings.c.version_id.in_(ids))):
        found[version_id].append((code, Severity(severity)))
    return found


def _facts(row: sa.Row[Any], found: tuple[tuple[str, Severity], ...]) -> AttentionFacts:
    return AttentionFacts(
        row.id,
        row.stream_id,
        row.segment_id,
        Kind(row.kind),
        row.number,
        row.origin,
        row.engine or "",
        row.model or "",
        row.prompt or "",
        row.source_number,
        row.keyframe_asset_id,
        row.current_keyframe_id,
        row.source_version_id,
        found,
    )


def replaced_before(connection: sa.Connection, facts: Sequence[AttentionFacts]) -> dict[int, Any]:
    """Read, by clip, when the keyframe that it was made from was first followed by another one.

    Returns:
        Aware instants by version id; clips of keyframes that are still the newest are absent.
    """
    asset_ids = sorted({fact.keyframe_asset_id for fact in facts if fact.keyframe_asset_id is not None})
    made: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for part in read_ids_in_parts(asset_ids):
        query = sa.select(versions.c.asset_id, versions.c.number, versions.c.created_at)
        for asset_id, number, created_at in connection.execute(query.where(versions.c.asset_id.in_(part))):
            made[asset_id].append((number, created_at))
    replaced = {}
    for fact in facts:
        if fact.source_number is None or fact.keyframe_asset_id is None:
            continue
        later = [at for number, at in made[fact.keyframe_asset_id] if number > fact.source_number]
        if later:
            replaced[fact.version_id] = min(later)
    return replaced
