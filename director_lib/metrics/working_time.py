"""Working time: how much of a stretch of calendar time lies within the studio's hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.errors import InputError
from director_lib.metrics.frames import INSTANT
from director_lib.metrics.trend import studio_zone
from director_lib.work_hours import Shift, read_work_hours

Micros = npt.NDArray[np.int64]
_DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class StudioHours:
    """The hours in which a studio works, every week, in its own time.

    Attributes:
        text: As it was written, for labels: "Mon-Fri 09:00-17:00".
    """

    text: str
    shifts: tuple[Shift, ...]
    zone: ZoneInfo


def studio_hours(text: str, time_zone: str) -> StudioHours:
    """Return a studio's hours from its settings.

    Args:
        text: See ``director_lib.work_hours.read_work_hours``.
        time_zone: IANA name.

    Raises:
        InputError: The hours cannot be read, or there is no such time zone.
    """
    try:
        return StudioHours(text, read_work_hours(text), studio_zone(time_zone))
    except ValueError as error:
        raise InputError(f"DIRECTOR_WORK_HOURS: {error}.") from error


def working_seconds(begun: pd.Series[Any], ended: pd.Series[Any], hours: StudioHours) -> pd.Series[Any]:
    """Compute how many seconds between two instants lie within the studio's hours.

    What overlaps is counted once. On a day on which clocks change, hours are as long as they really were.
    There are no holidays: on a day off time goes on.

    Args:
        begun: Aware instants (datetime64, any unit).
        ended: Aware instants, of the same index.
        hours: From ``studio_hours``.

    Returns:
        Seconds (float64) by the same index; 0 when ``ended`` is not later, NaN where either is NaT.
    """
    known = begun.notna() & ended.notna()
    seconds = pd.Series(np.nan, index=begun.index, dtype="float64")
    if known.any():
        first, last = begun[known], ended[known]
        starts, stops = _stretches(first.min(), max(last.max(), first.max()), hours)
        worked = _worked(_micros(last), starts, stops) - _worked(_micros(first), starts, stops)
        seconds[known] = np.clip(worked, 0, None) / 1e6
    return seconds


def _micros(instants: pd.Series[Any]) -> Micros:
    whole = instants.dt.tz_convert("UTC").astype(INSTANT)
    micros: Micros = whole.dt.tz_localize(None).to_numpy().view("int64")
    return micros


def _worked(instants: Micros, starts: Micros, stops: Micros) -> Micros:
    """Return the working microseconds from the first stretch until each instant."""
    lengths = stops - starts
    before = np.concatenate([[0], np.cumsum(lengths)])
    at = np.searchsorted(starts, instants, side="right") - 1
    inside = np.clip(instants - starts[at], 0, lengths[at])
    worked: Micros = np.where(at < 0, 0, before[at] + inside)
    return worked


def _stretches(first: datetime, last: datetime, hours: StudioHours) -> tuple[Micros, Micros]:
    """Return begin and end of each stretch of work around a span, rising and apart, in microseconds."""
    day = first.astimezone(hours.zone).date() - timedelta(days=2)
    until = last.astimezone(hours.zone).date() + timedelta(days=8)
    found = []
    while day <= until:
        found += [
            (_instant(day, shift.begin_min, hours.zone), _instant(day, shift.end_min, hours.zone))
            for shift in hours.shifts
            if shift.weekday == day.weekday()
        ]
        day += timedelta(days=1)
    begins, ends = np.array(sorted(found), dtype="int64").T
    reached = np.maximum.accumulate(ends)
    # a stretch begins where nothing before it lasts until there
    opens = np.concatenate([[True], begins[1:] > reached[:-1]])
    closes = np.concatenate([opens[1:], [True]])
    return begins[opens], reached[closes]


def _instant(day: date, minutes: int, zone: ZoneInfo) -> int:
    there = datetime.combine(day + timedelta(days=minutes // _DAY_MIN), time(), zone)
    wall = there.replace(hour=minutes % _DAY_MIN // 60, minute=minutes % 60)
    return int(wall.timestamp()) * 1_000_000
