from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from director_lib.domain.checkpoint import GateState
from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from director_lib.errors import (
    InputError,
    NothingToUndoError,
    PermissionDeniedError,
    PromptClashError,
    RuleError,
    StaleWriteError,
)
from director_lib.store.events import list_events
from director_lib.workbench import Workbench
from director_lib.workbench.reviews import Regeneration
from director_lib.workbench.verdicts import Seen
from tests.workbench.conftest import OpenAs, write_still
from tests.workbench.outside import edit_outside


def sha(workbench: Workbench, segment_id: int, kind: Kind = Kind.KEYFRAME) -> str:
    version = workbench.reviews.standing("film").version(segment_id, kind)
    assert version is not None
    return version.sha256


def verdicts(workbench: Workbench) -> dict[int, str]:
    standing = workbench.reviews.standing("film")
    return {number: decision.decision.value for (number, _), decision in standing.decisions.items()}


def approve(workbench: Workbench, *segment_ids: int) -> None:
    judged = {segment_id: sha(workbench, segment_id) for segment_id in segment_ids}
    workbench.reviews.decide("film", Kind.KEYFRAME, judged, DecisionKind.APPROVED)


def regenerate(workbench: Workbench, segment_id: int, **prompts: str) -> str:
    asked = Regeneration(
        "film", segment_id, Kind.KEYFRAME, prompts, expected_sha256=sha(workbench, segment_id)
    )
    return workbench.reviews.regenerate(asked).id


def test_approving_binds_to_the_bytes_and_a_new_picture_is_undecided(
    director: Workbench, stream_folder: Path
) -> None:
    approve(director, 1, 2)
    assert verdicts(director) == {1: "approved", 2: "approved"}
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "white")
    director.streams.scan("film")
    assert verdicts(director) == {2: "approved"}
    assert [version.number for version in director.reviews.versions("film", 1, Kind.KEYFRAME)] == [1, 2]


def test_a_decision_on_a_picture_that_was_replaced_is_refused_and_nothing_is_saved(
    director: Workbench,
) -> None:
    with pytest.raises(StaleWriteError, match="Nothing was saved"):
        director.reviews.decide(
            "film", Kind.KEYFRAME, {1: sha(director, 1), 2: "0" * 64}, DecisionKind.APPROVED
        )
    assert verdicts(director) == {}


def test_a_verdict_never_overrules_one_that_its_giver_was_not_shown(
    director: Workbench, open_as: OpenAs
) -> None:
    judged = {1: sha(director, 1)}
    colleague = open_as("cleo", Role.DIRECTOR)
    [theirs] = colleague.reviews.decide("film", Kind.KEYFRAME, judged, DecisionKind.APPROVED)
    with pytest.raises(StaleWriteError, match="cleo decided “approved”"):
        director.reviews.decide("film", Kind.KEYFRAME, judged, DecisionKind.REGENERATE, seen=Seen(0))
    assert len(director.reviews.decisions("film", 1, Kind.KEYFRAME)) == 1
    director.reviews.decide("film", Kind.KEYFRAME, judged, DecisionKind.REGENERATE, seen=Seen(theirs.seq))
    assert len(director.reviews.decisions("film", 1, Kind.KEYFRAME)) == 2


def test_two_who_say_the_same_at_once_are_both_recorded(director: Workbench, open_as: OpenAs) -> None:
    judged = {1: sha(director, 1)}
    for person in (director, open_as("cleo", Role.DIRECTOR)):
        person.reviews.decide("film", Kind.KEYFRAME, judged, DecisionKind.APPROVED, seen=Seen(0))
    assert [made.actor for made in director.reviews.decisions("film", 1, Kind.KEYFRAME)] == ["dora", "cleo"]


def test_sending_back_what_somebody_approved_unseen_queues_nothing(
    director: Workbench, open_as: OpenAs
) -> None:
    digest = sha(director, 1)
    colleague = open_as("cleo", Role.DIRECTOR)
    colleague.reviews.decide("film", Kind.KEYFRAME, {1: digest}, DecisionKind.APPROVED)
    asked = Regeneration("film", 1, Kind.KEYFRAME, {}, expected_sha256=digest, seen_seq=0)
    with pytest.raises(StaleWriteError, match="cleo"):
        director.reviews.regenerate(asked)
    assert director.tasks.list(stream_id="film") == []


