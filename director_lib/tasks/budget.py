"""The ceilings: what may be spent in a day and on a stream."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.budget import BudgetScope
from director_lib.errors import ConfigError, RuleError
from director_lib.store.budgets import SetBudget, list_budgets
from director_lib.store.tasks import committed_usd


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A budget that holds.

    Attributes:
        amount_usd: None for no limit.
        default_usd: What the settings say, and what holds while nobody has set another one.
        changed_by: Who set it; None while it is the default.
        changed_at: When they did.
    """

    amount_usd: float | None
    default_usd: float
    changed_by: str | None = None
    changed_at: datetime | None = None

    @property
    def is_set(self) -> bool:
        """Whether somebody set it, so that the default does not count."""
        return self.changed_by is not None


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Every budget that holds."""

    day: Ceiling
    stream: Ceiling

    def of(self, scope: BudgetScope) -> Ceiling:
        """Return the budget of a scope."""
        return {BudgetScope.DAY: self.day, BudgetScope.STREAM: self.stream}[scope]


def read_ceilings(connection: sa.Connection, settings: Settings) -> Ceilings:
    """Read the budgets that hold: as an admin set them, else the settings' defaults."""
    given = list_budgets(connection)
    return Ceilings(
        day=_ceiling(given.get(BudgetScope.DAY), settings.budget_day_usd),
        stream=_ceiling(given.get(BudgetScope.STREAM), settings.budget_stream_usd),
    )


def check_budget(
    connection: sa.Connection, settings: Settings, stream_id: str, price_usd: float, *, now: datetime
) -> None:
    """Refuse a task that was just queued when it is over the day's or the stream's budget.

    What open tasks may still cost counts as spent. A free task is never refused.

    Args:
        price_usd: Estimated price of the task, which is among the open ones already.
        now: Aware instant; the day is that of the configured time zone.

    Raises:
        RuleError: It is over; the message says what was left. The caller's transaction is to be undone.
        ConfigError: The configured time zone does not exist.
    """
    if price_usd <= 0:
        return
    ceilings = read_ceilings(connection, settings)
    today_usd = committed_usd(connection, since=start_of_day(settings, now))
    _check("today", price_usd, today_usd - price_usd, ceilings.day)
    stream_usd = committed_usd(connection, stream_id=stream_id)
    _check("on this stream", price_usd, stream_usd - price_usd, ceilings.stream)


def start_of_day(settings: Settings, now: datetime) -> datetime:
    """Return the instant, in UTC, at which the day of ``now`` began in the configured time zone.

    Raises:
        ConfigError: There is no such time zone.
    """
    try:
        zone = ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(
            f"DIRECTOR_TIME_ZONE: there is no time zone “{settings.time_zone}”. "
            "Use a name like Europe/Budapest."
        ) from error
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _ceiling(given: SetBudget | None, default_usd: float) -> Ceiling:
    if given is None:
        return Ceiling(default_usd, default_usd)
    return Ceiling(given.amount_usd, default_usd, given.changed_by, given.changed_at)


def _check(where: str, price_usd: float, others_usd: float, ceiling: Ceiling) -> None:
    if ceiling.amount_usd is None:
        return
    left_usd = ceiling.amount_usd - others_usd
    if price_usd > left_usd + 1e-9:
        raise RuleError(
            f"This costs about ${price_usd:.2f}, and ${max(0.0, left_usd):.2f} is left to spend {where}. "
            "Nothing was queued. Ask for less, or have an admin raise the budget on the settings page."
        )
