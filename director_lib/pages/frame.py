"""What the top bar of every page shows, as JSON values."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from director_lib.domain.checkpoint import Checkpoint, GateStatus
from director_lib.domain.people import Action, Actor, may
from director_lib.domain.stream import Stream
from director_lib.store.overview import queue_counts, spend_by_stream, spend_since
from director_lib.tasks.presence import find_worker
from director_lib.workbench.gates import gates_of
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
_WITH_PAGE = frozenset({Checkpoint.KEYFRAMES, Checkpoint.VIDEOS})


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
    counts = queue_counts(connection)
    return {
        "page": page,
        "stream": _stream(stream),
        "person": _person(studio.actor),
        "rail": rail(stream.id, gates_of(stream, standing), page) if stream and standing else [],
        "nav": _nav(stream, page),
        "spend": _spend(studio, connection, stream),
        "queue": {"running": counts.running, "queued": counts.queued, "failed": counts.failed},
        "worker_alive": find_worker(studio.settings) is not None,
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
            "href": f"/s/{stream_id}/{gate.checkpoint.value}" if gate.checkpoint in _WITH_PAGE else None,
            "here": gate.checkpoint.value == page,
        }
        for gate in gates
    ]


def _stream(stream: Stream | None) -> Json | None:
    if stream is None:
        return None
    return {"id": stream.id, "title": stream.title, "language": stream.language}


def _person(actor: Actor) -> Json:
    allowed = {
        "decide": Action.DECIDE,
        "generate": Action.GENERATE,
        "edit_prompt": Action.EDIT_PROMPT,
        "comment": Action.COMMENT,
    }
    return {
        "username": actor.username,
        "name": actor.name,
        "role": actor.role.value,
        "may": {name: may(actor, action) for name, action in allowed.items()},
    }


def _nav(stream: Stream | None, page: str) -> list[Json]:
    metrics = f"/s/{stream.id}/metrics" if stream else "/metrics"
    links = (("streams", "Streams", "/"), ("tasks", "Tasks", "/tasks"), ("metrics", "Metrics", metrics))
    return [{"label": label, "href": href, "here": name == page} for name, label, href in links]


def _spend(studio: Studio, connection: sa.Connection, stream: Stream | None) -> Json:
    settings = studio.settings
    local = studio.clock().astimezone(ZoneInfo(settings.time_zone))
    midnight = datetime.combine(local.date(), time.min, local.tzinfo).astimezone(UTC)
    spent = spend_by_stream(connection).get(stream.id, 0.0) if stream else None
    return {
        "stream_usd": spent,
        "budget_stream_usd": settings.budget_stream_usd,
        "today_usd": spend_since(connection, midnight),
        "budget_day_usd": settings.budget_day_usd,
    }
