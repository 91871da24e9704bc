"""The numbers of a week, each with the week before."""

from __future__ import annotations

from director_lib.batch.paper_blocks import Figure
from director_lib.batch.weekly_facts import WeekFacts
from director_lib.domain.how_many import how_many
from director_lib.metrics.intervals import Rate
from director_lib.metrics.words import THINGS, interval, money, number, percent, span


def week_figures(facts: WeekFacts, before: WeekFacts) -> tuple[Figure, ...]:
    """Return the week's numbers, the week before them beside each."""
    people, people_before = _people(facts), _people(before)
    return (
        _rate("First-pass approval", facts.first_pass, before.first_pass, THINGS, " judged first"),
        _rate("Decision approval rate", facts.approval, before.approval, ("decision", "decisions")),
        _count(
            "Decisions", len(facts.judged), len(before.judged), f"by {how_many(people, 'person', 'people')}"
        ),
        _count("Made again", len(facts.again), len(before.again), "sent back, and a new version came"),
        _count("New versions", len(facts.made), len(before.made), _failed(facts, before)),
        Figure(
            "Spent",
            money(facts.cost_usd),
            "",
            f"on {how_many(len(facts.made), 'version')}" + _lost(facts),
            f"the week before: {money(before.cost_usd)}",
        ),
        _per_approved(facts, before),
        _count("Wait for a decision", facts.n_open, before.n_open, "stills and clips, at the week's end"),
        _count("People who decided", people, people_before, f"on {how_many(_streams(facts), 'stream')}"),
    )


def _rate(label: str, rate: Rate, before: Rate, of: tuple[str, str], what: str = "") -> Figure:
    told = f"{percent(before.value)}" + (f" ({span(before.low, before.high)})" if before.n else "")
    return Figure(
        label,
        percent(rate.value),
        interval(rate),
        f"n = {how_many(rate.n, *of)}{what}",
        f"the week before: {told}",
        is_empty=not rate.n,
    )


def _count(label: str, count: int, before: int, basis: str) -> Figure:
    return Figure(label, number(count), "", basis, f"the week before: {number(before)}")


def _failed(facts: WeekFacts, before: WeekFacts) -> str:
    return f"{how_many(len(facts.failed), 'task')} failed (before: {len(before.failed):,})"


def _lost(facts: WeekFacts) -> str:
    return f", {money(facts.lost_usd)} on failed ones" if facts.lost_usd else ""


def _per_approved(facts: WeekFacts, before: WeekFacts) -> Figure:
    found = facts.per_approved
    spread = ""
    if found.low is not None and found.high is not None:
        spread = f"95 % interval {money(found.low)}–{money(found.high)}"
    return Figure(
        "Cost per approved segment",
        money(found.value),
        spread,
        f"n = {found.n:,} begun so far, {facts.n_approved:,} approved",
        f"the week before: {money(before.per_approved.value)}",
        is_empty=found.value is None,
    )


def _people(facts: WeekFacts) -> int:
    return int(facts.judged["actor"].nunique())


def _streams(facts: WeekFacts) -> int:
    return int(facts.judged["stream_id"].nunique())
