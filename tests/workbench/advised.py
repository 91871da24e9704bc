"""Decisions recorded at once, of prompts with a phrase that helps."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.assets import ensure_assets
from director_lib.store.tables import decisions, tasks, versions

Row = dict[str, Any]
LONG_AGO = datetime(2026, 3, 2, 9, tzinfo=UTC)
SUBJECTS = ("the sea", "a harbour", "an old boat", "the wet street")


def record_decisions(
    connection: sa.Connection,
    n: int,
    *,
    stream_id: str = "older",
    start: datetime = LONG_AGO,
    task_prefix: str = "",
) -> None:
    """Record n judged stills, one for each segment; those with "gentle pan" are approved far more often."""
    chance = random.Random(n)
    last = connection.scalar(sa.select(sa.func.max(versions.c.id))) or 0
    taken = connection.scalar(sa.select(sa.func.max(tasks.c.seq))) or 0
    places = [(stream_id, last + at, Kind.KEYFRAME) for at in range(n)]
    ids = ensure_assets(connection, places, now=start)
    made, judged, asked = [], [], []
    for at, place in enumerate(places):
        has = chance.random() < 0.5
        words = f"{chance.choice(SUBJECTS)}, part {at}{', gentle pan' if has else ''}"
        when, task_id = start + timedelta(minutes=at), f"{task_prefix}-{at}" if task_prefix else None
        base = {"asset_id": ids[place], "version_id": last + at + 1, "sha256": f"{last + at + 1:064x}"}
        made.append(_version(base, words, task_id, when))
        verdict = "approved" if chance.random() < (0.8 if has else 0.3) else "regenerate"
        judged.append({**base, "decision": verdict, "actor": "dora", "decided_at": when})
        if task_id is not None:
            asked.append(_task(task_id, taken + at + 1, ids[place], when))
    if asked:
        connection.execute(tasks.insert(), asked)
    connection.execute(versions.insert(), made)
    connection.execute(decisions.insert(), judged)


def _version(base: Row, words: str, task_id: str | None, when: datetime) -> Row:
    texts = {"extension": ".png", "origin": "generated", "engine": "local", "model": "m1"}
    numbers = {"id": base["version_id"], "asset_id": base["asset_id"], "number": 1, "size_bytes": 1}
    return {
        **texts,
        **numbers,
        "sha256": base["sha256"],
        "image_prompt": words,
        "task_id": task_id,
        "created_at": when,
    }


def _task(task_id: str, seq: int, asset_id: int, when: datetime) -> Row:
    texts = {"id": task_id, "engine": "local", "dedup_key": task_id, "state": "succeeded", "author": "dora"}
    return {**texts, "seq": seq, "asset_id": asset_id, "priority": 0, "request": {}, "queued_at": when}
