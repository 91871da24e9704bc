"""The ceiling: what may be spent in a day and on a stream."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.errors import ConfigError, RuleError
from director_lib.store.tasks import committed_usd


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
    others_today = committed_usd(connection, since=start_of_day(settings, now)) - price_usd
    _check("today", price_usd, settings.budget_day_usd - others_today, "DIRECTOR_BUDGET_DAY_USD")
    others = committed_usd(connection, stream_id=stream_id) - price_usd
    _check("on this stream", price_usd, settings.budget_stream_usd - others, "DIRECTOR_BUDGET_STREAM_USD")


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


def _check(where: str, price_usd: float, left_usd: float, setting: str) -> None:
    if price_usd > left_usd + 1e-9:
        raise RuleError(
            f"This costs about ${price_usd:.2f}, and ${max(0.0, left_usd):.2f} is left to spend {where}. "
            f"Nothing was queued. Ask for less, or raise {setting}."
        )
