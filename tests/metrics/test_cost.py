from __future__ import annotations

import pytest

from director_lib.metrics.cost import cost_per_approved_segment
from director_lib.metrics.frames import empty_decisions, empty_versions
from tests.metrics.rows import Story


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
    cost = cost_per_approved_segment(
        story.decisions_frame(), story.versions_frame(), billed_without_file_usd=0.35
    )
    assert cost.per_approved_usd == pytest.approx(1.25)


def test_nothing_approved_has_no_price(story: Story) -> None:
    cost = cost_per_approved_segment(empty_decisions(), story.versions_frame())
    assert (cost.cost_usd, cost.n_approved, cost.per_approved_usd) == (0.9, 0, None)
    nothing = cost_per_approved_segment(empty_decisions(), empty_versions())
    assert (nothing.cost_usd, nothing.per_approved_usd) == (0.0, None)
