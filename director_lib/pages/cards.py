"""What a review page shows of each segment, as JSON values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from director_lib.domain.prompt_edits import PromptChange
from director_lib.domain.review import UNDECIDED, Decision, Verdict, judge
from director_lib.domain.stream import Segment
from director_lib.domain.task import Task
from director_lib.domain.version import Kind, Version
from director_lib.pages.media_urls import POSTER_PX, download_url, file_url, thumbnail_url
from director_lib.store.comments import Comment, Talk
from director_lib.workbench.standing import StreamStanding

Json = dict[str, Any]
VERDICT = frozenset({"decision", "decided_by", "decided_at", "note", "decision_seq", "approvals"})
"""The fields of a card that a verdict changes."""


def card(
    segment: Segment,
    kind: Kind,
    standing: StreamStanding,
    task: Json | None,
    n_versions: int,
    talk: Talk,
) -> Json:
    """Describe one segment for the grid and the desk."""
    version = standing.version(segment.id, kind)
    keyframe = standing.version(segment.id, Kind.KEYFRAME) if kind is Kind.VIDEO else None
    return {
        "segment_id": segment.id,
        "title": segment.title,
        "represents": segment.represents,
        "image_prompt": segment.image_prompt,
        "motion_prompt": segment.motion_prompt,
        "negative_prompt": segment.negative_prompt,
        "prompt_conflict": segment.prompt_conflict,
        "duration_s": segment.duration_s,
        "version": current(version),
        "n_versions": n_versions,
        **verdict(standing.verdict(segment.id, kind)),
        "stale": standing.stale(segment, kind),
        "comments_open": talk.n_open,
        "mentions_me": talk.n_for_me,
        "n_comments": talk.n_comments,
        "task": task,
        "keyframe_thumb": thumbnail_url(keyframe) if keyframe else None,
        "keyframe_poster": thumbnail_url(keyframe, POSTER_PX) if keyframe else None,
        "keyframe_approved": standing.verdict(segment.id, Kind.KEYFRAME).is_approved,
    }


def current(version: Version | None) -> Json | None:
    """Describe the current version of an asset; None when it is missing."""
    if version is None:
        return None
    return {
        "id": version.id,
        "number": version.number,
        "sha256": version.sha256,
        "src": file_url(version),
        "thumb": thumbnail_url(version),
        "poster": thumbnail_url(version, POSTER_PX),
        "width": version.width,
        "height": version.height,
        "duration_s": version.duration_s,
    }


def verdict(judged: Verdict[Decision]) -> Json:
    """Describe the newest decision that counts, and the approvals where the stream asks for several.

    ``approvals`` is None unless several are needed: then who approved so far (``by``) and how many have to
    (``needed``). A still or clip with an approval too few has the decision "approved" and is not approved.
    """
    approvals = {"by": list(judged.approvers), "needed": judged.needed} if judged.needed > 1 else None
    decision = judged.decision
    if decision is None:
        told = {"decision": UNDECIDED, "decided_by": "", "decided_at": None, "note": ""}
    else:
        told = {
            "decision": decision.decision.value,
            "decided_by": decision.actor,
            "decided_at": instant(decision.decided_at),
            "note": decision.note,
        }
    return {**told, "decision_seq": decision.seq if decision else 0, "approvals": approvals}


def task_chip(task: Task, typical_duration_s: float | None, now: datetime) -> Json:
    """Describe the task that a card shows, with an estimate of the seconds left when history gives one."""
    return {
        "id": task.id,
        "state": task.state.value,
        "phase": task.phase,
        "percent": round(task.percent, 1),
        "price_usd": task.price_usd,
        "error_message": task.error_message,
        "queued_at": instant(task.queued_at),
        "eta_s": eta_s(task, typical_duration_s, now),
    }


def eta_s(task: Task, typical_duration_s: float | None, now: datetime) -> float | None:
    """Estimate the seconds left of a running task from how long such tasks took; None when not known."""
    if not task.is_open or task.started_at is None or typical_duration_s is None:
        return None
    elapsed_s = (now - task.started_at).total_seconds()
    return round(max(0.0, typical_duration_s - elapsed_s), 1)


def version_line(
    version: Version, decisions: list[Decision], current_id: int | None, approvals_needed: int
) -> Json:
    """Describe one version for the strip and the provenance panel."""
    made_of = version.provenance
    return {
        **(current(version) or {}),
        "origin": version.origin.value,
        "engine": made_of.engine,
        "model": made_of.model,
        "seed": made_of.seed,
        "image_prompt": made_of.image_prompt,
        "motion_prompt": made_of.motion_prompt,
        "negative_prompt": made_of.negative_prompt,
        "cost_usd": made_of.cost_usd,
        "author": made_of.author,
        "found_as": made_of.found_as,
        "found_at": instant(made_of.found_at),
        "created_at": instant(version.created_at),
        "size_bytes": version.size_bytes,
        "download": download_url(version),
        **verdict(judge(decisions, version.sha256, approvals_needed)),
        "is_current": version.id == current_id,
    }


def comment_line(comment: Comment) -> Json:
    """Describe one comment; ``mentions`` has the user names that are people in its text."""
    return {
        "id": comment.id,
        "parent_id": comment.parent_id,
        "frame": comment.frame,
        "region": comment.region.as_json() if comment.region else None,
        "mentions": list(comment.mentions),
        "version_number": comment.version_number,
        "text": comment.text,
        "author": comment.author,
        "created_at": instant(comment.created_at),
        "resolved_at": instant(comment.resolved_at),
        "resolved_by": comment.resolved_by,
    }


def prompt_change_line(change: PromptChange) -> Json:
    """Describe one edit of a prompt; the desk itself shows which words changed."""
    return {
        "seq": change.seq,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "actor": change.actor,
        "source": change.source.value,
        "happened_at": instant(change.happened_at),
    }


def instant(value: datetime | None) -> str | None:
    """Write an instant as ISO 8601 in UTC, or None."""
    return value.isoformat(timespec="seconds") if value else None
