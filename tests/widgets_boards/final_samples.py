"""What the final page would send of an invented film, for its export and archive panel."""

from __future__ import annotations

from typing import Any

from director_lib.domain.export import EXPORT_FORMS, ExportKind
from tests.widgets_boards.samples import HOSTILE, MAY_ALL, sample_frame

Payload = dict[str, Any]


def sample_final(query: dict[str, str]) -> Payload:
    """Describe a film that waits for its last decision, with its exports and the studio's archive."""
    may = {**MAY_ALL, "deploy": True, "run_batch": "viewer" not in query}
    frame = sample_frame("final", may=may) | {"stream": {"id": "film", "title": "Salt, Iron, Linen"}}
    gate = {"state": "waiting", "reason": "Nobody has decided yet.", "sha256": "ab" * 32, "approved": 0}
    final = {
        "error": None,
        "gate": {**gate, "total": 1, "blocked": ""},
        "history": [],
        "checks": [],
        "segments": [{"id": 1, "title": "Salt"}],
        "preview": None,
        "job": None,
        "deployments": [],
        "deployments_error": None,
        "targets": ["folder"],
        "is_public": False,
        "delivery": {"exports": [_export(what) for what in ExportKind], "archive": _archive(query)},
    }
    return {"frame": frame, "final": final}


def _export(what: ExportKind) -> Payload:
    form = EXPORT_FORMS[what]
    size_bytes = {ExportKind.VIDEOS: 0, ExportKind.ALL: 2_400_000_000}.get(what)
    forms = [{"ending": one, "href": f"/export/film/{what}?ending={one}"} for one in form.endings]
    told = {"what": what.value, "title": form.title, "words": form.words, "n_files": 9}
    return {**told, "forms": forms, "size_bytes": size_bytes}


def _archive(query: dict[str, str]) -> Payload:
    run = {"id": "t1", "title": "Archive old versions", "state": "succeeded", "phase": "done", "percent": 100}
    failed = {**run, "id": "t2", "state": "failed", "error": HOSTILE, "files": 0, "size_bytes": 0}
    when = {"at": "2026-03-27T03:30:00+00:00", "by": "schedule"}
    return {
        "error": None,
        "url": "" if "bare" in query else "s3://films/studio",
        "keep": 5,
        "at": "03:30",
        "disk": "212.0 GB free of 1,000.0 GB; at 3.10 GB a day it is full in 68 days",
        "used_percent": 78.8,
        "is_tight": False,
        "archived_files": 412,
        "archived_bytes": 3_100_000_000,
        "trash_bytes": 0,
        "runs": [
            {**failed, **when},
            {**run, **when, "error": None, "files": 41, "size_bytes": 1_200_000_000},
        ],
    }


SAMPLE_PLAN = {
    "files": 120,
    "size_bytes": 1_900_000_000,
    "held": [{"words": "approved", "count": 18}, {"words": "among the newest", "count": 90}],
}
