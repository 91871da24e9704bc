"""Approval week by week, in the studio's own time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from director_lib.errors import InputError
from director_lib.metrics.effective import check_aware, effective_decisions, first_of
from director_lib.metrics.intervals import rate_columns

_WEEK = pd.Timedelta(days=7)


def studio_zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        InputError: There is no such time zone.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise InputError(
            f"There is no time zone “{name}”. Set DIRECTOR_TIME_ZONE to an IANA name such as Europe/Budapest."
        ) from error


def local_weeks(instants: pd.Series[Any], time_zone: str) -> pd.Series[Any]:
    """Return the Monday that begins each instant's ISO week in a time zone.

    Args:
        instants: Aware instants; NaT stays NaT.
        time_zone: IANA name, such as "Europe/Budapest".

    Returns:
        Naive midnights (datetime64[us]): local calendar days, not instants.

    Raises:
        InputError: There is no such time zone.
    """
    local = instants.dt.tz_convert(studio_zone(time_zone)).dt.tz_localize(None).dt.normalize()
    mondays: pd.Series[Any] = (local - pd.to_timedelta(local.dt.day_of_week, unit="D")).astype(
        "datetime64[us]"
    )
    return mondays


def weekly_approval(decisions: pd.DataFrame, *, time_zone: str, as_of: datetime) -> pd.DataFrame:
    """Compute approval for each ISO week (Monday to Sunday) in the studio's time zone.

    Effective decisions count in the week they were taken, units in the week of their first judged attempt.
    A week around the new year belongs to the ISO year that holds its Thursday.

    Args:
        decisions: A decisions frame.
        time_zone: IANA name.
        as_of: Aware instant; its week is the running one.

    Returns:
        One row per week from the first decision to the running week, without gaps, rising: ``week_start``
        (local Monday, datetime64[us]), ``iso_year``, ``iso_week`` (int64), ``n``, ``k``, ``rate``, ``low``,
        ``high`` of the decision approval rate, ``first_pass_n``, ``first_pass_k``, ``first_pass_rate``,
        ``first_pass_low``, ``first_pass_high``, ``is_running`` (bool; not to be compared with whole weeks).
        A week without decisions has n = 0, a NaN rate and the interval 0 to 1. Empty without any decision.

    Raises:
        InputError: The frame is not a decisions frame, ``as_of`` has no time zone, or there is no such zone.
    """
    judged = effective_decisions(decisions, as_of=check_aware(as_of))
    return weeks_of(judged, first_of(judged), time_zone=time_zone, as_of=as_of)


def weeks_of(
    judged: pd.DataFrame, first_passes: pd.DataFrame, *, time_zone: str, as_of: datetime
) -> pd.DataFrame:
    """Compute ``weekly_approval`` from rows of ``effective_decisions`` and ``first_judged``."""
    running = local_weeks(pd.Series([pd.Timestamp(as_of)]), time_zone).iloc[0]
    weeks = local_weeks(judged["decided_at"], time_zone)
    first = running + _WEEK if weeks.empty else weeks.min()
    calendar = pd.date_range(first, running, freq=_WEEK, unit="us")
    every = _weekly_rates(judged, weeks, calendar)
    passes = _weekly_rates(first_passes, local_weeks(first_passes["decided_at"], time_zone), calendar)
    iso = calendar.isocalendar()
    table = pd.concat([every, passes.add_prefix("first_pass_")], axis=1)
    table.insert(0, "iso_week", iso["week"].astype("int64"))
    table.insert(0, "iso_year", iso["year"].astype("int64"))
    return table.assign(is_running=calendar == running).rename_axis("week_start").reset_index()


def _weekly_rates(judged: pd.DataFrame, weeks: pd.Series[Any], calendar: pd.DatetimeIndex) -> pd.DataFrame:
    counts = judged.groupby(weeks)["is_approved"].agg(["sum", "size"]).reindex(calendar, fill_value=0)
    return rate_columns(counts["sum"], counts["size"])
