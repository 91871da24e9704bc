"""When a studio works: ``Mon-Fri 09:00-17:00``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import field_validator
from pydantic_settings import BaseSettings

DEFAULT_WORK_HOURS = "Mon-Fri 09:00-17:00"

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MIN = 24 * 60
_PART = re.compile(r"(?P<days>[a-z, -]+?)\s+(?P<begin>\d{1,2}:\d{2})\s*-\s*(?P<end>\d{1,2}:\d{2})")
_ADVICE = "write days and times like “Mon-Fri 09:00-17:00; Sat 10:00-14:00”"


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One stretch of work that comes every week.

    Attributes:
        weekday: 0 is Monday.
        begin_min: Minutes after midnight.
        end_min: Minutes after the same midnight; above 1,440 when it goes on into the next day.
    """

    weekday: int
    begin_min: int
    end_min: int


class WorkSettings(BaseSettings):
    """The studio's time, as a part of the settings.

    Attributes:
        time_zone: IANA name, for days, weeks and hours.
        work_hours: See ``read_work_hours``.
    """

    time_zone: str = "UTC"
    work_hours: str = DEFAULT_WORK_HOURS

    @field_validator("work_hours")
    @classmethod
    def _check_work_hours(cls, text: str) -> str:
        read_work_hours(text)
        return text


def read_work_hours(text: str) -> tuple[Shift, ...]:
    """Read the hours in which a studio works.

    Args:
        text: Days and times, parts separated by ";": "Mon-Fri 09:00-17:00; Sat 10:00-14:00". Days are names
            of three letters, ranges of them (a range may go round the week's end), or several with commas;
            an end that is not after the begin is on the next day; 24:00 is midnight.

    Returns:
        The shifts by weekday and begin.

    Raises:
        ValueError: It cannot be read; the message says how to write it.
    """
    shifts: set[Shift] = set()
    for part in filter(None, (one.strip().lower() for one in text.split(";"))):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"“{part}” names no hours; {_ADVICE}")
        begin_min, end_min = _minutes(match["begin"]), _minutes(match["end"])
        if end_min <= begin_min:
            end_min += _DAY_MIN
        shifts |= {Shift(weekday, begin_min, end_min) for weekday in _weekdays(match["days"])}
    if not shifts:
        raise ValueError(f"no hours are named; {_ADVICE}")
    return tuple(sorted(shifts))


def _weekdays(names: str) -> set[int]:
    found: set[int] = set()
    for name in names.split(","):
        first, _, last = (piece.strip() for piece in name.partition("-"))
        if first not in _DAYS or (last or first) not in _DAYS:
            raise ValueError(f"“{name.strip()}” is no day; {_ADVICE}")
        begin, end = _DAYS.index(first), _DAYS.index(last or first)
        found |= {(begin + step) % len(_DAYS) for step in range((end - begin) % len(_DAYS) + 1)}
    return found


def _minutes(clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    if minute > 59 or hour * 60 + minute > _DAY_MIN:
        raise ValueError(f"“{clock}” is no time of day; {_ADVICE}")
    return hour * 60 + minute
