"""Working time: the part of calendar time within the studio's hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.config import Settings
from director_lib.errors import InputError
from director_lib.metrics.timing import asset_stays, checkpoint_times
from director_lib.metrics.working_time import studio_hours, working_seconds
from director_lib.work_hours import Shift, read_work_hours
from tests.metrics.rows import START, Story, at

BUDAPEST = ZoneInfo("Europe/Budapest")
HOUR_S = 3_600


def worked(begun: datetime, ended: datetime, text: str = "Mon-Fri 09:00-17:00", zone: str = "UTC") -> float:
    pair = (pd.Series([pd.Timestamp(instant).tz_convert("UTC")]) for instant in (begun, ended))
    return float(working_seconds(*pair, studio_hours(text, zone)).iloc[0])


def there(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BUDAPEST)


def test_a_night_and_a_weekend_are_no_work() -> None:
    # Friday 15:30 until Monday 10:15 in Budapest: 1.5 h and 1.25 h of 66.75 h
    assert worked(there(6, 15, 30), there(9, 10, 15), zone="Europe/Budapest") == 2.75 * HOUR_S
    assert worked(there(7, 8), there(8, 22), zone="Europe/Budapest") == 0
    assert worked(there(9, 9), there(9, 9), zone="Europe/Budapest") == 0
    assert worked(there(9, 12), there(9, 10), zone="Europe/Budapest") == 0


def test_hours_are_the_studios_and_not_utcs() -> None:
    begun, ended = datetime(2026, 3, 9, 8, tzinfo=UTC), datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert worked(begun, ended, zone="Europe/Budapest") == HOUR_S
    assert worked(begun, ended) == 0


def test_on_days_of_changing_clocks_hours_are_as_long_as_they_were() -> None:
    # on 29 March 2026 two o'clock becomes three, on 25 October three becomes two
    night = "Sat 22:00-06:00"
    spring = worked(there(28, 12), there(29, 12), night, "Europe/Budapest")
    autumn = worked(there(24, 12, month=10), there(25, 12, month=10), night, "Europe/Budapest")
    assert (spring, autumn) == (7 * HOUR_S, 9 * HOUR_S)


def test_hours_that_overlap_are_counted_once_and_round_the_clock_is_calendar_time() -> None:
    twice = "Mon 09:00-13:00; Mon 12:00-17:00; Sun 23:00-10:00"
    assert worked(there(8, 12), there(9, 23), twice, "Europe/Budapest") == 18 * HOUR_S
    always = worked(there(1, 7), there(31, 7), "Mon-Sun 00:00-24:00", "Europe/Budapest")
    assert always == (there(31, 7).astimezone(UTC) - there(1, 7).astimezone(UTC)).total_seconds()


def test_what_is_not_known_stays_so_and_nothing_gives_nothing() -> None:
    hours = studio_hours("Mon-Fri 09:00-17:00", "UTC")
    begun = pd.Series(pd.to_datetime([START, START], utc=True), index=[4, 9])
    ended = pd.Series(pd.to_datetime([at(60), None], utc=True), index=[4, 9])
    found = working_seconds(begun, ended, hours)
    assert (found.loc[4], found.isna().tolist()) == (HOUR_S, [False, True])
    assert working_seconds(begun[:0], ended[:0], hours).empty


@given(
    begin=st.integers(0, 30 * 24 * 4),
    length=st.integers(0, 14 * 24 * 4),
    text=st.sampled_from(
        ["Mon-Fri 09:00-17:00", "Fri-Mon 22:15-03:30", "Tue,Thu 08:00-24:00; Wed 00:00-09:45"]
    ),
)
def test_it_is_the_sum_of_the_quarters_of_an_hour_that_lie_within(begin: int, length: int, text: str) -> None:
    begun = datetime(2026, 3, 20, tzinfo=UTC) + timedelta(minutes=15 * begin)
    shifts = read_work_hours(text)

    def is_work(instant: datetime) -> bool:
        local = instant.astimezone(BUDAPEST)
        minute = local.hour * 60 + local.minute
        return any(
            shift.begin_min <= minute + 1440 * days < shift.end_min
            for shift in shifts
            for days in (0, 1)
            if (local.weekday() - days) % 7 == shift.weekday
        )

    quarters = [begun + timedelta(minutes=15 * step) for step in range(length)]
    expected_s = 900 * sum(map(is_work, quarters))
    assert worked(begun, begun + timedelta(minutes=15 * length), text, "Europe/Budapest") == expected_s


def test_time_per_checkpoint_is_told_both_ways() -> None:
    # the frames begin on a Monday at 09:00 UTC: approved at once, the next morning, and still open on Friday
    story = Story()
    day = 24 * 60
    for segment, minutes in ((1, 60), (2, day + 30)):
        story.decide(story.version(segment, 0), "approved", minutes)
    story.version(3, 0)
    stays = asset_stays(story.decisions_frame(), story.versions_frame())
    hours = studio_hours("Mon-Fri 09:00-17:00", "UTC")
    rows = checkpoint_times(stays, as_of=at(4 * day), hours=hours).set_index("checkpoint")
    stills = rows.loc["keyframes"]
    assert (stills["n"], stills["n_open"]) == (3, 1)
    assert (stills["p50_s"], stills["working_p50_s"]) == (24.5 * HOUR_S, 8.5 * HOUR_S)
    assert stills["p50_low_s"] == stills["working_p50_low_s"] == HOUR_S
    assert pd.isna(stills["p90_s"])
    assert pd.isna(checkpoint_times(stays, as_of=at(0))["working_p50_s"]).all()


def test_hours_are_read_as_people_write_them() -> None:
    assert read_work_hours("sat-mon 9:00-12:30") == tuple(Shift(day, 540, 750) for day in (0, 5, 6))
    assert read_work_hours("Wed 22:00-06:00") == (Shift(2, 1320, 1800),)
    assert read_work_hours("Mon,Wed 00:00-24:00;") == (Shift(0, 0, 1440), Shift(2, 0, 1440))


@pytest.mark.parametrize(
    "text", ["", "9-17", "Mon-Fri", "Mo 09:00-17:00", "Mon 09:60-17:00", "Mon 9:00-24:30"]
)
def test_hours_that_cannot_be_read_say_how_to_write_them(text: str) -> None:
    with pytest.raises(ValueError, match=r"Mon-Fri 09:00-17:00"):
        read_work_hours(text)
    with pytest.raises(InputError, match="DIRECTOR_WORK_HOURS"):
        studio_hours(text, "UTC")


def test_the_setting_is_checked_when_it_is_read() -> None:
    assert read_work_hours(Settings().work_hours) == read_work_hours("Mon-Fri 09:00-17:00")
    with pytest.raises(ValueError, match="work_hours"):
        Settings(work_hours="from nine to five")
