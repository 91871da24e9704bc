from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from director_lib.advice.uptake import measure_uptake, newcombe
from director_lib.metrics.intervals import rate
from tests.advice.planted import START


def judged(*rows: tuple[int, int, float, bool]) -> pd.DataFrame:
    """Version id, segment, hour and whether it was approved."""
    columns = ["version_id", "segment_id", "hour", "is_approved"]
    table = pd.DataFrame(rows, columns=columns).assign(stream_id="film", kind="keyframe")
    return table.assign(created_at=START + pd.to_timedelta(table["hour"].astype(float), unit="h"))


def at(hour: float) -> pd.Timestamp:
    return START + timedelta(hours=hour)


def test_attempts_are_told_apart_by_what_was_suggested_for_them() -> None:
    rows = judged(
        (1, 1, 0, True),  # before anything was ever suggested
        (2, 1, 2, True),  # made with a suggestion
        (3, 2, 2, False),  # shown and not taken
        (4, 3, 2, False),  # nothing suggested
        (5, 2, 3, True),  # its segment's showing was for the attempt before
        (6, 4, 4, True),  # made with a trial
    )
    showings = [
        ("film", 1, "keyframe", at(1)),
        ("film", 2, "keyframe", at(1)),
        ("film", 4, "keyframe", at(3)),
    ]
    found = measure_uptake(rows, {2: False, 6: True}, showings, since=at(1))
    assert (found.used.k, found.used.n) == (2, 2)
    assert (found.trial.k, found.trial.n) == (1, 1)
    assert (found.declined.k, found.declined.n) == (0, 1)
    assert (found.without.k, found.without.n) == (1, 2)
    assert found.difference is None


def test_before_the_first_suggestion_there_is_nothing() -> None:
    found = measure_uptake(judged((1, 1, 0, True)), {}, [], since=None)
    assert found.used.n == found.declined.n == found.without.n == 0
    assert found.used.value is None


def test_with_twenty_on_both_sides_they_are_compared() -> None:
    rows = judged(*((n, n, n, n <= 20) for n in range(1, 41)))
    found = measure_uptake(rows, dict.fromkeys(range(1, 21), False), [], since=at(0))
    assert found.difference is not None
    assert found.difference[0] == pytest.approx(1.0)
    assert 0 < found.difference[1] < found.difference[2] <= 1 + 1e-12


def test_the_difference_has_newcombes_interval() -> None:
    # Newcombe 1998, table II: 56/70 against 48/80
    difference, low, high = newcombe(rate(56, 70), rate(48, 80))
    assert (difference, low, high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    theirs = confint_proportions_2indep(56, 70, 48, 80, method="newcomb", compare="diff")
    assert (low, high) == pytest.approx(theirs)
    with pytest.raises(ValueError, match="both sides"):
        newcombe(rate(0, 0), rate(1, 2))
