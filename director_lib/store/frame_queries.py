"""What the frames of the metrics are read from: queries with the columns that they give, and their dtypes."""

from __future__ import annotations

import sqlalchemy as sa

from director_lib.store.tables import (
    assets,
    attempts,
    checkpoints,
    decisions,
    streams,
    tasks,
    variant_sets,
    versions,
)

INSTANT = "datetime64[us, UTC]"
_ASSET = {"stream_id": "str", "segment_id": "int64", "kind": "str"}
DECISIONS = {
    "seq": "int64",
    **_ASSET,
    "version_id": "int64",
    "attempt": "int64",
    "decision": "str",
    "note": "str",
    "actor": "str",
    "decided_at": INSTANT,
    "undone_at": INSTANT,
    "approvals_needed": "int64",
    "viewed_at": INSTANT,
    "set_id": "str",
}
VERSIONS = {
    "version_id": "int64",
    **_ASSET,
    "attempt": "int64",
    "origin": "str",
    "engine": "str",
    "model": "str",
    "image_prompt": "str",
    "motion_prompt": "str",
    "seed": "Int64",
    "source_version_id": "Int64",
    "cost_usd": "float64",
    "task_id": "str",
    "created_at": INSTANT,
    "is_current": "bool",
    "duration_s": "float64",
    "set_id": "str",
}
TASKS = {
    "task_id": "str",
    **_ASSET,
    "engine": "str",
    "state": "str",
    "queued_at": INSTANT,
    "started_at": INSTANT,
    "ended_at": INSTANT,
    "error_code": "str",
}
CHECKPOINT_RECORDS = {
    "stream_id": "str",
    "checkpoint": "str",
    "decision": "str",
    "actor": "str",
    "happened_at": INSTANT,
    "content_sha256": "str",
    "approvals_needed": "int64",
    "first_seen_at": INSTANT,
}

_UNDOING = decisions.alias()
# looking up the task of every version would take a quarter of the time, and few stills and clips have sets
_SET_ID = sa.case(
    (
        assets.c.id.in_(sa.select(variant_sets.c.asset_id)),
        sa.select(tasks.c.variant_set_id).where(tasks.c.id == versions.c.task_id).scalar_subquery(),
    )
)
DECISIONS_QUERY = (
    sa.select(
        decisions.c.seq,
        assets.c.stream_id,
        assets.c.segment_id,
        assets.c.kind,
        decisions.c.version_id,
        versions.c.number,
        decisions.c.decision,
        decisions.c.note,
        decisions.c.actor,
        decisions.c.decided_at,
        _UNDOING.c.decided_at,
        streams.c.approvals_needed,
        decisions.c.viewed_at,
        _SET_ID,
    )
    .select_from(
        decisions.join(assets, assets.c.id == decisions.c.asset_id)
        .join(streams, streams.c.id == assets.c.stream_id)
        .join(versions, versions.c.id == decisions.c.version_id)
        .outerjoin(_UNDOING, _UNDOING.c.undoes == decisions.c.seq)
    )
    .where(decisions.c.undoes.is_(None))
    .order_by(decisions.c.seq)
)
VERSIONS_QUERY = (
    sa.select(
        versions.c.id,
        assets.c.stream_id,
        assets.c.segment_id,
        assets.c.kind,
        versions.c.number,
        versions.c.origin,
        versions.c.engine,
        versions.c.model,
        versions.c.image_prompt,
        versions.c.motion_prompt,
        versions.c.seed,
        versions.c.source_version_id,
        versions.c.cost_usd,
        versions.c.task_id,
        versions.c.created_at,
        assets.c.current_version_id.is_not_distinct_from(versions.c.id),
        versions.c.duration_s,
        _SET_ID,
    )
    .select_from(versions.join(assets, assets.c.id == versions.c.asset_id))
    .order_by(versions.c.id)
)
TASKS_QUERY = (
    sa.select(
        tasks.c.id,
        assets.c.stream_id,
        assets.c.segment_id,
        assets.c.kind,
        tasks.c.engine,
        tasks.c.state,
        tasks.c.queued_at,
        tasks.c.started_at,
        tasks.c.ended_at,
        tasks.c.error_code,
    )
    .select_from(tasks.join(assets, assets.c.id == tasks.c.asset_id))
    .order_by(tasks.c.seq)
)
_TAKEN_BACK = checkpoints.alias()
CHECKPOINTS_QUERY = (
    sa.select(
        checkpoints.c.stream_id,
        checkpoints.c.checkpoint,
        checkpoints.c.decision,
        checkpoints.c.actor,
        checkpoints.c.happened_at,
        checkpoints.c.content_sha256,
        streams.c.approvals_needed,
        streams.c.first_seen_at,
    )
    .select_from(checkpoints.join(streams, streams.c.id == checkpoints.c.stream_id))
    .where(
        checkpoints.c.undoes.is_(None),
        ~sa.exists().where(_TAKEN_BACK.c.undoes == checkpoints.c.seq),
    )
    .order_by(checkpoints.c.seq)
)
BILLS = {
    "task_id": "str", "stream_id": "str", "segment_id": "int64", "kind": "str", "engine": "str",
    "billed_at": INSTANT, "billed_usd": "float64",
}  # fmt: skip
BILLS_QUERY = (
    sa.select(
        tasks.c.id,
        assets.c.stream_id,
        assets.c.segment_id,
        assets.c.kind,
        tasks.c.engine,
        sa.func.max(sa.func.coalesce(attempts.c.ended_at, attempts.c.started_at)).label("billed_at"),
        sa.func.sum(attempts.c.billed_usd),
    )
    .select_from(
        attempts.join(tasks, tasks.c.id == attempts.c.task_id).join(assets, assets.c.id == tasks.c.asset_id)
    )
    .where(tasks.c.version_id.is_(None), attempts.c.billed_usd > 0)
    .group_by(tasks.c.id, assets.c.stream_id, assets.c.segment_id, assets.c.kind, tasks.c.engine)
    .order_by("billed_at", tasks.c.id)
)

LOST_BY_TASK_QUERY = (
    sa.select(tasks.c.id, sa.func.sum(attempts.c.billed_usd))
    .select_from(attempts.join(tasks, tasks.c.id == attempts.c.task_id))
    .where(tasks.c.version_id.is_(None), attempts.c.billed_usd.is_not(None))
    .group_by(tasks.c.id)
)
