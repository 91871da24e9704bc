"""Jobs on whole streams as the drawer and the tasks page show them, as JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from director_lib.domain.stream_task import BUILD, DEPLOY, SPEC, StreamTask, words_for
from director_lib.domain.task import TaskState
from director_lib.errors import DirectorError, NotFoundError
from director_lib.pages.cards import instant
from director_lib.store.stream_board import list_jobs_to_show
from director_lib.store.stream_claims import explain_waiting
from director_lib.store.unknown_jobs import settled_jobs_among
from director_lib.workbench import Workbench
from director_lib.workbench.stream_tasks import NEEDED, StreamTasks
from director_lib.workbench.tasks import Tasks

Json = dict[str, Any]
_ENDED_IN_DRAWER = 3
_PAGES = {BUILD: "final", DEPLOY: "final", SPEC: "spec"}


def read_job_rows(workbench: Workbench, connection: sa.Connection, n_ended: int) -> dict[str, Json]:
    """Read the rows of the group of jobs, by task id, in their places; those of absent streams are left out.

    Args:
        n_ended: How many ended ones the page shows; a few are shown in any case.
    """
    jobs = list_jobs_to_show(connection, n_ended=max(n_ended, _ENDED_IN_DRAWER))
    reasons = explain_waiting(connection, jobs)
    lost = [task.id for task in jobs if task.state is TaskState.UNKNOWN]
    advice = {one.task.id: one.advice for one in workbench.stream_tasks.unknown()} if lost else {}
    settled = settled_jobs_among(connection, lost)
    rows: dict[str, Json] = {}
    for task in jobs:
        title = _title(workbench, task)
        if title is not None:
            rows[task.id] = job_row(task, title, reasons) | {"group": "jobs", "place": len(rows) + 1}
            if task.id in advice or task.id in settled:
                rows[task.id] |= {"advice": advice.get(task.id, ""), "is_settled": task.id in settled}
    return rows


def job_row(task: StreamTask, stream_title: str, reasons: Mapping[str, str]) -> Json:
    """Return one job as a row.

    Args:
        reasons: Why jobs wait, by task id.
    """
    stream_page = _PAGES.get(task.kind, "keyframes")
    return {
        "id": task.id,
        "job": task.kind,
        "title": words_for(task.kind),
        "needs": NEEDED[task.kind].name.lower() if task.kind in NEEDED else "administer",
        "stream_id": task.stream_id,
        "stream_title": stream_title,
        "segment_id": None,
        "kind": "job",
        "engine": "",
        "state": task.state.value,
        "phase": task.phase,
        "percent": round(task.percent, 1),
        "price_usd": task.parameters.get("price_usd", 0.0),
        "author": task.author,
        "worker": task.worker,
        "stopping": task.is_open and task.cancel_requested_at is not None,
        "queued_at": instant(task.queued_at),
        "started_at": instant(task.started_at),
        "ended_at": instant(task.ended_at),
        "error_message": task.error_message,
        "eta_s": None,
        "thumb": None,
        "reason": reasons.get(task.id, "") if task.state is TaskState.QUEUED else "",
        "href": "/" if task.stream_id is None else f"/s/{task.stream_id}/{stream_page}",
    }


def keeper_of(workbench: Workbench, task_id: str) -> Tasks | StreamTasks:
    """Return the use cases that a task belongs to: jobs on streams, else tasks of assets."""
    try:
        workbench.stream_tasks.get(task_id)
    except NotFoundError:
        return workbench.tasks
    return workbench.stream_tasks


def _title(workbench: Workbench, task: StreamTask) -> str | None:
    if task.stream_id is None:
        return "The studio"
    try:
        return workbench.streams.get(task.stream_id).title
    except NotFoundError:
        return None
    except DirectorError:
        return task.stream_id
