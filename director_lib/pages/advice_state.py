"""Reading everything that the advice page shows, as JSON values."""

from __future__ import annotations

from typing import Any

from director_lib.advice.saying import advice_state, percent
from director_lib.pages.advice_rows import effect_row
from director_lib.pages.cards import instant
from director_lib.store.suggestions import ShownSuggestion
from director_lib.workbench import Workbench

Json = dict[str, Any]
MOST_PHRASES = 300
MOST_SHOWN = 30

_GROUPS = (
    ("used", "Made with a suggestion"),
    ("trial", "… of these, where one was a trial"),
    ("declined", "Suggestions shown, none taken"),
    ("without", "Nothing suggested"),
)


def read_advice(workbench: Workbench) -> Json:
    """Read what was learned: effects, how well words predict, and whether advice helped."""
    facts = workbench.advice.facts()
    state = advice_state(facts)
    if not facts:
        return {**state, "phrases": [], "makers": [], "uptake": None, "fitted_at": None, "sorting": ""}
    return {
        **state,
        "fitted_at": facts["fitted_at"],
        "n_prompts": facts["n_prompts"],
        "n_approved": facts["n_approved"],
        "sorting": _sorting(facts["auc"]),
        "phrases": [effect_row(one) for one in facts["phrases"][:MOST_PHRASES]],
        "makers": [effect_row(one) for one in facts["makers"] if one["engine"]],
        "uptake": _uptake(facts["uptake"]),
    }


def read_log(workbench: Workbench) -> Json:
    """Read how many suggestions were shown, taken and made, and the newest of them."""
    shown, taken, made = workbench.advice.counts()
    return {
        "shown": shown,
        "taken": taken,
        "made": made,
        "newest": [_log_row(one) for one in workbench.advice.shown(MOST_SHOWN)],
    }


def _sorting(auc: list[float]) -> str:
    low, high = percent(auc[1]), percent(auc[2])
    return (
        f"Of two prompts, one approved and one not, words put the approved one first {percent(auc[0])} "
        f"times of 100 (95 % {low}–{high}); 50 is chance. Measured on prompts that were kept apart."
    )


def _uptake(uptake: Json) -> Json:
    groups = [
        {"key": key, "label": label, **uptake[key], "words": _rate(uptake[key])} for key, label in _GROUPS
    ]
    if uptake["difference"] is None:
        return {"groups": groups, "verdict": "Not enough data: both sides need 20 judged attempts."}
    middle, low, high = (100 * value for value in uptake["difference"])
    verdict = f"{middle:+.0f} points with a suggestion (95 % {low:+.0f} to {high:+.0f})."
    sure = low > 0 or high < 0
    return {"groups": groups, "verdict": verdict if sure else f"{verdict} Not enough data to tell."}


def _rate(rate: Json) -> str:
    if rate["value"] is None:
        return "no data"
    interval = f"95 % {percent(rate['low'])}–{percent(rate['high'])} %"
    return f"{percent(rate['value'])} % · {rate['k']} of {rate['n']} · {interval}"


def _log_row(one: ShownSuggestion) -> Json:
    fate = "made" if one.task_id else "taken" if one.taken_at else "shown"
    page = "keyframes" if one.kind == "keyframe" else "videos"
    return {
        "id": one.id,
        "text": one.text,
        "sort": one.sort,
        "is_trial": one.is_trial,
        "fate": fate,
        "to": one.shown_to,
        "at": instant(one.shown_at),
        "place": f"{one.stream_id} · {one.segment_id}",
        "href": f"/s/{one.stream_id}/{page}?segment={one.segment_id}",
    }