def test_a_segment_without_a_picture_cannot_be_approved(director: Workbench) -> None:
    with pytest.raises(RuleError, match="Segment 4 has no keyframe yet"):
        director.reviews.decide("film", Kind.KEYFRAME, {4: "0" * 64}, DecisionKind.APPROVED)
    with pytest.raises(RuleError):
        director.reviews.decide("film", Kind.KEYFRAME, {99: "0" * 64}, DecisionKind.APPROVED)


def test_a_comment_never_changes_a_decision(director: Workbench) -> None:
    approve(director, 1)
    director.comments.add("film", 1, Kind.KEYFRAME, "Lovely light.")
    assert verdicts(director) == {1: "approved"}


def test_undo_takes_back_a_bulk_decision_as_one_and_then_the_one_before(director: Workbench) -> None:
    approve(director, 1)
    approve(director, 2, 3)
    assert director.reviews.undo() == "approved 2 keyframes"
    assert verdicts(director) == {1: "approved"}
    assert director.reviews.undo() == "approved keyframe 1"
    assert verdicts(director) == {}
    with pytest.raises(NothingToUndoError):
        director.reviews.undo()


def test_undo_is_each_person_s_own(director: Workbench, open_as: OpenAs) -> None:
    approve(director, 1)
    other = open_as("dan", Role.DIRECTOR)
    with pytest.raises(NothingToUndoError):
        other.reviews.undo()
    assert verdicts(director) == {1: "approved"}


def test_undo_reaches_back_twenty_steps(director: Workbench) -> None:
    for _ in range(25):
        approve(director, 1)
    for _ in range(20):
        director.reviews.undo()
    with pytest.raises(NothingToUndoError):
        director.reviews.undo()


def test_regenerating_with_another_prompt_saves_it_and_records_adjust_prompt_once_known(
    director: Workbench, stream_folder: Path
) -> None:
    task_id = regenerate(director, 1, image_prompt="a stormy sea")
    assert '"a stormy sea"' in (stream_folder / "production.json").read_text()
    task = director.tasks.get(task_id)
    assert task.state is TaskState.QUEUED
    assert task.request.image_prompt == "a stormy sea"
    assert verdicts(director) == {1: "regenerate"}


def test_undoing_a_regeneration_cancels_its_task_and_the_decision(director: Workbench) -> None:
    approve(director, 1)
    task_id = regenerate(director, 1)
    assert director.reviews.undo() == "regenerated keyframe 1"
    assert director.tasks.get(task_id).state is TaskState.CANCELLED
    assert verdicts(director) == {1: "approved"}


def test_regenerating_what_somebody_replaced_meanwhile_is_refused_and_queues_nothing(
    director: Workbench,
) -> None:
    asked = Regeneration("film", 1, Kind.KEYFRAME, {}, expected_sha256="0" * 64)
    with pytest.raises(StaleWriteError):
        director.reviews.regenerate(asked)
    assert director.tasks.list() == []


def test_regenerating_with_words_that_somebody_else_changed_too_is_refused_and_queues_nothing(
    director: Workbench, stream_folder: Path
) -> None:
    edit_outside(stream_folder, 1, image_prompt="their sea")
    asked = Regeneration(
        "film",
        1,
        Kind.KEYFRAME,
        {"image_prompt": "my sea"},
        expected_sha256=sha(director, 1),
        base={"image_prompt": "a sea, part 1"},
    )
    with pytest.raises(PromptClashError):
        director.reviews.regenerate(asked)
    assert director.tasks.list() == []
    assert verdicts(director) == {}
    director.reviews.regenerate(replace(asked, base={"image_prompt": "their sea"}))
    assert director.tasks.list()[0].request.image_prompt == "my sea"


