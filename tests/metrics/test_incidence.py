from __future__ import annotations

import numpy as np
import pytest
from lifelines import AalenJohansenFitter

from director_lib.errors import InputError
from director_lib.metrics.incidence import aalen_johansen, approved_by, time_to_approval, unit_outcomes
from director_lib.metrics.survival import kaplan_meier
from tests.metrics.rows import Story, at

HOUR = 3600


@pytest.mark.parametrize("seed", range(5))
def test_incidence_and_bounds_equal_an_independent_library(seed: int) -> None:
    random = np.random.default_rng(seed)
    times = random.permutation(np.arange(1, 81)).astype(float)  # the library cannot deal with ties
    outcomes = random.choice([0, 1, 2], 80, p=[0.3, 0.5, 0.2])
    fitted = AalenJohansenFitter().fit(times, outcomes, event_of_interest=1)
    ours = aalen_johansen(times, outcomes).set_index("lasted_s")
    ours = ours[(ours["approved"] > 0) & (ours["remaining"] > 0)]
    assert ours["approved"].to_numpy() == pytest.approx(
        fitted.cumulative_density_.loc[ours.index].to_numpy().ravel()
    )
    bounds = fitted.confidence_interval_.loc[ours.index].to_numpy()
    assert ours["low"].to_numpy() == pytest.approx(bounds.min(axis=1))
    assert ours["high"].to_numpy() == pytest.approx(bounds.max(axis=1))


def test_a_small_case_with_a_tie_by_hand() -> None:
    # five units: approved at 1; approved and rejected at 2; open since 3; approved at 4
    curve = aalen_johansen([1, 2, 2, 3, 4], [1, 1, 2, 0, 1])
    assert curve["lasted_s"].tolist() == [1, 2, 4]
    assert curve["approved"].tolist() == pytest.approx([1 / 5, 1 / 5 + 4 / 5 / 4, 2 / 5 + 2 / 5])
    assert curve["rejected"].tolist() == pytest.approx([0, 1 / 5, 1 / 5])


@pytest.mark.parametrize("n", [10, 14, 49, 63])
def test_when_all_are_approved_rounding_opens_no_interval(n: int) -> None:
    curve = aalen_johansen(np.arange(1, n + 1), np.ones(n, dtype=int))
    assert curve[["low", "approved", "high"]].iloc[-1].tolist() == pytest.approx([1, 1, 1])
    assert curve["low"].iloc[-2] < 1 - 1 / n < curve["high"].iloc[-2] < 1


def test_approved_rejected_and_undecided_always_add_up_to_all() -> None:
    random = np.random.default_rng(1)
    curve = aalen_johansen(random.integers(0, 9, 50), random.choice([0, 1, 2], 50))
    assert (curve["approved"] + curve["rejected"] + curve["remaining"]).to_numpy() == pytest.approx(1)


def test_without_rejections_it_is_kaplan_and_meier() -> None:
    times, ended = [3, 1, 4, 1, 5], [True, False, True, True, False]
    moments, remaining = kaplan_meier(times, ended)
    curve = aalen_johansen(times, [int(was) for was in ended])
    assert curve["lasted_s"].tolist() == moments.tolist()
    assert curve["approved"].to_numpy() == pytest.approx(1 - remaining)


def story_of_four() -> Story:
    """Segment 1 approved after an hour, 2 given up after two, 3 sent back and being made again, 4 open."""
    story = Story()
    story.decide(story.version(1, 0), "approved", 60)
    story.decide(story.version(2, 0), "regenerate", 120)
    story.decide(story.version(3, 0), "regenerate", 90)
    story.version(4, 100)
    story.task(95, 96, None, "running", segment_id=3)
    return story


def test_what_was_sent_back_is_given_up_only_when_nothing_is_made_of_it() -> None:
    story = story_of_four()
    found = unit_outcomes(
        story.decisions_frame(), story.versions_frame(), tasks=story.tasks_frame(), as_of=at(180)
    )
    assert found["outcome"].tolist() == [1, 2, 0, 0]
    assert found["lasted_s"].tolist() == [HOUR, 2 * HOUR, 3 * HOUR, 80 * 60]
    untold = unit_outcomes(story.decisions_frame(), story.versions_frame(), as_of=at(180))
    assert untold["outcome"].tolist() == [1, 2, 2, 0]


def test_a_horizon_gives_a_share_of_all_with_its_interval() -> None:
    story = story_of_four()
    found = unit_outcomes(
        story.decisions_frame(), story.versions_frame(), tasks=story.tasks_frame(), as_of=at(180)
    )
    share = approved_by(found, 2 * HOUR)
    assert (share.k, share.n, share.value) == (1, 4, 0.25)
    assert 0 < share.low < 0.25 < share.high < 1
    assert time_to_approval(found, 0.25) == HOUR
    assert time_to_approval(found, 0.5) is None


def test_only_the_window_of_entering_counts() -> None:
    story = story_of_four()
    found = unit_outcomes(
        story.decisions_frame(), story.versions_frame(), as_of=at(180), window=(at(50), None)
    )
    assert found["segment_id"].tolist() == [4]


def test_no_units_and_no_approval_are_told_apart() -> None:
    nothing = Story()
    empty = unit_outcomes(nothing.decisions_frame(), nothing.versions_frame(), as_of=at(0))
    assert approved_by(empty, HOUR).value is None
    nothing.version(1, 0)
    waiting = unit_outcomes(nothing.decisions_frame(), nothing.versions_frame(), as_of=at(9))
    share = approved_by(waiting, HOUR)
    assert (share.value, share.low, share.high) == (0.0, 0.0, 1.0)


def test_impossible_durations_and_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="must be known"):
        aalen_johansen([-1], [1])
    story = story_of_four()
    with pytest.raises(InputError, match="no time zone"):
        unit_outcomes(story.decisions_frame(), story.versions_frame(), as_of=at(180).replace(tzinfo=None))
