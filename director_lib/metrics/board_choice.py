"""What somebody wants to see on the metrics page: which weeks, whose decisions, which engine and kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from director_lib.metrics.trend import studio_zone

SPANS = (4, 12, 26, 52)
"""Numbers of weeks to choose from, the running one included."""

Span = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class BoardChoice:
    """A choice; what is None is not restricted.

    Attributes:
        stream_id: One stream.
        weeks: The latest so many weeks, the running one included.
        actor: Decisions of one person.
        engine: What one engine made; "" is what was found on disk.
        model: What one model made.
        kind: "keyframe" or "video".
        week: One week alone, as its local Monday; wins over ``weeks``.
    """

    stream_id: str | None = None
    weeks: int | None = None
    actor: str | None = None
    engine: str | None = None
    model: str | None = None
    kind: str | None = None
    week: pd.Timestamp | None = None

    def first_week(self, running: pd.Timestamp) -> pd.Timestamp | None:
        """Return the Monday it begins at; None when it reaches back to the first decision."""
        if self.week is not None:
            return self.week
        return None if self.weeks is None else running - pd.Timedelta(days=7 * (self.weeks - 1))

    def span(self, running: pd.Timestamp, time_zone: str) -> Span:
        """Return its first instant and the first after it, as aware instants; None leaves a side open."""
        first, zone = self.first_week(running), studio_zone(time_zone)
        if first is None:
            return None, None
        since = first.tz_localize(zone, ambiguous=True, nonexistent="shift_forward").to_pydatetime()
        if self.week is None:
            return since, None
        after = (first + pd.Timedelta(days=7)).tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
        return since, after.to_pydatetime()

    def everybody(self) -> BoardChoice:
        """Return the same without person, engine and model: what there is to choose from."""
        return replace(self, actor=None, engine=None, model=None)


def running_week(as_of: datetime, time_zone: str) -> pd.Timestamp:
    """Return the Monday of the week that is not over yet, in the studio's time."""
    today = pd.Timestamp(as_of).tz_convert(studio_zone(time_zone)).tz_localize(None).normalize()
    monday: pd.Timestamp = (today - pd.Timedelta(days=today.day_of_week)).as_unit("us")
    return monday
