"""Decisions of several people on one thing, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from director_lib.domain.review import Decision, DecisionKind
from director_lib.domain.version import Kind

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
A, B = "a" * 64, "b" * 64
PEOPLE = ("dora", "dan", "ada")
VERDICTS = (
    DecisionKind.APPROVED,
    DecisionKind.APPROVED_WITH_NOTES,
    DecisionKind.ADJUST_PROMPT,
    DecisionKind.REGENERATE,
)


def vote(
    seq: int, actor: str, verdict: DecisionKind, *, sha256: str = A, undoes: int | None = None
) -> Decision:
    at = NOW + timedelta(seconds=seq)
    return Decision(seq, "s", 1, Kind.KEYFRAME, 1, sha256, verdict, "", actor, at, undoes)


@st.composite
def histories(draw: st.DrawFn) -> list[Decision]:
    """Draw decisions of three people on two files, some of them taken back."""
    records: list[Decision] = []
    for seq in range(1, draw(st.integers(0, 14)) + 1):
        open_seqs = [made.seq for made in records if made.undoes is None]
        taken = {made.undoes for made in records}
        left = [number for number in open_seqs if number not in taken]
        if left and draw(st.integers(0, 3)) == 0:
            undone = records[draw(st.sampled_from(left)) - 1]
            records.append(vote(seq, undone.actor, undone.decision, sha256=undone.sha256, undoes=undone.seq))
        else:
            actor, verdict = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(VERDICTS))
            records.append(vote(seq, actor, verdict, sha256=draw(st.sampled_from([A, A, B]))))
    return records
