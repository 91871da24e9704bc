"""Streams with a long past, written straight into the database, and frame files beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind, Origin
from director_lib.store import tables
from director_lib.store.events import NewEvent, record_events

FIRST_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)

Row = dict[str, Any]


def record_history(connection: sa.Connection, stream_id: str, n_segments: int, n_versions: int) -> None:
    """Record stills and clips of every segment, each version judged; the last of most is approved.

    Args:
        stream_id: A stream that nothing is recorded of yet.
        n_versions: Versions of each still and of each clip.
    """
    stream = {"id": stream_id, "title": stream_id, "first_seen_at": FIRST_DAY}
    connection.execute(tables.streams.insert(), stream)
    asset_id, version_id = (
        connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
        for table in (tables.assets, tables.versions)
    )
    assets, versions, decisions, tasks = [], [], [], []
    for segment_id in range(1, n_segments + 1):
        for kind in Kind:
            asset_id += 1
            assets.append(
                {"id": asset_id, "stream_id": stream_id, "segment_id": segment_id, "kind": kind.value}
            )
            for number in range(1, n_versions + 1):
                version_id += 1
                is_last = number == n_versions and segment_id % 7
                versions.append(_version(version_id, asset_id, number))
                tasks.append(_task(versions[-1]))
                decisions.append(_decision(versions[-1], DecisionKind.APPROVED if is_last else None))
            assets[-1]["current"] = version_id
    pointers = [{"asset": one["id"], "version": one.pop("current")} for one in assets]
    connection.execute(tables.assets.insert(), assets)
    connection.execute(tables.tasks.insert(), tasks)
    connection.execute(tables.attempts.insert(), [_attempt(task) for task in tasks])
    connection.execute(tables.versions.insert(), versions)
    connection.execute(tables.decisions.insert(), decisions)
    connection.execute(
        tables.assets.update()
        .where(tables.assets.c.id == sa.bindparam("asset"))
        .values(current_version_id=sa.bindparam("version")),
        pointers,
    )
    record_events(connection, list(_events(stream_id, n_segments)))


def write_frames(folder: Path, n_files: int, n_folders: int) -> None:
    """Write empty frame files beside a stream's media, in folders as extraction leaves them."""
    for number in range(n_folders):
        frames = folder / "public" / "frames" / str(number + 1)
        frames.mkdir(parents=True)
        for frame in range(n_files // n_folders):
            (frames / f"frame_{frame:04}.webp").touch()


def _version(version_id: int, asset_id: int, number: int) -> Row:
    return {
        "id": version_id,
        "asset_id": asset_id,
        "number": number,
        "sha256": f"{version_id:064x}",
        "extension": ".png",
        "size_bytes": 1,
        "origin": Origin.GENERATED.value,
        "image_prompt": "A wide view of the harbour at dawn, one figure walking away",
        "engine": "local",
        "model": "local-render/1",
        "params": {"steps": 28, "guidance": 3.5},
        "task_id": f"t_{version_id}",
        "cost_usd": 0.13,
        "width": 1280,
        "height": 720,
        "created_at": FIRST_DAY + timedelta(seconds=version_id),
    }


def _task(version: Row) -> Row:
    return {
        "id": version["task_id"],
        "seq": version["id"],
        "asset_id": version["asset_id"],
        "engine": "local",
        "request": {},
        "dedup_key": version["sha256"],
        "state": TaskState.SUCCEEDED.value,
        "priority": 100,
        "author": "dora",
        "queued_at": version["created_at"],
        "started_at": version["created_at"],
        "ended_at": version["created_at"],
    }


def _attempt(task: Row) -> Row:
    return {
        "task_id": task["id"],
        "tag": f"{task['id']}:1",
        "engine": task["engine"],
        "state": "succeeded",
        "billed_usd": 0.13,
        "started_at": task["started_at"],
        "ended_at": task["ended_at"],
    }


def _decision(version: Row, kind: DecisionKind | None) -> Row:
    return {
        "asset_id": version["asset_id"],
        "version_id": version["id"],
        "sha256": version["sha256"],
        "decision": (kind or DecisionKind.REGENERATE).value,
        "actor": "dora",
        "decided_at": version["created_at"] + timedelta(minutes=2),
    }


def _events(stream_id: str, n_segments: int) -> Iterator[NewEvent]:
    for segment_id in range(1, n_segments + 1):
        place = (stream_id, segment_id, Kind.KEYFRAME)
        yield NewEvent("approved", "dora", FIRST_DAY + timedelta(days=30), place)
