"""Random histories, told event by event, against a slow reading of the definitions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from director_lib.domain.review import Decision, DecisionKind, effective_decision, is_approval
from director_lib.domain.version import Kind
from director_lib.metrics.approval import decision_approval, eventual_approval, first_pass_approval
from director_lib.metrics.effective import effective_decisions
from director_lib.metrics.regenerations import regenerations_per_segment
from tests.metrics.rows import Story, at

VERDICTS = ["approved", "approved_with_notes", "regenerate", "adjust_prompt"]
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("version"), st.integers(1, 3), st.sampled_from(["keyframe", "video"])),
        st.tuples(st.just("set"), st.integers(1, 3), st.sampled_from(["a", "b"])),
        st.tuples(st.just("decide"), st.integers(0, 30), st.sampled_from(VERDICTS)),
        st.tuples(st.just("undo"), st.integers(0, 30), st.just("")),
    ),
    max_size=30,
)


def tell(events: list[tuple[str, int, str]]) -> tuple[Story, list[Decision]]:
    """Play the events a minute apart; return the story and the records as the database would hold them.

    "set" makes one more version of a still for the set that the word names.
    """
    story, records = Story(), []
    for minute, (what, which, word) in enumerate(events):
        if what == "version":
            story.version(which, minute, word)
        elif what == "set":
            # the sets of two stills may have the same name: each is of its own unit
            story.version(which, minute, set_id=word)
        elif what == "decide" and story.versions:
            version = story.versions[which % len(story.versions)]
            seq = story.decide(version["version_id"], word, minute)
            records.append(
                Decision(
                    seq,
                    version["stream_id"],
                    version["segment_id"],
                    Kind(version["kind"]),
                    version["version_id"],
                    f"digest {version['version_id']}",
                    DecisionKind(word),
                    "",
                    "dora",
                    at(minute),
                )
            )
        elif what == "undo" and story.decisions:
            seq = 1 + which % len(story.decisions)
            if story.decisions[seq - 1]["undone_at"] is None:
                story.undo(seq, minute)
                records.append(replace(records[seq - 1], seq=1000 + seq, undoes=seq, decided_at=at(minute)))
                records.sort(key=lambda record: record.seq)
    return story, records


def counting(story: Story, records: list[Decision]) -> dict[int, Decision]:
    found = {
        version["version_id"]: effective_decision(records, f"digest {version['version_id']}")
        for version in story.versions
    }
    return {version_id: decision for version_id, decision in found.items() if decision is not None}


@given(EVENTS)
@settings(max_examples=60, deadline=None)
def test_what_counts_is_what_the_pages_rule_says(events: list[tuple[str, int, str]]) -> None:
    story, records = tell(events)
    expected = counting(story, records)
    found = effective_decisions(story.decisions_frame())
    assert dict(zip(found["version_id"], found["seq"], strict=True)) == {
        version_id: decision.seq for version_id, decision in expected.items()
    }
    rate = decision_approval(story.decisions_frame())
    assert (rate.k, rate.n) == (sum(is_approval(d.decision) for d in expected.values()), len(expected))


def first_verdict(story: Story, expected: dict[int, Decision], unit: list[int]) -> Decision | None:
    """Return what was said of the first judged attempt; of a set, the first approval if there is one."""
    first = next((version_id for version_id in unit if version_id in expected), None)
    if first is None:
        return None
    named = story.versions[first - 1]["set_id"]
    of_set = [v for v in unit if v in expected and named is not None]
    said = [expected[v] for v in of_set if story.versions[v - 1]["set_id"] == named]
    return next((verdict for verdict in said if is_approval(verdict.decision)), expected[first])


@given(EVENTS)
@settings(max_examples=60, deadline=None)
def test_first_pass_and_eventual_equal_a_slow_count(events: list[tuple[str, int, str]]) -> None:
    story, records = tell(events)
    expected = counting(story, records)
    units = defaultdict(list)
    for version in story.versions:
        units[version["segment_id"], version["kind"]].append(version["version_id"])
    judged = [first for first in (first_verdict(story, expected, ids) for ids in units.values()) if first]
    newest = [expected.get(ids[-1]) for ids in units.values()]
    first_pass = first_pass_approval(story.decisions_frame())
    eventual = eventual_approval(story.decisions_frame(), story.versions_frame())
    assert (first_pass.k, first_pass.n) == (sum(is_approval(d.decision) for d in judged), len(judged))
    assert eventual.approved.k == sum(d is not None and is_approval(d.decision) for d in newest)
    assert eventual.approved.k + eventual.rejected + eventual.open == eventual.entered == len(units)


def led_on(story: Story, decision: Decision) -> bool:
    """Tell whether a decision sent back, and a version of another attempt came after it."""
    judged = story.versions[decision.version_id - 1]
    later = [
        version
        for version in story.versions
        if (version["segment_id"], version["kind"]) == (judged["segment_id"], judged["kind"])
        and (judged["set_id"] is None or version["set_id"] != judged["set_id"])
        and version["attempt"] > judged["attempt"]
        and version["created_at"] >= decision.decided_at
    ]
    return bool(later) and not is_approval(decision.decision)


@given(EVENTS)
@settings(max_examples=200, deadline=None)
def test_regenerations_equal_a_slow_count(events: list[tuple[str, int, str]]) -> None:
    story, records = tell(events)
    expected: dict[int, int] = defaultdict(int)
    seen = set()
    for decision in sorted(counting(story, records).values(), key=lambda found: found.seq):
        judged = story.versions[decision.version_id - 1]
        attempt = (judged["segment_id"], judged["kind"], judged["set_id"] or decision.version_id)
        if led_on(story, decision) and attempt not in seen:
            seen.add(attempt)
            expected[decision.segment_id] += 1
    rows = regenerations_per_segment(story.decisions_frame(), story.versions_frame())
    found = dict(zip(rows["segment_id"], rows["regenerations"], strict=True))
    assert {segment: count for segment, count in found.items() if count} == expected


@given(EVENTS, st.integers(0, 30))
@settings(max_examples=40, deadline=None)
def test_looking_back_equals_having_stopped_then(events: list[tuple[str, int, str]], minute: int) -> None:
    whole, _ = tell(events)
    stopped, _ = tell(events[: minute + 1])
    pd.testing.assert_frame_equal(
        effective_decisions(whole.decisions_frame(), as_of=at(minute)).drop(columns="undone_at"),
        effective_decisions(stopped.decisions_frame()).drop(columns="undone_at"),
    )
    assert eventual_approval(whole.decisions_frame(), whole.versions_frame(), as_of=at(minute)) == (
        eventual_approval(stopped.decisions_frame(), stopped.versions_frame())
    )
