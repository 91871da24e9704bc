"""Reading everything that the final page shows, as JSON values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from director_lib.delivery.deployment import Deployment
from director_lib.delivery.site_builds import build_path
from director_lib.delivery.site_film import site_target
from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.gate_rules import final_blocked
from director_lib.domain.stream import Stream
from director_lib.domain.stream_task import BUILD, DEPLOY
from director_lib.domain.task import TaskState
from director_lib.errors import DirectorError, InvalidIdError
from director_lib.pages.cards import instant
from director_lib.pages.delivery_state import read_delivery
from director_lib.pages.gate_state import describe_gate, describe_verdicts
from director_lib.pages.job_rows import job_row
from director_lib.workbench import Workbench
from director_lib.workbench.finals import Check, CheckPlace

Json = dict[str, Any]
MOST_PLACES = 60
"""Places of one check that are listed; the rest is counted."""
_MOST_DEPLOYMENTS = 50


def read_final(workbench: Workbench, stream: Stream) -> Json:
    """Describe the cut's gate, its checklist, its newest build, the job under way and the deployments."""
    gates = {gate.checkpoint: gate for gate in workbench.checkpoints.standing(stream.id)}
    final = gates[Checkpoint.FINAL]
    made = workbench.checkpoints.history(stream.id)
    blocked = final_blocked(gates[Checkpoint.KEYFRAMES], gates[Checkpoint.VIDEOS])
    return {
        "gate": {**describe_gate(final), "blocked": blocked},
        "history": describe_verdicts(made, Checkpoint.FINAL, final.content_sha256),
        "checks": [_check(check, stream.id) for check in workbench.finals.checklist(stream.id)],
        "segments": [{"id": one.id, "title": one.title} for one in stream.segments],
        "preview": _preview(workbench, stream.id),
        "job": _job(workbench, stream),
        **_deployed(workbench, stream.id),
        "targets": workbench.deliveries.targets(),
        "is_public": workbench.studio.settings.site_public,
        "delivery": read_delivery(workbench, stream),
    }


def _check(check: Check, stream_id: str) -> Json:
    return {
        "kind": check.kind.value,
        "count": len(check.places),
        "places": [_place(place, stream_id) for place in check.places[:MOST_PLACES]],
    }


def _place(place: CheckPlace, stream_id: str) -> Json:
    page = "spec" if place.kind is None else "keyframes" if place.kind.value == "keyframe" else "videos"
    where = "" if place.segment_id is None else f"?segment={place.segment_id}"
    return {
        "segment_id": place.segment_id,
        "words": place.words,
        "href": f"/s/{stream_id}/{page}{where}",
    }


def _preview(workbench: Workbench, stream_id: str) -> Json | None:
    preview = workbench.deliveries.find_preview(stream_id)
    if preview is None:
        return None
    build = preview.build
    return {
        "build_id": build.build_id,
        "href": f"/s/{stream_id}/preview/{build.build_id}/",
        "is_current": preview.is_current,
        "built_at": instant(build.built_at),
        "size_bytes": build.size_bytes,
        "n_frames": build.n_frames,
        "n_files": len(build.files),
        "warnings": list(build.warnings),
    }


def _job(workbench: Workbench, stream: Stream) -> Json | None:
    """Describe the job under way, or the last one when it failed; None when all is well."""
    found = workbench.stream_tasks.list(stream_id=stream.id, kinds=(BUILD, DEPLOY), limit=20)
    under_way = [task for task in found if task.is_open]
    last = under_way[-1] if under_way else next(iter(found), None)
    if last is None or last.state in (TaskState.SUCCEEDED, TaskState.CANCELLED):
        return None
    return job_row(last, stream.title, {})


def _deployed(workbench: Workbench, stream_id: str) -> Json:
    try:
        found = workbench.deliveries.deployments(stream_id)
    except DirectorError as error:
        return {"deployments": [], "deployments_error": error.user_message}
    target = site_target(workbench.studio.settings, stream_id)
    rows = [
        {
            **_deployment(one),
            "is_latest": number == 0,
            "can_return": number > 0 and _is_kept(target, one) and one.build_id != found[0].build_id,
        }
        for number, one in enumerate(found[:_MOST_DEPLOYMENTS])
    ]
    return {"deployments": rows, "deployments_error": None}


def _deployment(one: Deployment) -> Json:
    return {
        "url": one.url,
        "at": instant(one.deployed_at),
        "by": one.deployed_by,
        "platform": one.platform,
        "build_id": one.build_id,
    }


def _is_kept(target: Path, one: Deployment) -> bool:
    try:
        return build_path(target, one.build_id).is_dir()
    except InvalidIdError:
        return False
