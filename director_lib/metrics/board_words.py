"""What the cards of the metrics page are called, and what exactly each one counts."""

from __future__ import annotations

LABELS = {
    "first_pass": "First-pass approval",
    "approval_rate": "Decision approval rate",
    "eventual_approval": "Approved so far",
    "regenerations": "Regenerations per segment",
    "time_keyframes": "Time to approve a still",
    "time_videos": "Time to approve a clip",
    "render_time": "Render time",
    "cost_per_segment": "Cost per approved segment",
    "cost_per_second": "Cost per approved second",
    "throughput": "Decisions per active hour",
    "agreement": "Agreement between people",
    "undo_rate": "Decisions taken back",
    "failures": "Tasks that failed",
}

DEFINITIONS = {
    "first_pass": (
        "Of the stills and clips that were judged, the share whose first judged attempt was approved; a "
        "set of variants is one attempt. This is the measure of quality. Later versions look worse than "
        "first ones because only the hard segments are left."
    ),
    "approval_rate": (
        "Of all decisions that count, the share that approved, with or without notes. A decision that was "
        "taken back does not count. Every retry adds a decision, so this measures the work of deciding, "
        "not quality."
    ),
    "eventual_approval": (
        "Of the stills and clips begun in these weeks, the share whose current version is approved now. "
        "Those sent back and those still open are below the line too, so young weeks are low because they "
        "are young."
    ),
    "regenerations": (
        "How often a segment’s still or clip was sent back and made again, on average per segment begun. "
        "Versions that were made together to choose from are one attempt, sent back once. "
        "Retries after a technical failure are not counted. The line is the share of each week’s "
        "decisions that led to a new attempt."
    ),
    "time_keyframes": (
        "From a still’s first version to its approval, in calendar time: half took at most this long. "
        "Those still open count as lasting at least until now (Kaplan–Meier), so slow ones do not vanish. "
        "Read from counts in bins, at most 2.5 % off."
    ),
    "time_videos": (
        "From a clip’s first version to its approval, in calendar time: half took at most this long. "
        "Those still open count as lasting at least until now (Kaplan–Meier). Read from counts in bins, "
        "at most 2.5 % off."
    ),
    "render_time": (
        "From the start of a task to its finished file: half took at most this long. Failed and cancelled "
        "tasks count as lasting at least that long."
    ),
    "cost_per_segment": (
        "What all versions of the segments begun in these weeks cost, those thrown away and failed "
        "attempts that were billed included, divided by the segments whose still and clip are both "
        "approved. The interval is over weeks (delta method)."
    ),
    "cost_per_second": (
        "What all versions cost, those thrown away and failed attempts that were billed included, divided "
        "by the seconds of approved clips. The interval is over weeks (delta method)."
    ),
    "throughput": (
        "Decisions that count, per hour that people were at it; a gap over 15 minutes ends a stretch. It "
        "measures work: whose cases were harder it does not say. The line counts decisions by week."
    ),
    "agreement": (
        "Of the versions that two or more people judged, how often two of them said the same; kappa is "
        "what is left of it beyond chance (Fleiss). Who judged second could see the first judgement."
    ),
    "undo_rate": (
        "Of all decisions made, the share that was taken back. The only number in which those count."
    ),
    "failures": (
        "Of the tasks that ended by themselves, the share that failed or whose outcome nobody knows. "
        "Cancelled ones are not counted."
    ),
}
