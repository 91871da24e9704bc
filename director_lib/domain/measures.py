"""What is counted for the metrics page: the names of the measures, with their meaning.

Every measure is a whole number that can be added and taken away. Each is counted in the ISO week, in the
studio's time zone, of the instant named here.
"""

from __future__ import annotations

DECISION_MEASURES = {
    "made": "verdicts recorded, those taken back too; by decided_at",
    "undone": "of them taken back; by decided_at",
    "effective": "effective decisions; by decided_at",
    "approved": "of them approvals, with or without notes",
    "with_notes": "of them approvals with notes",
    "adjust_prompt": "of them “adjust prompt”",
    "regenerate": "of them “regenerate”",
    "first": "stills and clips first judged; by decided_at of that first judged attempt",
    "first_approved": "of them approved",
    "regenerations": "effective decisions that led to a new attempt; by decided_at",
    "active_us": "time between a person's decisions, as far as it is at most 15 minutes; by the later one",
    "stretches": "decisions with no other of that person in the 15 minutes before; by decided_at",
}
"""By person, and by kind, engine and model of the judged version."""

VERSION_MEASURES = {
    "versions": "versions; by created_at",
    "found": "of them found on disk",
    "restored": "of them put back from history",
    "cost_micro_usd": "what they cost; by created_at",
}
"""By kind, engine and model of the version."""

UNIT_MEASURES = {
    "units": "stills and clips that were begun; by created_at of their first version",
    "units_approved": "of them approved now",
    "units_rejected": "of them sent back now",
    "unit_cost_micro_usd": "what all their versions cost",
    "approved_us": "length of the clips among the approved ones",
}
"""By kind, and by engine and model of the version that decides. Neither approved nor sent back is open."""

SEGMENT_MEASURES = {
    "segments": "segments that were begun; by created_at of their first version",
    "segments_approved": "of them approved now, still and clip",
    "segment_cost_micro_usd": "what all their versions cost",
}
"""For whole segments: kind, engine and model are empty."""

TASK_MEASURES = {
    "tasks": "tasks; by queued_at",
    "tasks_succeeded": "of them succeeded",
    "tasks_failed": "of them failed",
    "tasks_unknown": "of them with an outcome that nobody knows",
    "tasks_cancelled": "of them cancelled",
    "lost_micro_usd": "what was billed for those that made no version",
    "bills": "of them billed although they made no version",
}
"""By kind and engine; the model is empty."""

MEASURES = (
    *DECISION_MEASURES,
    *VERSION_MEASURES,
    *UNIT_MEASURES,
    *SEGMENT_MEASURES,
    *TASK_MEASURES,
)

DURATIONS = {
    "stay_ended": "first version → approval, by the week it was entered",
    "stay_open": "first version → not approved yet; bin: quarter of an hour in which it was entered",
    "unit_approved": "a unit's first version → the approval that counts now, by the week it was entered",
    "unit_rejected": "a unit's first version → the sending back that counts now",
    "unit_open": "a unit's first version → not decided yet; bin: quarter of an hour",
    "queue_ended": "queued → started, by the week it was queued",
    "queue_censored": "queued → ended without having started",
    "queue_open": "queued, waiting; bin: quarter of an hour in which it was queued",
    "render_ended": "started → succeeded, by the week it was started",
    "render_censored": "started → ended otherwise",
    "render_open": "started, not ended; bin: quarter of an hour in which it was started",
    "idle_ended": "made → looked at by who decided (decided, where that is unknown), by the week it was made",
    "idle_censored": "made → replaced by a newer version, never judged",
    "idle_open": "made, not judged, not replaced; bin: quarter of an hour in which it was made",
    "handling": "looked at → decided, at most 15 minutes, by the week in which the version was made",
    "regenerations": "no duration: bin is the number of regenerations; of units, and of segments (kind “”)",
    "panel": "no duration: bin is 1000 × people who judged a version (two or more) + how many approve",
}
"""What is counted in bins. Unless said otherwise a bin is one of ``duration_bins``. By kind and engine: of
the version (idle, handling, panel), of the task (queue, render), of the version that decides (the
others)."""

HANDLING_CAP_US = 15 * 60 * 1_000_000
LONGEST_GAP_US = 15 * 60 * 1_000_000
PANEL = 1_000
