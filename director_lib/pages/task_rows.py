"""Tasks as the drawer and the tasks page show them, as JSON values."""

from __future__ import annotations

from typing import Any

from director_lib.domain.task import Task
from director_lib.domain.version import Kind
from director_lib.errors import DirectorError
from director_lib.pages.cards import eta_s, instant
from director_lib.pages.media_urls import thumbnail_url
from director_lib.store.overview import typical_duration_s
from director_lib.store.versions import current_versions
from director_lib.workbench import Workbench

Json = dict[str, Any]
LIMIT = 200


def read_task_rows(workbench: Workbench, stream_id: str | None = None) -> dict[str, Json]:
    """Read the newest tasks by id, newest first, at most 200; of one stream when given.

    Tasks of streams that were put away are left out.
    """
    found = workbench.tasks.list(stream_id=stream_id, limit=LIMIT)
    live = set(workbench.streams.list_ids())
    tasks = [task for task in found if task.request.stream_id in live]
    with workbench.studio.database.read() as connection:
        typical_s = {
            key: typical_duration_s(connection, *key)
            for key in {(task.request.engine, task.request.kind) for task in tasks}
        }
        pictures = {
            stream: current_versions(connection, stream)
            for stream in {task.request.stream_id for task in tasks}
        }
    titles = {stream: _title(workbench, stream) for stream in pictures}
    return {
        task.id: {
            **_row(workbench, task, typical_s[task.request.engine, task.request.kind]),
            "stream_title": titles[task.request.stream_id],
            "thumb": _thumb(pictures[task.request.stream_id], task),
        }
        for task in tasks
    }


def _row(workbench: Workbench, task: Task, typical_s: float | None) -> Json:
    request = task.request
    page = "keyframes" if request.kind is Kind.KEYFRAME else "videos"
    return {
        "id": task.id,
        "stream_id": request.stream_id,
        "segment_id": request.segment_id,
        "kind": request.kind.value,
        "engine": request.engine,
        "state": task.state.value,
        "phase": task.phase,
        "percent": round(task.percent, 1),
        "price_usd": task.price_usd,
        "author": task.author,
        "queued_at": instant(task.queued_at),
        "started_at": instant(task.started_at),
        "ended_at": instant(task.ended_at),
        "error_message": task.error_message,
        "eta_s": eta_s(task, typical_s, workbench.studio.clock()),
        "href": f"/s/{request.stream_id}/{page}?segment={request.segment_id}",
    }


def _title(workbench: Workbench, stream_id: str) -> str:
    try:
        return workbench.streams.get(stream_id).title
    except DirectorError:
        return stream_id


def _thumb(pictures: dict[tuple[int, Kind], Any], task: Task) -> str | None:
    version = pictures.get((task.request.segment_id, task.request.kind))
    return thumbnail_url(version) if version else None
