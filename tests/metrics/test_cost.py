from __future__ import annotations

import pytest

from director_lib.metrics.cost import cost_interval, cost_per_approved_segment, costs_by_segment
from director_lib.metrics.frames import empty_decisions, empty_versions
from director_lib.metrics.standing import unit_standings
from tests.metrics.rows import Story, at, bills_frame


@pytest.fixture
def story() -> Story:
    """Segment 1 is approved whole; 2 has an approved still; 3 was abandoned."""
    written = Story()
    written.decide(written.version(1, 0, cost_usd=0.1), "regenerate", 5)
    written.decide(written.version(1, 10, cost_usd=0.1), "approved", 15)
    written.decide(written.version(1, 20, "video", cost_usd=0.5), "approved", 25)
    written.decide(written.version(2, 0, cost_usd=0.1), "approved", 5)
    written.version(3, 0, cost_usd=0.1)
    return written


def test_everything_that_was_spent_stands_above_the_line(story: Story) -> None:
    cost = cost_per_approved_segment(story.decisions_frame(), story.versions_frame())
    assert (cost.cost_usd, cost.n_approved, cost.n_segments) == (0.9, 1, 3)
    assert cost.per_approved_usd == pytest.approx(0.9)


def test_stills_alone(story: Story) -> None:
    cost = cost_per_approved_segment(story.decisions_frame(), story.versions_frame(), kind="keyframe")
    assert (cost.cost_usd, cost.n_approved) == (0.4, 2)
    assert cost.per_approved_usd == pytest.approx(0.2)


def test_failed_but_billed_attempts_count(story: Story) -> None:
    # segment 1's clip failed once, segment 4 was billed and never got a version; the last comes later
    bills = bills_frame((1, "video", 12, 0.25), (4, "keyframe", 14, 0.1), (2, "video", 99, 7.0))
    frames = story.decisions_frame(), story.versions_frame()
    cost = cost_per_approved_segment(*frames, bills=bills, as_of=at(50))
    assert (cost.cost_usd, cost.per_approved_usd) == (1.25, pytest.approx(1.25))
    stills = cost_per_approved_segment(*frames, kind="keyframe", bills=bills, as_of=at(50))
    assert (stills.cost_usd, stills.per_approved_usd) == (0.5, pytest.approx(0.25))


def test_what_was_billed_stands_with_its_segment(story: Story) -> None:
    standings = unit_standings(story.decisions_frame(), story.versions_frame())
    bills = bills_frame((1, "video", 12, 0.25), (1, "video", 13, 0.25), (4, "keyframe", 14, 0.1))
    rows = costs_by_segment(standings, story.versions_frame(), bills)
    assert rows["segment_id"].tolist() == [1, 2, 3, 4]
    assert rows["cost_usd"].tolist() == pytest.approx([1.2, 0.1, 0.1, 0.1])
    assert rows["approved"].tolist() == [1.0, 0.0, 0.0, 0.0]
    whole = cost_interval(story.decisions_frame(), story.versions_frame(), bills=bills)
    assert (whole.n, whole.value) == (4, pytest.approx(1.5))


def test_nothing_approved_has_no_price(story: Story) -> None:
    cost = cost_per_approved_segment(empty_decisions(), story.versions_frame())
    assert (cost.cost_usd, cost.n_approved, cost.per_approved_usd) == (0.9, 0, None)
    nothing = cost_per_approved_segment(empty_decisions(), empty_versions())
    assert (nothing.cost_usd, nothing.per_approved_usd) == (0.0, None)
