from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.errors import InputError
from director_lib.metrics.approval import decision_approval, first_pass_approval
from director_lib.metrics.frames import empty_decisions
from director_lib.metrics.trend import local_weeks, weekly_approval
from tests.metrics.rows import Story

ZONES = ["UTC", "Europe/Budapest", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Apia"]
DAY = 24 * 60
EARLY, LATE = datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2040-01-01")


def weekly(story: Story, as_of: datetime, zone: str = "UTC") -> pd.DataFrame:
    return weekly_approval(story.decisions_frame(), time_zone=zone, as_of=as_of)


@pytest.fixture
def story() -> Story:
    written = Story()
    written.decide(written.version(1, 0), "regenerate", 0)
    written.decide(written.version(1, 1), "approved", DAY)
    written.decide(written.version(2, 1), "approved", 15 * DAY)
    return written


def test_weeks_have_no_gaps_and_the_last_one_is_running(story: Story) -> None:
    table = weekly(story, datetime(2026, 3, 24, 9, tzinfo=UTC))
    assert table["week_start"].dt.strftime("%Y-%m-%d").tolist() == [
        "2026-03-02",
        "2026-03-09",
        "2026-03-16",
        "2026-03-23",
    ]
    assert table["n"].tolist() == [2, 0, 1, 0]
    assert table["k"].tolist() == [1, 0, 1, 0]
    assert table["first_pass_n"].tolist() == [1, 0, 1, 0]
    assert table["first_pass_k"].tolist() == [0, 0, 1, 0]
    assert table["rate"].isna().tolist() == [False, True, False, True]
    assert table["is_running"].tolist() == [False, False, False, True]


def test_weeks_add_up_to_the_whole(story: Story) -> None:
    decisions = story.decisions_frame()
    table = weekly(story, datetime(2026, 4, 1, tzinfo=UTC))
    assert table["n"].sum() == decision_approval(decisions).n
    assert table["first_pass_n"].sum() == first_pass_approval(decisions).n


def test_sunday_night_in_london_is_monday_in_budapest() -> None:
    late = pd.Series([pd.Timestamp("2026-03-08T23:30Z")])
    assert local_weeks(late, "Europe/London").dt.day.tolist() == [2]
    assert local_weeks(late, "Europe/Budapest").dt.day.tolist() == [9]


def test_a_week_around_new_year_belongs_to_the_year_of_its_thursday() -> None:
    story = Story()
    story.decide(story.version(1, 0), "approved", 0, decided_at=datetime(2027, 1, 2, tzinfo=UTC))
    row = weekly(story, datetime(2027, 1, 3, tzinfo=UTC)).iloc[0]
    assert (row["iso_year"], row["iso_week"]) == (2026, 53)


@given(
    st.datetimes(EARLY, LATE),
    st.sampled_from(ZONES),
)
def test_the_week_is_the_one_that_the_calendar_says(moment: datetime, zone: str) -> None:
    instant = moment.replace(tzinfo=UTC)
    found = local_weeks(pd.Series([pd.Timestamp(instant)]), zone).iloc[0]
    local = instant.astimezone(ZoneInfo(zone))
    assert found.isocalendar()[:2] == local.isocalendar()[:2]
    assert found.weekday() == 0


def test_what_came_after_the_instant_is_in_no_week(story: Story) -> None:
    table = weekly(story, datetime(2026, 3, 5, tzinfo=UTC))
    assert table["n"].tolist() == [2]


def test_without_decisions_there_are_no_weeks() -> None:
    table = weekly_approval(
        empty_decisions(), time_zone="Europe/Budapest", as_of=datetime(2026, 3, 5, tzinfo=UTC)
    )
    assert table.empty
    assert "first_pass_rate" in table.columns


@pytest.mark.parametrize("name", ["Mars/Phobos", "", "../etc/passwd", "Europe"])
def test_a_zone_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(InputError, match="There is no time zone"):
        weekly_approval(empty_decisions(), time_zone=name, as_of=datetime(2026, 3, 5, tzinfo=UTC))
