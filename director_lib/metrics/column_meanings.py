"""What each column of the frames means, for the data dictionary. A column without an entry fails its test."""

from __future__ import annotations

from collections.abc import Mapping

COMMON: Mapping[str, str] = {
    "stream_id": "The stream's id, which is its folder's name.",
    "segment_id": "The segment's number within its stream.",
    "kind": "“keyframe” (a still) or “video” (a clip).",
    "version_id": "The version's number in the database; it joins the frames.",
    "attempt": "1-based place of the version among its asset's versions.",
    "engine": "What makes or made it: “local”, “script”, “google”, “replicate”; missing when found on disk.",
    "model": "The engine's model; missing when found on disk.",
    "task_id": "The task that made it; missing when no task did.",
    "actor": "User name of who decided.",
    "decision": "“approved”, “approved_with_notes”, “adjust_prompt” or “regenerate”.",
    "decided_at": "When it was decided.",
    "created_at": "When the version came to be.",
    "set_id": "The variant set, which is several versions made to choose from; missing outside of sets.",
    "approvals_needed": "How many people have to approve on the stream.",
    "viewed_at": "When the decider first saw the version; missing when that was not seen.",
    "is_current": "Whether the pages show this version now.",
    "duration_s": "Length of a clip in seconds; missing for stills.",
}
"""Meanings that hold in every frame."""

SPECIAL: Mapping[tuple[str, str], str] = {
    ("decisions", "decision_id"): "The decision's number in the database.",
    ("decisions", "seq"): "Grows with every record; the latest by it counts, not the latest by time.",
    ("decisions", "note"): "What was noted with it; “” without.",
    ("decisions", "undone_at"): "When it was taken back; missing while it counts.",
    ("versions", "origin"): "“generated”, “found” (on disk) or “restored”.",
    ("versions", "image_prompt"): "The still's prompt as it was sent; missing when found on disk.",
    ("versions", "motion_prompt"): "The clip's prompt as it was sent; missing for stills.",
    ("versions", "seed"): "The seed; missing when the engine did not take or tell one.",
    ("versions", "source_version_id"): "The still that a clip was made from; missing for stills.",
    ("versions", "cost_usd"): "What it cost, in US dollars; 0 when it was free.",
    (
        "tasks",
        "state",
    ): "“queued”, “running”, “succeeded”, “failed”, “cancelled” or “unknown”.",
    ("tasks", "task_id"): "The task's id.",
    ("tasks", "queued_at"): "When it was asked for.",
    ("tasks", "started_at"): "When an engine began; missing before.",
    ("tasks", "ended_at"): "When it was closed; missing while it is open.",
    ("tasks", "error_code"): "Why it failed, as in the list of errors; missing unless it failed.",
    ("bills", "task_id"): "The task that was billed.",
    ("bills", "engine"): "The engine that was asked.",
    ("bills", "billed_at"): "When its last billed attempt ended.",
    ("bills", "billed_usd"): "What its attempts were billed together, in US dollars.",
    ("checkpoints", "checkpoint"): "“story”, “spec” or “final”.",
    ("checkpoints", "entered_at"): "When the stream came to wait there.",
    ("checkpoints", "decided_at"): "When that stay ended; missing while it waits.",
    (
        "checkpoints",
        "decision",
    ): "The verdict, such as “approved” or “revision_needed”; missing before.",
    ("variants", "position"): "1-based place of the version among those of its set, as they were shown.",
    (
        "variants",
        "won",
    ): "1 when it was picked, 0 when another was, a share of 1 for a tie; missing before.",
    ("variants", "decided_at"): "When the choice was made; missing before.",
    ("variants", "actor"): "User name of who chose; missing before.",
    ("variants", "blind"): "Whether nobody knew then which version was made how.",
    ("variants", "preset"): "Name of the preset that was added for this version; “” for none.",
    ("variants", "prompt"): "What the still, or the clip's motion, was asked for with.",
}
"""Meanings in one frame, which win over the common ones."""


def find_meaning(frame: str, column: str) -> str | None:
    """Return what a frame's column means; None when nobody wrote it down."""
    return SPECIAL.get((frame, column)) or COMMON.get(column)
