"""What the top bar of every page shows, as JSON values."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from director_lib.domain.checkpoint import Checkpoint, GateStatus
from director_lib.domain.keymap import usable_keys
from director_lib.domain.people import Action, Actor, may
from director_lib.domain.stream import Stream
from director_lib.store.overview import spend_by_stream, spend_since
from director_lib.store.pauses import list_pauses
from director_lib.store.people import read_preferences
from director_lib.store.stream_board import count_jobs
from director_lib.store.task_board import count_board
from director_lib.tasks.budget import read_ceilings
from director_lib.tasks.presence import list_workers
from director_lib.workbench.gates import gates_of
from director_lib.workbench.preferences import KEYS
from director_lib.workbench.standing import StreamStanding
from director_lib.workbench.studio import Studio

Json = dict[str, Any]

_LABELS = {
    Checkpoint.STORY: "Story",
    Checkpoint.SPEC: "Spec",
    Checkpoint.KEYFRAMES: "Keyframes",
    Checkpoint.VIDEOS: "Videos",
    Checkpoint.FINAL: "Final",
}


def frame(
    studio: Studio,
    connection: sa.Connection,
    page: str,
    stream: Stream | None = None,
    standing: StreamStanding | None = None,
) -> Json:
    """Describe the frame of a page.

    Args:
        page: Its name.
        stream: The stream it is about; None for a page of all streams.
        standing: Where that stream stands; without it there is no rail.
    """
    workers = [worker.name for worker in list_workers(studio.settings, studio.database)]
    return {
        "page": page,
        "stream": _stream(stream),
        "person": _person(studio.actor, read_preferences(connection, studio.actor.username)),
        "rail": rail(stream.id, gates_of(stream, standing), page) if stream and standing else [],
        "nav": _nav(stream, page),
        "spend": _spend(studio, connection, stream),
        "queue": _queue(studio, connection),
        "workers": workers,
        "worker_alive": bool(workers),
    }


def rail(stream_id: str, gates: tuple[GateStatus, ...], page: str = "") -> list[Json]:
    """Describe the checkpoint rail of one stream."""
    return [
        {
            "checkpoint": gate.checkpoint.value,
            "label": _LABELS[gate.checkpoint],
            "state": gate.state.value,
            "approved": gate.approved,
            "total": gate.total,
            "reason": gate.reason,
            "href": f"/s/{stream_id}/{gate.checkpoint.value}",
            "here": gate.checkpoint.value == page,
        }
        for gate in gates
    ]


def _stream(stream: Stream | None) -> Json | None:
    if stream is None:
        return None
    return {"id": stream.id, "title": stream.title, "language": stream.language}


def _person(actor: Actor, preferences: Json) -> Json:
    allowed = {
        "decide": Action.DECIDE,
        "generate": Action.GENERATE,
        "deploy": Action.DEPLOY,
        "run_batch": Action.RUN_BATCH,
        "edit_prompt": Action.EDIT_PROMPT,
        "comment": Action.COMMENT,
        "make_streams": Action.MAKE_STREAMS,
        "administer": Action.ADMINISTER,
    }
    return {
        "username": actor.username,
        "name": actor.name,
        "role": actor.role.value,
        "may": {name: may(actor, action) for name, action in allowed.items()},
        "keys": usable_keys(preferences.get(KEYS, {})),
    }


def _nav(stream: Stream | None, page: str) -> list[Json]:
    metrics = f"/s/{stream.id}/metrics" if stream else "/metrics"
    links = [
        ("streams", "Streams", "/"),
        ("tasks", "Tasks", "/tasks"),
        ("metrics", "Metrics", metrics),
        ("advice", "Advice", "/advice"),
    ]
    if stream:
        links.append(("activity", "Activity", f"/s/{stream.id}/activity"))
    return [{"label": label, "href": href, "here": name == page} for name, label, href in links]


def _queue(studio: Studio, connection: sa.Connection) -> Json:
    counts, jobs = count_board(connection), count_jobs(connection)
    pauses = list_pauses(connection)
    return {
        "running": counts.running + jobs.running,
        "queued": counts.queued + jobs.queued,
        "failed": counts.broken + jobs.broken,
        "pauses": [
            {
                "engine": pause.engine,
                "by": pause.paused_by,
                "at": pause.paused_at.isoformat(timespec="seconds"),
            }
            for pause in pauses
        ],
        "engines": sorted({*studio.settings.engine_choices, *(pause.engine for pause in pauses)} - {""}),
    }


def _spend(studio: Studio, connection: sa.Connection, stream: Stream | None) -> Json:
    settings = studio.settings
    local = studio.clock().astimezone(ZoneInfo(settings.time_zone))
    midnight = datetime.combine(local.date(), time.min, local.tzinfo).astimezone(UTC)
    ceilings = read_ceilings(connection, settings)
    spent = spend_by_stream(connection).get(stream.id, 0.0) if stream else None
    return {
        "stream_usd": spent,
        "budget_stream_usd": ceilings.stream.amount_usd,
        "today_usd": spend_since(connection, midnight),
        "budget_day_usd": ceilings.day.amount_usd,
    }
