from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.review import (
    Decision,
    DecisionKind,
    check_asset_decision,
    effective_decision,
    is_approval,
)
from director_lib.domain.version import Kind
from director_lib.errors import InputError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
A, B = "a" * 64, "b" * 64


def decision(
    seq: int,
    verdict: DecisionKind = DecisionKind.APPROVED,
    *,
    sha256: str = A,
    undoes: int | None = None,
) -> Decision:
    return Decision(
        seq, "s", 1, Kind.KEYFRAME, 1, sha256, verdict, "", "dora", NOW + timedelta(seconds=seq), undoes
    )


def test_the_latest_decision_on_the_same_bytes_counts() -> None:
    records = [decision(1, DecisionKind.REGENERATE), decision(2, DecisionKind.APPROVED)]
    assert effective_decision(records, A) == records[1]


def test_a_decision_on_other_bytes_never_counts() -> None:
    assert effective_decision([decision(1, sha256=B)], A) is None


def test_a_decision_that_was_taken_back_does_not_count_and_the_one_before_does() -> None:
    records = [decision(1, DecisionKind.REGENERATE), decision(2), decision(3, undoes=2)]
    assert effective_decision(records, A) == records[0]


def test_a_missing_file_is_undecided() -> None:
    assert effective_decision([decision(1)], None) is None


def test_only_the_two_approvals_pass_a_gate() -> None:
    passing = {verdict for verdict in DecisionKind if is_approval(verdict)}
    assert passing == {DecisionKind.APPROVED, DecisionKind.APPROVED_WITH_NOTES}
    assert not is_approval(None)


@given(
    st.lists(
        st.tuples(st.sampled_from(list(DecisionKind)), st.sampled_from([A, B]), st.booleans()), max_size=12
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_records_does_not_matter(
    made: list[tuple[DecisionKind, str, bool]], random: object
) -> None:
    records: list[Decision] = []
    for seq, (verdict, sha256, take_back) in enumerate(made, start=1):
        undoes = records[-1].seq if take_back and records and records[-1].undoes is None else None
        records.append(decision(seq, verdict, sha256=sha256, undoes=undoes))
    expected = _slowly(records)
    random.shuffle(records)  # type: ignore[attr-defined]
    assert effective_decision(records, A) == expected


def _slowly(records: list[Decision]) -> Decision | None:
    kept: list[Decision] = []
    for record in records:
        if record.undoes is not None:
            kept = [other for other in kept if other.seq != record.undoes]
        elif record.sha256 == A:
            kept.append(record)
    return kept[-1] if kept else None


@pytest.mark.parametrize("verdict", [DecisionKind.NEEDS_CLARIFICATION, DecisionKind.REVISION_NEEDED])
def test_a_still_cannot_get_the_verdict_of_a_story(verdict: DecisionKind) -> None:
    with pytest.raises(InputError):
        check_asset_decision(verdict, "")


def test_approving_with_notes_needs_a_note() -> None:
    with pytest.raises(InputError, match="needs a note"):
        check_asset_decision(DecisionKind.APPROVED_WITH_NOTES, "  ")
    check_asset_decision(DecisionKind.APPROVED_WITH_NOTES, "a little dark")


def test_a_note_has_a_longest_length() -> None:
    with pytest.raises(InputError, match="4,000"):
        check_asset_decision(DecisionKind.APPROVED, "x" * 4_001)
