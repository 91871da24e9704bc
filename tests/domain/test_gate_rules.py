from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.checkpoint import AssetStanding, Checkpoint, GateState, GateStatus, asset_gate
from director_lib.domain.gate_rules import (
    OUTCOMES,
    CheckpointDecision,
    check_checkpoint_decision,
    content_gate,
    final_blocked,
    may_decide,
)
from director_lib.domain.review import DecisionKind
from director_lib.errors import InputError

DAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
A, B = "a" * 64, "b" * 64
APPROVED, REVISION = DecisionKind.APPROVED, DecisionKind.REVISION_NEEDED
SPEC = Checkpoint.SPEC


def made(
    seq: int,
    decision: DecisionKind = APPROVED,
    actor: str = "dora",
    *,
    sha256: str = A,
    note: str = "",
    undoes: int | None = None,
) -> CheckpointDecision:
    return CheckpointDecision(seq, "film", SPEC, decision, sha256, note, actor, DAY, undoes)


@pytest.mark.parametrize(
    ("records", "needed", "state", "approved", "reason"),
    [
        ([], 1, GateState.WAITING, 0, "Nobody has decided on the spec yet."),
        ([made(1)], 1, GateState.APPROVED, 1, "dora approved it on 20 Nov 2026."),
        (
            [made(1), made(2, REVISION, "dan", note="Too dark.")],
            1,
            GateState.CHANGES,
            0,
            "dan asked for a revision on 20 Nov 2026: Too dark.",
        ),
        ([made(1, REVISION), made(2)], 1, GateState.APPROVED, 1, "dora approved it on 20 Nov 2026."),
        ([made(1), made(2, undoes=1)], 1, GateState.WAITING, 0, "Nobody has decided on the spec yet."),
        (
            [made(1, sha256=B)],
            1,
            GateState.WAITING,
            0,
            "The spec has changed since dora approved it on 20 Nov 2026.",
        ),
        (
            [made(1, REVISION, sha256=B)],
            1,
            GateState.WAITING,
            0,
            "The spec has changed since dora asked for a revision on 20 Nov 2026.",
        ),
        (
            [made(1)],
            2,
            GateState.WAITING,
            1,
            "1 of 2 approvals. dora approved it on 20 Nov 2026.",
        ),
        (
            [made(1), made(2, actor="dan"), made(3, actor="ada")],
            2,
            GateState.APPROVED,
            2,
            "2 of 2 approvals. ada approved it on 20 Nov 2026.",
        ),
    ],
)
def test_a_decision_counts_while_the_content_is_what_was_judged(
    records: list[CheckpointDecision], needed: int, state: GateState, approved: int, reason: str
) -> None:
    assert content_gate(SPEC, A, records, needed=needed) == GateStatus(
        SPEC, state, approved, needed, reason, A
    )


def test_a_decision_of_before_that_says_not_what_was_judged_counts_for_nothing() -> None:
    gate = content_gate(SPEC, A, [made(1, sha256="")])
    assert gate.state is GateState.WAITING
    assert "what exactly was judged was not recorded" in gate.reason


def test_without_content_there_is_nothing_to_wait_for() -> None:
    gate = content_gate(SPEC, None, [made(1)])
    assert (gate.state, gate.reason, gate.content_sha256) == (
        GateState.MISSING,
        "There is no spec yet.",
        None,
    )


def test_the_final_cut_waits_for_its_turn_and_says_for_what() -> None:
    done, left = AssetStanding(True, True, False), AssetStanding(False, False, False)
    keyframes = asset_gate(Checkpoint.KEYFRAMES, [done, done])
    videos = asset_gate(Checkpoint.VIDEOS, [done, left])
    blocked = final_blocked(keyframes, videos)
    assert blocked == "1 of 2 videos are approved; 1 missing."
    gate = content_gate(Checkpoint.FINAL, A, [], blocked=blocked)
    assert (gate.state, gate.reason) == (GateState.MISSING, blocked)
    assert content_gate(Checkpoint.FINAL, A, [made(1)], blocked=blocked).state is GateState.APPROVED
    assert final_blocked(keyframes, asset_gate(Checkpoint.VIDEOS, [done, done])) == ""


def test_what_is_missing_blocked_or_judged_one_by_one_cannot_be_decided() -> None:
    assert "no spec yet" in str(may_decide(SPEC, None, override=True))
    assert may_decide(SPEC, A, override=False) is None
    assert "cannot be decided yet" in str(
        may_decide(Checkpoint.FINAL, A, blocked="1 missing.", override=False)
    )
    assert may_decide(Checkpoint.FINAL, A, blocked="1 missing.", override=True) is None
    assert "one by one" in str(may_decide(Checkpoint.VIDEOS, A, override=True))


@pytest.mark.parametrize("checkpoint", list(Checkpoint))
@pytest.mark.parametrize("decision", list(DecisionKind))
def test_each_gate_takes_its_own_outcomes_and_no_other(
    checkpoint: Checkpoint, decision: DecisionKind
) -> None:
    if decision in OUTCOMES.get(checkpoint, ()):
        check_checkpoint_decision(checkpoint, decision, "because")
    else:
        with pytest.raises(InputError, match="cannot be decided as"):
            check_checkpoint_decision(checkpoint, decision, "because")


@pytest.mark.parametrize(
    ("checkpoint", "decision"),
    [
        (Checkpoint.STORY, DecisionKind.NEEDS_CLARIFICATION),
        (SPEC, DecisionKind.APPROVED_WITH_NOTES),
        (Checkpoint.FINAL, REVISION),
    ],
)
def test_who_does_not_simply_approve_says_why(checkpoint: Checkpoint, decision: DecisionKind) -> None:
    with pytest.raises(InputError, match="needs a note"):
        check_checkpoint_decision(checkpoint, decision, " ")
    check_checkpoint_decision(checkpoint, APPROVED, "")
    with pytest.raises(InputError, match="4,000"):
        check_checkpoint_decision(checkpoint, decision, "x" * 4_001)


@given(
    st.lists(st.tuples(st.sampled_from(OUTCOMES[SPEC]), st.sampled_from([A, B, ""])), max_size=8),
    st.integers(1, 3),
)
def test_a_gate_never_opens_on_what_was_not_judged(told: list[tuple[DecisionKind, str]], needed: int) -> None:
    records = [made(seq, decision, sha256=sha256) for seq, (decision, sha256) in enumerate(told, 1)]
    gate = content_gate(SPEC, A, records, needed=needed)
    of_content = [record.decision for record in records if record.sha256 == A]
    assert (gate.state is GateState.APPROVED) == (
        needed == 1 and bool(of_content) and of_content[-1] is not REVISION
    )
    assert (gate.state is GateState.CHANGES) == (bool(of_content) and of_content[-1] is REVISION)


def test_the_gates_of_stills_and_clips_say_what_is_left() -> None:
    stills = [
        AssetStanding(True, True, False),
        AssetStanding(True, True, True),
        AssetStanding(True, False, False, sent_back=True),
        AssetStanding(False, False, False),
    ]
    gate = asset_gate(Checkpoint.KEYFRAMES, stills)
    assert gate.reason == "1 of 4 keyframes are approved; 1 missing; 1 sent back; 1 out of date."
    assert asset_gate(Checkpoint.VIDEOS, stills[:1]).reason == "Every video is approved."
    assert asset_gate(Checkpoint.VIDEOS, []).reason == "There are no segments yet."
