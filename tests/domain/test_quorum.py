"""The one rule that says what is approved, against a slow reading of its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.review import (
    Decision,
    DecisionKind,
    Verdict,
    check_approvals_needed,
    effective_decision,
    is_approval,
    judge,
)
from director_lib.errors import InputError
from tests.domain.votes import A, B, histories, vote

APPROVED, REGENERATE = DecisionKind.APPROVED, DecisionKind.REGENERATE


def live(records: list[Decision], sha256: str) -> list[Decision]:
    """Keep what counts, by looking at each record on its own."""
    return [
        made
        for made in records
        if made.undoes is None
        and made.sha256 == sha256
        and not any(other.undoes == made.seq for other in records)
    ]


def slow_approvers(records: list[Decision], sha256: str) -> set[str]:
    """Name those who approved and whose approval nobody sent back after."""
    counting = live(records, sha256)
    return {
        made.actor
        for made in counting
        if is_approval(made.decision)
        and not any(other.seq > made.seq and not is_approval(other.decision) for other in counting)
    }


@given(histories(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_verdict_is_what_the_rule_says_in_words(
    records: list[Decision], needed: int, random: object
) -> None:
    approvers = slow_approvers(records, A)
    shuffled = list(records)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    verdict = judge(shuffled, A, needed)
    assert set(verdict.approvers) == approvers
    assert len(verdict.approvers) == len(approvers)
    assert verdict.is_approved == (len(approvers) >= needed)
    assert verdict.is_sent_back == (bool(live(records, A)) and not approvers)


@given(histories())
def test_with_one_approval_needed_the_newest_decision_wins(records: list[Decision]) -> None:
    newest = max(live(records, A), key=lambda made: made.seq, default=None)
    verdict = judge(records, A)
    assert verdict.decision == effective_decision(records, A) == newest
    assert verdict.is_approved == (newest is not None and is_approval(newest.decision))


@given(histories(), st.integers(1, 4))
def test_asking_for_more_approvals_never_approves_anything(records: list[Decision], needed: int) -> None:
    assert judge(records, A, needed).is_approved or not judge(records, A, needed + 1).is_approved


@given(histories(), st.integers(1, 4))
def test_what_is_decided_on_other_bytes_changes_nothing(records: list[Decision], needed: int) -> None:
    own = [made for made in records if made.sha256 == A]
    assert judge(records, A, needed) == judge(own, A, needed)


@given(histories(), st.integers(1, 4))
def test_taking_back_the_newest_decision_brings_the_verdict_before_it_back(
    records: list[Decision], needed: int
) -> None:
    before = judge(records, A, needed)
    made = vote(100, "eve", REGENERATE)
    undo = vote(101, "eve", REGENERATE, undoes=100)
    assert judge([*records, made, undo], A, needed) == before


def test_two_approvals_of_one_person_are_one() -> None:
    records = [vote(1, "dora", APPROVED), vote(2, "dora", DecisionKind.APPROVED_WITH_NOTES)]
    verdict = judge(records, A, 2)
    assert (verdict.approvers, verdict.is_approved) == (("dora",), False)
    assert judge([*records, vote(3, "dan", APPROVED)], A, 2).is_approved


def test_sending_back_starts_the_count_anew() -> None:
    records = [vote(1, "dora", APPROVED), vote(2, "dan", REGENERATE), vote(3, "dan", APPROVED)]
    assert judge(records, A, 2).approvers == ("dan",)
    assert judge(records, A, 1).is_approved


def test_a_missing_file_and_other_bytes_are_undecided() -> None:
    assert judge([vote(1, "dora", APPROVED)], None) == Verdict(None, (), 1)
    assert not judge([vote(1, "dora", APPROVED, sha256=B)], A).is_approved


def test_nothing_is_approved_by_nobody_whatever_is_asked_for() -> None:
    assert not judge([], A, 0).is_approved
    assert not judge([vote(1, "dora", REGENERATE)], A, 0).is_approved


@pytest.mark.parametrize("needed", [0, -1, 21])
def test_a_number_of_approvals_that_nobody_could_want_is_refused(needed: int) -> None:
    with pytest.raises(InputError, match="1 to 20"):
        check_approvals_needed(needed)
