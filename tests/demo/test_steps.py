"""Steps of a history and when they happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.demo.steps import Gate, Made, Verdict, instant, parse_step
from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind

NOW = datetime(2026, 7, 14, 6, 30, tzinfo=UTC)


def test_a_line_becomes_a_step_with_our_own_words() -> None:
    line = {"at": "-3d 09:00", "by": "dora", "did": "decided", "asset": "video 4", "version": 2}
    step = parse_step(line | {"decision": "approved"})
    assert step == Verdict("-3d 09:00", "dora", (4, Kind.VIDEO), 2, DecisionKind.APPROVED)


def test_a_gate_without_a_decision_was_only_entered() -> None:
    step = parse_step({"at": "-3d 09:00", "by": "pal", "did": "gate", "checkpoint": "spec"})
    assert step == Gate("-3d 09:00", "pal", Checkpoint.SPEC, None)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ({"did": "danced"}, KeyError),
        ({"did": "made", "at": "-1d 09:00", "by": "pal", "asset": "keyframe 1"}, TypeError),
        ({"did": "made", "at": "-1d 09:00", "by": "pal", "asset": "poster 1", "seed": 1}, ValueError),
        (
            {"did": "made", "at": "-1d 09:00", "by": "pal", "asset": "keyframe 1", "seed": 1, "x": 2},
            TypeError,
        ),
    ],
)
def test_a_line_that_is_wrong_is_refused(line: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_step(line)


def test_days_ago_are_days_of_the_studio() -> None:
    told = instant("-2d 09:10", NOW, ZoneInfo("Europe/Budapest"))
    assert told == datetime(2026, 7, 12, 7, 10, tzinfo=UTC)
    assert told.tzinfo is UTC


def test_minutes_ago_are_counted_from_now() -> None:
    assert instant("-50m", NOW, ZoneInfo("UTC")) == NOW - timedelta(minutes=50)


def test_a_time_written_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="neither days ago"):
        instant("yesterday", NOW, ZoneInfo("UTC"))


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    days=st.integers(0, 20),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["UTC", "Europe/Budapest", "Pacific/Auckland", "America/New_York"]),
)
def test_nothing_ever_happened_in_the_future(now: datetime, days: int, hour: int, zone: str) -> None:
    told = instant(f"-{days}d {hour:02}:30", now, ZoneInfo(zone))
    assert told <= now
    assert now - told < timedelta(days=days + 1, hours=2)


def test_a_version_without_words_of_its_own_has_the_streams() -> None:
    line = {"at": "-3d 09:00", "by": "pal", "did": "made", "asset": "keyframe 4", "seed": 7}
    step = parse_step(line)
    assert isinstance(step, Made)
    assert step.prompt is None
