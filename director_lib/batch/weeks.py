"""ISO weeks in the studio's own time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from director_lib.errors import InputError
from director_lib.metrics.trend import studio_zone

_NAME = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_DAYS = 7
# metrics take "as of" inclusively, and the first instant after a week is not of it
_LAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday to Sunday in a time zone.

    Attributes:
        monday: Its first day there.
        now: Aware; what comes later is not known.
    """

    monday: date
    zone: ZoneInfo
    now: datetime

    @property
    def name(self) -> str:
        """Its ISO name, such as "2026-W46"."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def window(self) -> tuple[datetime, datetime]:
        """Its first instant and the first one after it; a week in which clocks change is not 168 hours."""
        return self._midnight(self.monday), self._midnight(self.monday + timedelta(days=_DAYS))

    @property
    def is_running(self) -> bool:
        """Whether it is not over, and so not to be compared with whole weeks."""
        return self.now < self.window[1]

    @property
    def known_until(self) -> datetime:
        """Up to when it is known: its last instant, or now when it is not over."""
        return min(self.now, self.window[1] - _LAST)

    @property
    def words(self) -> str:
        """Its days: "9 – 15 November 2026"."""
        last = self.monday + timedelta(days=_DAYS - 1)
        first = f"{self.monday.day}" if self.monday.month == last.month else f"{self.monday:%-d %B}"
        return f"{first} – {last:%-d %B %Y}"

    def before(self) -> Week:
        """Return the week before."""
        return Week(self.monday - timedelta(days=_DAYS), self.zone, self.now)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def find_week(name: str, time_zone: str, now: datetime) -> Week:
    """Return a week by its ISO name; the last one that is over when "".

    Args:
        name: Such as "2026-W46".
        time_zone: IANA name.
        now: Aware.

    Raises:
        InputError: There is no such week or time zone, or it has not begun.
    """
    zone = studio_zone(time_zone)
    today = now.astimezone(zone).date()
    this_monday = today - timedelta(days=today.weekday())
    if not name:
        return Week(this_monday - timedelta(days=_DAYS), zone, now)
    match = _NAME.fullmatch(name.strip())
    try:
        if match is None:
            raise ValueError(name)
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError as error:
        raise InputError(f"“{name}” is no week. Write year and ISO week, like 2026-W46.") from error
    if monday > this_monday:
        raise InputError(f"Week {name} has not begun yet, so there is nothing to report.")
    return Week(monday, zone, now)
