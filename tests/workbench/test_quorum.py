"""Several approvals: one rule on every page, gate, list and metric, at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.checkpoint import Checkpoint, GateState
from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import InputError, PermissionDeniedError
from director_lib.store.events import list_events
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs

APPROVED = DecisionKind.APPROVED


@pytest.fixture
def second(open_as: OpenAs) -> Workbench:
    return open_as("dan", Role.DIRECTOR)


def decide(workbench: Workbench, *numbers: int, decision: DecisionKind = APPROVED) -> None:
    standing = workbench.reviews.standing("film")
    judged = {number: standing.versions[number, Kind.KEYFRAME].sha256 for number in numbers}
    workbench.reviews.decide("film", Kind.KEYFRAME, judged, decision)


def approved_everywhere(workbench: Workbench) -> int:
    """Count what is approved in every place that says so; they have to agree."""
    standing = workbench.reviews.standing("film")
    by_verdict = sum(verdict.is_approved for verdict in standing.verdicts.values())
    gate = {gate.checkpoint: gate for gate in workbench.checkpoints.standing("film")}[Checkpoint.KEYFRAMES]
    (overview,) = workbench.streams.overviews()
    findings = workbench.insight.summary("film").findings
    left_alone = workbench.tasks.generate("film", Kind.KEYFRAME, [1, 2, 3]).skipped
    for task in workbench.tasks.list():
        workbench.tasks.cancel(task.id)
    counts = {
        by_verdict,
        gate.approved,
        overview.approved,
        findings.eventual.approved.k,
        findings.approval.k,
        sum(reason == "its keyframe is approved" for _, reason in left_alone),
    }
    (count,) = counts
    return count


def test_one_approval_of_two_approves_nothing_anywhere(director: Workbench, second: Workbench) -> None:
    director.checkpoints.set_approvals_needed("film", 2)
    decide(director, 1, 2)
    assert approved_everywhere(director) == 0
    assert director.streams.overviews()[0].undecided == 3
    decide(director, 1)
    assert approved_everywhere(director) == 0
    decide(second, 1)
    assert approved_everywhere(director) == 1


def test_a_changed_quorum_counts_at_once_for_what_was_decided_before(
    director: Workbench, second: Workbench
) -> None:
    decide(director, 1, 2)
    assert approved_everywhere(director) == 2
    assert director.checkpoints.set_approvals_needed("film", 2) == 1
    assert approved_everywhere(director) == 0
    decide(second, 2)
    assert approved_everywhere(second) == 1
    assert director.checkpoints.set_approvals_needed("film", 1) == 2
    assert approved_everywhere(director) == 2


def test_sending_back_starts_the_count_anew_and_undo_brings_it_back(
    director: Workbench, second: Workbench
) -> None:
    director.checkpoints.set_approvals_needed("film", 2)
    decide(director, 1)
    decide(second, 1, decision=DecisionKind.REGENERATE)
    decide(second, 1)
    assert approved_everywhere(director) == 0
    second.reviews.undo()
    second.reviews.undo()
    decide(second, 1)
    assert approved_everywhere(director) == 1


def test_an_approval_too_few_is_not_sent_back(director: Workbench) -> None:
    director.checkpoints.set_approvals_needed("film", 2)
    decide(director, 1)
    findings = director.insight.summary("film").findings
    assert (findings.eventual.open, findings.eventual.rejected, findings.approval.n) == (3, 0, 0)
    gates = {gate.checkpoint: gate for gate in director.checkpoints.standing("film")}
    assert gates[Checkpoint.KEYFRAMES].state is GateState.WAITING


def test_a_stream_needs_only_those_who_have_not_approved_yet(director: Workbench, second: Workbench) -> None:
    director.checkpoints.set_approvals_needed("film", 2)
    decide(director, 1, 2, 3)
    (own,), (others,) = director.streams.overviews(), second.streams.overviews()
    assert (own.undecided, own.needs_me) == (3, False)
    assert (others.undecided, others.needs_me) == (3, True)


def test_a_spec_needs_as_many_approvals(director: Workbench, second: Workbench) -> None:
    director.checkpoints.set_approvals_needed("film", 2)
    states = []
    for workbench in (director, director, second):
        before = workbench.checkpoints.standing("film")[1]
        workbench.checkpoints.decide("film", Checkpoint.SPEC, APPROVED, expected_sha256=before.content_sha256)
        gate = workbench.checkpoints.standing("film")[1]
        states.append((gate.state, gate.approved, gate.total))
    assert states == [
        (GateState.WAITING, 1, 2),
        (GateState.WAITING, 1, 2),
        (GateState.APPROVED, 2, 2),
    ]


def test_a_stay_at_a_gate_ends_with_the_last_approval_that_is_needed(
    director: Workbench, second: Workbench
) -> None:
    director.checkpoints.set_approvals_needed("film", 2)
    sha256 = director.checkpoints.standing("film")[1].content_sha256
    director.checkpoints.decide("film", Checkpoint.SPEC, APPROVED, expected_sha256=sha256)
    assert director.insight.checkpoints("film").empty
    second.checkpoints.decide("film", Checkpoint.SPEC, APPROVED, expected_sha256=sha256)
    (stay,) = director.insight.checkpoints("film").to_dict("records")
    assert (stay["decision"], stay["actor"]) == ("approved", "dan")


def test_a_gate_s_decision_that_was_taken_back_ends_no_stay(director: Workbench) -> None:
    sha256 = director.checkpoints.standing("film")[1].content_sha256
    director.checkpoints.decide("film", Checkpoint.SPEC, APPROVED, expected_sha256=sha256)
    assert len(director.insight.checkpoints("film")) == 1
    director.reviews.undo()
    assert director.insight.checkpoints("film").empty


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ADMIN, True),
        (Role.PRODUCER, True),
        (Role.DIRECTOR, True),
        (Role.ANALYST, False),
        (Role.VIEWER, False),
    ],
)
def test_who_may_ask_for_more_approvals(director: Workbench, open_as: OpenAs, role: Role, may: bool) -> None:
    somebody = open_as("somebody", role)
    if may:
        somebody.checkpoints.set_approvals_needed("film", 3)
    else:
        with pytest.raises(PermissionDeniedError, match="how many approvals"):
            somebody.checkpoints.set_approvals_needed("film", 3)
    assert director.checkpoints.approvals_needed("film") == (3 if may else 1)


def test_a_changed_quorum_is_an_event_once(director: Workbench) -> None:
    for _ in range(2):
        director.checkpoints.set_approvals_needed("film", 2)
    with director.studio.database.read() as connection:
        events = [event for event in list_events(connection) if event.verb == "changed_quorum"]
    assert [(event.actor, event.details) for event in events] == [("dora", {"before": 1, "after": 2})]


def test_nobody_asks_for_no_approval(director: Workbench) -> None:
    with pytest.raises(InputError, match="1 to 20"):
        director.checkpoints.set_approvals_needed("film", 0)
    assert director.checkpoints.approvals_needed("film") == 1


def test_a_clip_waits_for_every_approval_of_its_keyframe(
    director: Workbench, second: Workbench, stream_folder: Path
) -> None:
    director.checkpoints.set_approvals_needed("film", 2)
    decide(director, 1)
    skipped = director.tasks.generate("film", Kind.VIDEO, [1]).skipped
    assert skipped == [(1, "its keyframe is not approved")]
    decide(second, 1)
    assert len(director.tasks.generate("film", Kind.VIDEO, [1]).queued) == 1
