"""What can be taken out of a stream, and how the archive stands, as JSON values."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from director_lib.domain.archive_policy import ArchivePlan
from director_lib.domain.stream import Stream
from director_lib.domain.stream_task import StreamTask, words_for
from director_lib.errors import DirectorError
from director_lib.pages.cards import instant
from director_lib.workbench import Workbench
from director_lib.workbench.exports import ExportOffer

Json = dict[str, Any]
_RUNS = 5


def read_delivery(workbench: Workbench, stream: Stream) -> Json:
    """Describe the exports of a stream and the studio's archive."""
    return {
        "exports": [_offer(offer, stream.id) for offer in workbench.exports.offers(stream.id)],
        "archive": read_archive(workbench),
    }


def read_archive(workbench: Workbench) -> Json:
    """Describe the archive, the disk and the last runs."""
    try:
        gauge = workbench.archive.gauge()
    except DirectorError as error:
        return {"error": error.user_message, "runs": []}
    disk = gauge.disk
    return {
        "error": None,
        "url": gauge.url,
        "keep": gauge.keep,
        "at": gauge.at,
        "disk": disk.in_words,
        "used_percent": round(100 * (1 - disk.free_bytes / max(1, disk.total_bytes)), 1),
        "is_tight": disk.days_until_full is not None and disk.days_until_full < 14,
        "archived_files": gauge.archived_files,
        "archived_bytes": gauge.archived_bytes,
        "trash_bytes": gauge.trash_bytes,
        "runs": [_run(task) for task in workbench.archive.runs(_RUNS)],
    }


def plan_row(plan: ArchivePlan) -> Json:
    """Describe what would be archived."""
    return {
        "files": len(plan.items),
        "size_bytes": plan.size_bytes,
        "held": [{"words": reason.value, "count": count} for reason, count in plan.held.items()],
    }


def _offer(offer: ExportOffer, stream_id: str) -> Json:
    at = f"/export/{quote(stream_id, safe='')}/{offer.what}"
    return {
        "what": offer.what.value,
        "title": offer.title,
        "words": offer.words,
        "forms": [{"ending": ending, "href": f"{at}?ending={ending}"} for ending in offer.endings],
        "size_bytes": offer.size_bytes,
        "n_files": offer.n_files,
    }


def _run(task: StreamTask) -> Json:
    result = task.result or {}
    return {
        "id": task.id,
        "title": words_for(task.kind),
        "state": task.state.value,
        "phase": task.phase,
        "percent": round(task.percent, 1),
        "at": instant(task.ended_at or task.queued_at),
        "by": task.author,
        "files": result.get("n_files", 0),
        "size_bytes": result.get("size_bytes", 0),
        "error": task.error_message,
    }
