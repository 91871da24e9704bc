"""Advice in words: every number with what it was counted from, and "not enough data" where that is so."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
NEEDED = 500
"""Judged attempts below which nothing is claimed: ``director_lib.advice.effects.ENOUGH_DECISIONS``."""


def advice_state(facts: Json) -> Json:
    """Say how much was learned: "none", "too_little", "no_better" (than chance) or "ready"."""
    if not facts:
        return {"state": "none", "n": 0, "needed": NEEDED}
    state = "ready" if facts["is_predictive"] else "no_better" if facts["is_enough"] else "too_little"
    return {"state": state, "n": facts["n_attempts"], "needed": NEEDED}


def counted(facts: Json) -> str:
    """Say a rate with its counts and interval: "18 of 20 approved first time · 95 % 70–97 %"."""
    interval = f"95 % {percent(facts['low'])}–{percent(facts['high'])} %"
    return f"{facts['k']} of {facts['n']} approved first time · {interval}"


def odds(facts: Json) -> str:
    """Say an adjusted odds ratio with its interval; "not enough data" when there is none."""
    if facts.get("odds_ratio") is None:
        return "not enough data"
    low, high = ratio(facts["odds_low"]), ratio(facts["odds_high"])
    return f"odds × {ratio(facts['odds_ratio'])} (95 % {low}–{high})"


def percent(share: float) -> str:
    """Write a share as whole percent."""
    return f"{100 * share:.0f}"


def ratio(value: float) -> str:
    """Write a ratio with two digits that count."""
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"
