"""What the studio spends: today, on a stream, on each segment, for each approved second; and when to look."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa

from director_lib.domain.people import Action, require
from director_lib.domain.version import Kind
from director_lib.store.decisions import read_verdicts
from director_lib.store.spend import Money, money_by_asset, money_of_jobs, money_since, promised_by_stream
from director_lib.store.versions import current_versions
from director_lib.tasks.budget import Ceilings, read_ceilings, start_of_day
from director_lib.workbench.task_desk import TaskDesk

_WARN_FROM = 0.8
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Spend:
    """What was spent, and how much of the budgets is left.

    What open tasks may still cost is promised; it counts against the budgets, not as spent.

    Attributes:
        stream_id: The stream that the sums are of; None for the whole studio.
        total: Spent on it so far.
        promised_usd: What its open tasks may still cost.
        today: Spent in the whole studio since midnight in its time zone.
        promised_today_usd: What the open tasks of the whole studio may still cost.
        budget_day_usd: What may be spent in a day; None for no limit.
        budget_stream_usd: What may be spent on a stream; None for no limit.
        by_segment: Segment id to what its still and clip cost; empty for the whole studio.
        by_stream: Stream id to what it cost.
        approved_s: Seconds of approved clips.
        per_approved_s_usd: What an approved second cost, with everything that was thrown away; None without.
        alerts: Budgets that are nearly or wholly used up, in plain sentences.
    """

    stream_id: str | None
    total: Money
    promised_usd: float
    today: Money
    promised_today_usd: float
    budget_day_usd: float | None
    budget_stream_usd: float | None
    by_segment: Mapping[int, Money] = field(default_factory=dict)
    by_stream: Mapping[str, Money] = field(default_factory=dict)
    approved_s: float = 0.0
    per_approved_s_usd: float | None = None
    alerts: tuple[str, ...] = ()


class Spending(TaskDesk):
    """What it costs so far."""

    def spend(self, stream_id: str | None = None) -> Spend:
        """Add up what was spent on a stream, or in the whole studio when that is None.

        An unknown outcome counts as its estimate until somebody settles it.

        Raises:
            ConfigError: The configured time zone does not exist.
        """
        require(self._actor, Action.VIEW)
        today = start_of_day(self._settings, self._clock())
        with self._database.read() as connection:
            ceilings = read_ceilings(connection, self._settings)
            money = money_by_asset(connection, stream_id=stream_id)
            jobs = money_of_jobs(connection, stream_id=stream_id)
            promised = promised_by_stream(connection)
            spent_today = money_since(connection, today)
            of_assets = [(asset[0], amount) for asset, amount in money.items()]
            by_stream = _grouped([*of_assets, *jobs.items()])
            approved_s = sum(_approved_s(connection, each) for each in by_stream)
        by_segment = _grouped((asset[1], amount) for asset, amount in money.items())
        total = sum(by_stream.values(), Money())
        mine = promised.get(stream_id, 0.0) if stream_id is not None else sum(promised.values())
        return Spend(
            stream_id=stream_id,
            total=total,
            promised_usd=round(mine, 6),
            today=spent_today,
            promised_today_usd=round(sum(promised.values()), 6),
            budget_day_usd=ceilings.day.amount_usd,
            budget_stream_usd=ceilings.stream.amount_usd,
            by_segment={} if stream_id is None else by_segment,
            by_stream=by_stream,
            approved_s=round(approved_s, 6),
            per_approved_s_usd=total.total_usd / approved_s if approved_s else None,
            alerts=tuple(_alerts(ceilings, spent_today, by_stream, promised, stream_id)),
        )


def _alerts(
    ceilings: Ceilings,
    today: Money,
    by_stream: Mapping[str, Money],
    promised: Mapping[str, float],
    stream_id: str | None,
) -> Iterable[str]:
    yield from _alert("today", today.total_usd, sum(promised.values()), ceilings.day.amount_usd)
    known = sorted(by_stream.keys() | promised.keys()) if stream_id is None else [stream_id]
    for each in known:
        spent_usd = by_stream.get(each, Money()).total_usd
        yield from _alert(f"on {each}", spent_usd, promised.get(each, 0.0), ceilings.stream.amount_usd)


def _alert(where: str, spent_usd: float, promised_usd: float, budget_usd: float | None) -> Iterable[str]:
    used_usd = spent_usd + promised_usd
    if budget_usd is None or used_usd <= 0 or used_usd < _WARN_FROM * budget_usd - 1e-9:
        return
    told = f"${spent_usd:.2f} is spent"
    if promised_usd > 0:
        told += f" and ${promised_usd:.2f} promised to open tasks"
    told += f" {where}, of a budget of ${budget_usd:.2f}"
    if used_usd >= budget_usd - 1e-9:
        yield f"{told}: it is used up, and what costs money is refused."
    else:
        yield f"{told}: ${budget_usd - used_usd:.2f} is left."


def _grouped(amounts: Iterable[tuple[_Key, Money]]) -> dict[_Key, Money]:
    found: dict[_Key, Money] = {}
    for key, amount in amounts:
        found[key] = found.get(key, Money()) + amount
    return found


def _approved_s(connection: sa.Connection, stream_id: str) -> float:
    """Add up the seconds of a stream's approved clips."""
    current = current_versions(connection, stream_id)
    verdicts = read_verdicts(connection, stream_id)
    return sum(
        current[place].duration_s or 0.0
        for place, verdict in verdicts.items()
        if place[1] is Kind.VIDEO and verdict.is_approved and place in current
    )