def test_two_presses_make_one_task(director: Workbench) -> None:
    first = regenerate(director, 1)
    assert regenerate(director, 1) == first
    assert len(director.tasks.list()) == 1


def test_a_missing_still_can_be_generated_and_records_no_decision(director: Workbench) -> None:
    task = director.reviews.regenerate(Regeneration("film", 4, Kind.KEYFRAME, {}))
    assert task.state is TaskState.QUEUED
    assert verdicts(director) == {}


def test_a_viewer_decides_nothing_and_a_producer_regenerates_without_deciding(
    director: Workbench, open_as: OpenAs
) -> None:
    viewer, producer = open_as("vera", Role.VIEWER), open_as("pal", Role.PRODUCER)
    with pytest.raises(PermissionDeniedError):
        approve(viewer, 1)
    with pytest.raises(PermissionDeniedError):
        regenerate(viewer, 1)
    regenerate(producer, 1)
    assert verdicts(director) == {}


def test_restoring_keeps_every_version_and_brings_its_decision_back(
    director: Workbench, stream_folder: Path
) -> None:
    approve(director, 1)
    still = stream_folder / "keyframes" / "segment_1_keyframe.png"
    first = still.read_bytes()
    write_still(still, "white")
    director.streams.scan("film")
    oldest = director.reviews.versions("film", 1, Kind.KEYFRAME)[0]
    director.reviews.restore(oldest.id)
    assert still.read_bytes() == first
    assert len(director.reviews.versions("film", 1, Kind.KEYFRAME)) == 2
    assert verdicts(director) == {1: "approved"}


def test_every_decision_leaves_an_event_with_who_and_what(director: Workbench) -> None:
    approve(director, 1)
    director.reviews.undo()
    with director.studio.database.read() as connection:
        newest = list_events(connection, stream_id="film", limit=2)
    assert [(event.verb, event.actor, event.segment_id) for event in newest] == [
        ("undid", "dora", 1),
        ("approved", "dora", 1),
    ]


def test_approving_everything_opens_the_gate_on_every_list(director: Workbench, stream_folder: Path) -> None:
    write_still(stream_folder / "keyframes" / "segment_4_keyframe.png", "gold")
    director.streams.scan("film")
    approve(director, 1, 2, 3, 4)
    (overview,) = director.streams.overviews()
    gates = {gate.checkpoint.value: gate.state for gate in overview.gates}
    assert gates["keyframes"] is GateState.APPROVED
    assert (overview.approved, overview.total, overview.needs_me) == (4, 8, False)


def test_a_verdict_without_its_note_is_refused(director: Workbench) -> None:
    with pytest.raises(InputError):
        director.reviews.decide(
            "film", Kind.KEYFRAME, {1: sha(director, 1)}, DecisionKind.APPROVED_WITH_NOTES
        )


def test_redo_repeats_what_was_undone_last_and_is_over_after_something_new(director: Workbench) -> None:
    approve(director, 1)
    approve(director, 2)
    director.reviews.undo()
    director.reviews.undo()
    assert director.reviews.redo() == "approved keyframe 1"
    assert verdicts(director) == {1: "approved"}
    approve(director, 3)
    with pytest.raises(NothingToUndoError):
        director.reviews.redo()
    assert director.reviews.undo() == "approved keyframe 3"


def test_redo_of_a_cancelled_regeneration_queues_it_again(director: Workbench) -> None:
    first = regenerate(director, 1)
    director.reviews.undo()
    assert director.reviews.redo() == "regenerated keyframe 1"
    again = [task for task in director.tasks.list() if task.is_open]
    assert [task.id for task in again] != [first]
    assert again[0].request == director.tasks.get(first).request
    assert verdicts(director) == {1: "regenerate"}


def test_redo_never_decides_on_other_bytes(director: Workbench, stream_folder: Path) -> None:
    approve(director, 1)
    director.reviews.undo()
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "white")
    director.streams.scan("film")
    with pytest.raises(StaleWriteError):
        director.reviews.redo()
    assert verdicts(director) == {}
