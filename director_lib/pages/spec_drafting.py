"""Reading how a first spec can be written, what it costs, and how far it is."""

from __future__ import annotations

from typing import Any

from director_lib.domain.stream import Stream
from director_lib.domain.task import TaskState
from director_lib.pages.job_rows import job_row
from director_lib.workbench import Workbench

Json = dict[str, Any]
_SHOWN = frozenset({TaskState.QUEUED, TaskState.RUNNING, TaskState.FAILED, TaskState.UNKNOWN})


def read_drafting(workbench: Workbench, stream: Stream) -> Json:
    """Say whether a first spec can be written, by what and for how much, and which task writes one."""
    if stream.segments:
        return {"engines": [], "usual": "", "has_story": True, "offer": None, "job": None}
    found = workbench.specs.drafting(stream)
    offer, task = found.offer, found.task
    is_shown = task is not None and task.state in _SHOWN
    return {
        "engines": list(found.engines),
        "usual": found.usual,
        "has_story": found.has_story,
        "offer": offer and {"model": offer.model, "usd": offer.usd, "is_guess": offer.is_guess},
        "job": job_row(task, stream.title, {}) if task is not None and is_shown else None,
    }
