"""Advice as the page's double gives it."""

from __future__ import annotations

from typing import Any

Payload = dict[str, Any]

NEAR = "a misty harbour at dawn, gentle pan"
FAR = "a harbour in fog, seen from a boat"


def advice_for(card: Payload) -> Payload:
    """Advise on a card's prompt: two prompts, one of them a trial, one phrase, one that hurts, one engine."""
    prompt = {"predicted": 0.72, "low": 0.44, "high": 0.93, "is_trial": False, "place": "film · 7"}
    phrase = {"phrase": "golden hour", "k": 18, "n": 20, "is_trial": False, "verdict": "helps"}
    numbers = {
        "evidence": "18 of 20 approved first time · 95 % 70–97 %",
        "effect": "odds × 2.30 · 95 % 1.40–3.70",
    }
    return {
        "state": "ready",
        "n": 900,
        "needed": 500,
        "own": {"predicted": 0.41, "low": 0.2, "high": 0.6},
        "prompts": [
            {
                **prompt,
                "id": 11,
                "text": NEAR,
                "evidence": "approved 3 of 4",
                "href": "/s/film/keyframes?segment=7",
            },
            {
                **prompt,
                "id": 12,
                "text": FAR,
                "evidence": "approved 1 of 1",
                "href": "#",
                "is_trial": True,
            },
        ],
        "to_add": [{**phrase, **numbers, "id": 13}],
        "in_prompt": [
            {
                **phrase,
                **numbers,
                "phrase": "whip pan",
                "verdict": "hurts",
                "evidence": "3 of 20 approved first time",
            }
        ],
        "makers": [
            {
                "setting": "google · fine-2",
                "evidence": "9 of 12 approved · 95 % 47–91 %",
                "n": card["segment_id"],
            }
        ],
        "n_alike": 12,
    }
