"""Advice as rows of a page: every number with what it was counted from, in words."""

from __future__ import annotations

from typing import Any

from director_lib.advice.advised import Advised, MakerEvidence, PhraseSuggestion, PromptSuggestion
from director_lib.advice.saying import counted, odds, percent

Json = dict[str, Any]
_PAGES = {"keyframe": "keyframes", "video": "videos"}


def advised_row(advised: Advised, ids: tuple[tuple[int, ...], tuple[int, ...]]) -> Json:
    """Return everything that is advised on one prompt.

    Args:
        ids: Of the prompts and of the phrases to add, as recorded; empty when nothing was recorded.
    """
    prompts = [prompt_row(one) for one in advised.prompts]
    phrases = [phrase_row(one) for one in advised.to_add]
    for rows, recorded in ((prompts, ids[0]), (phrases, ids[1])):
        for number, row in enumerate(rows):
            row["id"] = recorded[number] if recorded else -1 - number
    return {
        "own": _own(advised.own),
        "prompts": prompts,
        "to_add": phrases,
        "in_prompt": [phrase_row(one) for one in advised.in_prompt],
        "makers": [maker_row(one) for one in advised.makers],
        "n_alike": advised.n_alike,
    }


def prompt_row(one: PromptSuggestion) -> Json:
    """Return a similar prompt with its evidence."""
    return {
        "text": one.text,
        "predicted": one.predicted,
        "low": one.low,
        "high": one.high,
        "evidence": f"approved {one.k} of {one.n}",
        "is_trial": one.is_trial,
        "place": f"{one.stream_id} · {one.segment_id}",
        "href": f"/s/{one.stream_id}/{_PAGES[one.kind]}?segment={one.segment_id}",
    }


def phrase_row(one: PhraseSuggestion) -> Json:
    """Return a phrase with its evidence."""
    return {**effect_row(one.facts), "is_trial": one.is_trial}


def effect_row(facts: Json) -> Json:
    """Return the row of a phrase, or of an engine and model, with its counts and its effect in words."""
    return {**facts, "evidence": counted(facts), "effect": odds(facts)}


def maker_row(one: MakerEvidence) -> Json:
    """Return how an engine did with prompts like this one."""
    interval = f"95 % {percent(one.low)}–{percent(one.high)} %"
    return {
        "setting": one.setting,
        "engine": one.engine,
        "model": one.model,
        "k": one.k,
        "n": one.n,
        "low": one.low,
        "high": one.high,
        "evidence": f"{one.k} of {one.n} approved · {interval}",
    }


def _own(own: tuple[float, float, float] | None) -> Json | None:
    return None if own is None else {"predicted": own[0], "low": own[1], "high": own[2]}
