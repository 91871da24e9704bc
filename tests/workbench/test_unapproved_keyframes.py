"""A clip is made from an approved keyframe, or by an override that history shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import RuleError
from director_lib.store.events import list_events
from director_lib.workbench import Workbench
from director_lib.workbench.reviews import Regeneration
from tests.workbench.conftest import OpenAs, write_still


def decide(workbench: Workbench, decision: DecisionKind = DecisionKind.APPROVED) -> None:
    version = workbench.reviews.standing("film").versions[1, Kind.KEYFRAME]
    workbench.reviews.decide("film", Kind.KEYFRAME, {1: version.sha256}, decision)


def make_clip(workbench: Workbench, *, allow: bool = False) -> Task:
    asked = Regeneration("film", 1, Kind.VIDEO, {}, allow_unapproved_keyframe=allow)
    return workbench.reviews.regenerate(asked)


def overrides_told(workbench: Workbench) -> list[list[str]]:
    with workbench.studio.database.read() as connection:
        events = reversed(list_events(connection, stream_id="film"))
        return [event.details["overrides"] for event in events if event.verb == "queued"]


def test_a_clip_of_an_unapproved_keyframe_is_refused_and_nothing_is_queued(director: Workbench) -> None:
    with pytest.raises(RuleError, match="segment 1 is not approved, so no clip was queued"):
        make_clip(director)
    decide(director, DecisionKind.REGENERATE)
    with pytest.raises(RuleError):
        make_clip(director)
    assert director.tasks.list() == []


def test_the_override_is_recorded_only_where_it_was_needed(director: Workbench) -> None:
    task = make_clip(director, allow=True)
    assert overrides_told(director) == [["unapproved_keyframe"]]
    assert director.tasks.overrides(task.id) == ["unapproved_keyframe"]
    director.tasks.cancel(task.id)
    decide(director)
    assert director.tasks.overrides(make_clip(director, allow=True).id) == []


def test_a_batch_leaves_such_clips_alone_and_an_override_of_a_batch_is_recorded(director: Workbench) -> None:
    result = director.tasks.generate("film", Kind.VIDEO, [1, 2])
    assert (result.queued, len(result.skipped)) == ([], 2)
    director.tasks.generate("film", Kind.VIDEO, [1, 2], allow_unapproved_keyframe=True)
    assert overrides_told(director) == [["unapproved_keyframe"]] * 2


def test_an_approval_holds_for_the_keyframe_that_the_clip_starts_from(
    director: Workbench, stream_folder: Path
) -> None:
    decide(director)
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "white")
    director.streams.scan("film")
    with pytest.raises(RuleError):
        make_clip(director)


def test_a_retry_is_refused_once_the_keyframe_was_sent_back(director: Workbench) -> None:
    decide(director)
    task = make_clip(director)
    director.tasks.cancel(task.id)
    decide(director, DecisionKind.REGENERATE)
    with pytest.raises(RuleError, match="is not approved"):
        director.tasks.retry(task.id)


def test_a_retry_and_a_redo_keep_the_override_and_record_it_again(director: Workbench) -> None:
    task = make_clip(director, allow=True)
    director.tasks.cancel(task.id)
    again = director.tasks.retry(task.id)
    assert again.state is TaskState.QUEUED
    director.tasks.cancel(again.id)
    director.reviews.undo()
    director.reviews.redo()
    assert overrides_told(director) == [["unapproved_keyframe"]] * 3


def test_replacing_what_is_approved_is_recorded(director: Workbench, open_as: OpenAs) -> None:
    decide(director)
    director.tasks.generate("film", Kind.KEYFRAME, [1], allow_approved=True)
    assert overrides_told(director) == [["replaces_approved"]]
    producer = open_as("pal", Role.PRODUCER)
    sha256 = producer.reviews.standing("film").versions[1, Kind.KEYFRAME].sha256
    asked = Regeneration("film", 1, Kind.KEYFRAME, {}, seed=7, expected_sha256=sha256)
    producer.reviews.regenerate(asked)
    assert overrides_told(director)[-1] == ["replaces_approved"]
