"""Progress at a pace that people can follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.engines.local.pace import Pacer


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def _pacer(pace_s: float, clock: Clock) -> tuple[Pacer, list[tuple[str, float]]]:
    reports: list[tuple[str, float]] = []
    pacer = Pacer(
        lambda phase, percent: reports.append((phase, percent)), pace_s=pace_s, clock=clock, sleep=clock.sleep
    )
    return pacer, reports


def test_without_a_pace_nothing_waits() -> None:
    clock = Clock()
    pacer, reports = _pacer(0.0, clock)
    pacer.report("painting", 50)
    pacer.report("finishing", 100)
    assert clock.now_s == 0
    assert reports == [("painting", 50), ("finishing", 100)]


def test_fast_work_is_spread_over_the_pace_with_steps_between() -> None:
    clock = Clock()
    pacer, reports = _pacer(10.0, clock)
    pacer.report("painting", 50)
    assert clock.now_s == pytest.approx(5.0)
    pacer.report("finishing", 100)
    assert clock.now_s == pytest.approx(10.0)
    assert len(reports) > 40


def test_slow_work_is_not_held_back() -> None:
    clock = Clock()
    pacer, _ = _pacer(1.0, clock)
    clock.now_s = 30.0
    pacer.report("finishing", 100)
    assert clock.now_s == 30.0


@given(st.lists(st.floats(-50, 200), max_size=12), st.sampled_from([0.0, 0.5, 3.0]))
def test_reports_rise_within_0_and_100_whatever_comes(percents: list[float], pace_s: float) -> None:
    pacer, reports = _pacer(pace_s, Clock())
    for percent in percents:
        pacer.report("painting", percent)
    seen = [percent for _, percent in reports]
    assert seen == sorted(seen)
    assert all(0 <= percent <= 100 for percent in seen)
