"""Metrics judge by the rule of the pages, however many approvals a stream asks for."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from director_lib.domain.review import Decision, DecisionKind, judge
from director_lib.domain.version import Kind
from director_lib.metrics.approval import decision_approval, eventual_approval
from director_lib.metrics.effective import effective_decisions
from tests.metrics.rows import Story, at

VOTES = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(["approved", "approved_with_notes", "regenerate", "adjust_prompt"]),
        st.sampled_from(["dora", "dan", "ada"]),
        st.booleans(),
    ),
    max_size=25,
)


def tell(votes: list[tuple[int, str, str, bool]]) -> tuple[Story, dict[int, list[Decision]]]:
    """Let people decide on three stills; some decisions are taken back at once."""
    story = Story()
    records: dict[int, list[Decision]] = {story.version(number, 0): [] for number in (1, 2, 3)}
    for minute, (version_id, word, actor, undone) in enumerate(votes, 1):
        seq = story.decide(version_id, word, minute, actor=actor)
        place = ("film", version_id, Kind.KEYFRAME, version_id, "bytes", DecisionKind(word), "", actor)
        records[version_id].append(Decision(seq, *place, at(minute)))
        if undone:
            story.undo(seq, minute)
            records[version_id].append(Decision(1000 + seq, *place, at(minute), undoes=seq))
    return story, records


def asking(story: Story, needed: int) -> pd.DataFrame:
    return story.decisions_frame().assign(approvals_needed=needed)


@given(VOTES, st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_what_is_approved_is_what_the_pages_say(votes: list[tuple[int, str, str, bool]], needed: int) -> None:
    story, records = tell(votes)
    verdicts = {version_id: judge(made, "bytes", needed) for version_id, made in records.items()}
    judged = {number: each for number, each in verdicts.items() if each.is_approved or each.is_sent_back}
    found = effective_decisions(asking(story, needed))
    rows = zip(found["version_id"], found["seq"], found["is_approved"], strict=True)
    assert {version_id: (seq, approved) for version_id, seq, approved in rows} == {
        number: (each.decision.seq if each.decision else None, each.is_approved)
        for number, each in judged.items()
    }
    n_approved = sum(each.is_approved for each in verdicts.values())
    assert decision_approval(asking(story, needed)).k == n_approved
    eventual = eventual_approval(asking(story, needed), story.versions_frame())
    assert (eventual.approved.k, eventual.open) == (n_approved, 3 - len(judged))


@given(VOTES)
@settings(max_examples=50, deadline=None)
def test_a_frame_that_says_nothing_of_approvals_asks_for_one(votes: list[tuple[int, str, str, bool]]) -> None:
    story, _ = tell(votes)
    pd.testing.assert_frame_equal(
        effective_decisions(story.decisions_frame()),
        effective_decisions(asking(story, 1)).drop(columns="approvals_needed"),
    )


def test_each_stream_is_judged_by_its_own_number() -> None:
    strict, easy = Story("strict"), Story("easy")
    for story in (strict, easy):
        story.decide(story.version(1, 0), "approved", 1)
    frames = [asking(strict, 2), asking(easy, 1).assign(version_id=2, seq=2, decision_id=2)]
    assert effective_decisions(pd.concat(frames))["stream_id"].tolist() == ["easy"]
