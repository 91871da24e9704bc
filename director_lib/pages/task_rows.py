"""Tasks as the drawer and the tasks page show them, as JSON values: few rows, and counts of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import DirectorError, NotFoundError
from director_lib.pages.cards import eta_s, instant
from director_lib.pages.job_rows import read_job_rows
from director_lib.pages.media_urls import thumbnail_url
from director_lib.pages.queue_reasons import Expected, QueueStanding, forecast, why_waiting
from director_lib.pages.queue_standing import read_standing
from director_lib.store.overview import typical_duration_s
from director_lib.store.queue_order import list_queue
from director_lib.store.task_board import (
    count_board,
    count_closed,
    list_broken_tasks,
    list_ended_tasks,
    list_running_tasks,
    promised_usd,
    settled_among,
)
from director_lib.store.versions import current_versions
from director_lib.workbench import Workbench
from director_lib.workbench.withholding import told_tasks

Json = dict[str, Any]
_Groups = dict[str, list[Task]]
_UNTOLD: Json = {"eta_s": None, "reason": "waits for its turn", "again_at": None, "advice": ""}


@dataclass(frozen=True, slots=True)
class Window:
    """How many rows of each group are shown at most."""

    running: int = 50
    queued: int = 25
    broken: int = 15
    ended: int = 10


@dataclass(frozen=True, slots=True)
class TaskBoard:
    """What is shown of all tasks.

    Attributes:
        rows: By task id; each says its group and its place in it.
        counts: How many tasks each group has, shown or not, and what open ones may still cost.
    """

    rows: dict[str, Json]
    counts: Json


def read_board(workbench: Workbench, window: Window) -> TaskBoard:
    """Read the rows that fit the window. Tasks of streams that were put away are left out."""
    with workbench.studio.database.read() as connection:
        groups = _find(connection, window)
        counts: Json = asdict(count_board(connection))
        counts["promised_usd"] = promised_usd(connection)
        counts["ended"] = count_closed(connection) - counts["broken"] if window.ended else 0
        titles = _titles(workbench, groups)
        shown = {
            name: [task for task in tasks if task.request.stream_id in titles]
            for name, tasks in groups.items()
        }
        rows = _rows(workbench, connection, shown)
        jobs = read_job_rows(workbench, connection, window.ended)
        thumbs = _thumbs(connection, [task for tasks in shown.values() for task in tasks])
    for row in rows.values():
        row["stream_title"] = titles[row["stream_id"]]
        row["thumb"] = thumbs.get(row["id"])
    counts |= {"jobs": len(jobs)} if jobs else {}
    rows |= jobs
    return TaskBoard(rows, counts)


def _find(connection: sa.Connection, window: Window) -> _Groups:
    return {
        "running": list_running_tasks(connection, window.running),
        "queued": list_queue(connection, limit=window.queued) if window.queued else [],
        "broken": list_broken_tasks(connection, window.broken),
        "ended": list_ended_tasks(connection, window.ended) if window.ended else [],
    }


def _rows(workbench: Workbench, connection: sa.Connection, groups: _Groups) -> dict[str, Json]:
    standing = read_standing(workbench.studio, connection, groups["queued"])
    expected = _expected(connection, groups, standing)
    settled = settled_among(
        connection, [task.id for task in groups["broken"] if task.state is TaskState.UNKNOWN]
    )
    advice = _advice(workbench) if any(task.state is TaskState.UNKNOWN for task in groups["broken"]) else {}
    done_in_s = forecast(
        [Expected(task, expected[task.id]) for task in groups["running"]],
        [Expected(task, expected[task.id]) for task in groups["queued"]],
        standing,
    )
    told = {task.id: task for task in told_tasks(connection, [each for of in groups.values() for each in of])}
    rows = {}
    for group, tasks in groups.items():
        for place, task in enumerate(tasks, 1):
            row = _row(told[task.id])
            row |= {"group": group, "place": place, "eta_s": expected.get(task.id)}
            if group == "queued":
                why = why_waiting(task, standing)
                row |= {"reason": why.text, "again_at": instant(why.again_at)}
                row["eta_s"] = done_in_s.get(task.id)
            if task.state is TaskState.UNKNOWN:
                row |= {"advice": advice.get(task.id, ""), "is_settled": task.id in settled}
            if told[task.id] != task:
                # how long it takes, what it waits for and whose account to look into say what makes it
                row |= {name: instead for name, instead in _UNTOLD.items() if name in row}
            rows[task.id] = row
    return rows


def _expected(connection: sa.Connection, groups: _Groups, standing: QueueStanding) -> dict[str, float | None]:
    """Estimate the seconds that each open task still takes once it runs."""
    tasks = [*groups["running"], *groups["queued"]]
    typical_s = {
        key: typical_duration_s(connection, *key)
        for key in {(task.request.engine, task.request.kind) for task in tasks}
    }
    return {
        task.id: eta_s(task, known, standing.now) if task.state is TaskState.RUNNING else known
        for task in tasks
        for known in [typical_s[task.request.engine, task.request.kind]]
    }


def _row(task: Task) -> Json:
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
        "worker": task.worker,
        "stopping": task.is_open and task.cancel_requested_at is not None,
        "queued_at": instant(task.queued_at),
        "started_at": instant(task.started_at),
        "ended_at": instant(task.ended_at),
        "error_message": task.error_message,
        "href": f"/s/{request.stream_id}/{page}?segment={request.segment_id}",
    }


def _titles(workbench: Workbench, groups: _Groups) -> dict[str, str]:
    """Return the titles of the streams that are there, by id; a broken stream has its id for a title."""
    titles = {}
    for stream_id in {task.request.stream_id for tasks in groups.values() for task in tasks}:
        try:
            titles[stream_id] = workbench.streams.get(stream_id).title
        except NotFoundError:
            continue
        except DirectorError:
            titles[stream_id] = stream_id
    return titles


def _thumbs(connection: sa.Connection, tasks: Iterable[Task]) -> Mapping[str, str]:
    of_stream: dict[str, list[Task]] = {}
    for task in tasks:
        of_stream.setdefault(task.request.stream_id, []).append(task)
    thumbs = {}
    for stream_id, its_tasks in of_stream.items():
        pictures = current_versions(connection, stream_id, {task.request.segment_id for task in its_tasks})
        for task in its_tasks:
            version = pictures.get((task.request.segment_id, task.request.kind))
            if version is not None:
                thumbs[task.id] = thumbnail_url(version)
    return thumbs


def _advice(workbench: Workbench) -> Mapping[str, str]:
    return {outcome.task.id: outcome.advice for outcome in workbench.tasks.unknown()}
