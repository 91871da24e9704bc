"""The time that people had been at it before each verdict, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from director_lib.domain.measures import LONGEST_GAP_US
from director_lib.errors import InputError
from director_lib.metrics.activity import activity_of

MINUTE_US = 60_000_000


def of(*verdicts: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    """Return ``seq``, active time and stretch of verdicts given as ``seq``, person and time."""
    seqs, people, decided_us = np.array(verdicts, dtype="int64").reshape(-1, 3).T
    found = activity_of(seqs, people, decided_us)
    return list(zip(found.seqs.tolist(), found.active_us.tolist(), found.stretches.tolist(), strict=True))


def test_each_persons_time_goes_from_one_verdict_to_the_next_wherever_they_stand() -> None:
    found = of((1, 0, 0), (2, 1, 4 * MINUTE_US), (3, 0, 5 * MINUTE_US), (4, 1, 6 * MINUTE_US))
    assert found == [(1, 0, 1), (2, 0, 1), (3, 5 * MINUTE_US, 0), (4, 2 * MINUTE_US, 0)]


def test_a_gap_of_more_than_the_longest_begins_a_new_stretch() -> None:
    at_us = [0, LONGEST_GAP_US, 2 * LONGEST_GAP_US + 1]
    found = of(*((seq, 7, at) for seq, at in enumerate(at_us, 1)))
    assert found == [(1, 0, 1), (2, LONGEST_GAP_US, 0), (3, 0, 1)]


def test_a_verdict_that_was_recorded_late_stands_where_its_time_is() -> None:
    found = of((1, 0, 0), (2, 0, 9 * MINUTE_US), (3, 0, 2 * MINUTE_US), (4, 0, 2 * MINUTE_US))
    assert found == [(1, 0, 1), (2, 7 * MINUTE_US, 0), (3, 2 * MINUTE_US, 0), (4, 0, 0)]


def test_verdicts_are_found_by_their_numbers_in_any_order() -> None:
    seqs = np.array([5, 9, 2])
    known = activity_of(seqs, np.array([0, 0, 0]), np.array([10, 30, 0]))
    active_us, stretches = known.of(np.array([9, 2]))
    assert (active_us.tolist(), stretches.tolist()) == ([20, 0], [0, 1])


@pytest.mark.parametrize("unknown", [1, 4, 99])
def test_a_verdict_whose_time_is_not_known_is_an_error(unknown: int) -> None:
    known = activity_of(np.array([2, 5]), np.array([0, 0]), np.array([10, 30]))
    with pytest.raises(InputError, match="not known"):
        known.of(np.array([2, unknown]))


def test_without_verdicts_there_is_nothing() -> None:
    assert of() == []
