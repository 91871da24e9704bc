from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from director_lib.metrics.throughput import poisson_interval, throughput
from tests.metrics.rows import Story, at


def decided_at(*minutes: float, **facts: object) -> Story:
    story = Story()
    for place, minute in enumerate(minutes):
        story.decide(story.version(place + 1, -60), "approved", minute, **facts)
    return story


def row(story: Story, time_zone: str = "UTC") -> dict[str, object]:
    return throughput(story.decisions_frame(), time_zone=time_zone).iloc[0].to_dict()


def test_a_gap_over_fifteen_minutes_ends_a_stretch() -> None:
    found = row(decided_at(0, 5, 20, 36))  # 5 and 15 minutes go on, 16 do not
    assert (found["n"], found["n_stretches"]) == (4, 2)
    # 20 minutes between, and a median of 10 for what each stretch began with
    assert found["active_s"] == (20 + 2 * 10) * 60
    assert found["per_hour"] == pytest.approx(4 / (40 / 60))


def test_looking_is_timed_from_when_it_was_seen_and_never_beyond_fifteen_minutes() -> None:
    story = Story()
    for minute, looked in ((10, 1), (14, 2), (80, 60)):
        story.decide(story.version(minute, -60), "approved", minute, viewed_at=at(minute - looked))
    found = row(story)
    assert found["handling_p50_s"] == 2 * 60
    assert found["active_s"] == (4 + 2 * 2) * 60


def test_many_at_one_instant_are_one_act() -> None:
    found = row(decided_at(0, 4, 4, 4, 4, 8))
    assert (found["n"], found["n_bulk"], found["active_s"]) == (6, 4, (8 + 4) * 60)


def test_days_are_the_studios() -> None:
    story = decided_at(13 * 60 + 30, 14 * 60 + 30)  # 22:30 and 23:30 UTC on a day
    assert row(story)["active_days"] == 1
    assert row(story, "Europe/Budapest")["active_days"] == 2


def test_what_was_taken_back_and_other_people_are_apart() -> None:
    story = decided_at(0, 5, 10)
    story.undo(3, 11)
    story.decide(story.version(9, 0), "approved", 2, actor="eli")
    found = throughput(story.decisions_frame(), time_zone="UTC")
    assert dict(zip(found["actor"], found["n"], strict=True)) == {"dora": 2, "eli": 1}
    assert np.isnan(found["per_hour"].iloc[1])
    assert throughput(Story().decisions_frame(), time_zone="UTC").empty


def test_the_interval_is_the_exact_one_of_a_count() -> None:
    counts = np.arange(61)
    low, high = poisson_interval(counts)
    assert low[1:] == pytest.approx(stats.chi2.ppf(0.025, 2 * counts[1:]) / 2)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * counts + 2) / 2)
    low, high = poisson_interval([61, 400, 90_000])
    assert low == pytest.approx(stats.chi2.ppf(0.025, [122, 800, 180_000]) / 2, rel=1e-3)
    assert high == pytest.approx(stats.chi2.ppf(0.975, [124, 802, 180_002]) / 2, rel=1e-3)
