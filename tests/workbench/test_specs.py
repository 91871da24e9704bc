from __future__ import annotations

import json
from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.spec_diff import Change
from director_lib.domain.spec_edit import (
    AddSegment,
    MoveSegment,
    RemoveSegment,
    SegmentField,
    SetColor,
    SetSegment,
    SplitSegment,
)
from director_lib.domain.spec_state import StateOrigin
from director_lib.domain.version import Kind
from director_lib.errors import NotFoundError, PermissionDeniedError, RuleError, StaleWriteError
from director_lib.store.events import list_events, verify_log
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs
from tests.workbench.outside import edit_outside


def spec_text(folder: Path) -> str:
    return (folder / "production.json").read_text(encoding="utf-8")


def order(workbench: Workbench) -> list[int]:
    return [segment.id for segment in workbench.streams.get("film").segments]


def verbs(workbench: Workbench) -> list[str]:
    with workbench.studio.database.read() as connection:
        assert verify_log(connection) == []
        return [event.verb for event in reversed(list_events(connection, stream_id="film", limit=100))]


def test_each_edit_is_a_state_and_an_event_and_the_undo_takes_back_every_character(
    director: Workbench, stream_folder: Path
) -> None:
    before = spec_text(stream_folder)
    edits = [
        MoveSegment(3, before=1),
        SplitSegment(2),
        SetSegment(1, SegmentField.TITLE, "New title", base="Part 1"),
        SetColor(None, "dawn", "#ffccaa"),
    ]
    for one in edits:
        director.specs.edit("film", one)
    assert order(director) == [3, 1, 2, 5, 4]
    states = director.specs.states("film")
    assert [one.origin for one in states] == [*[StateOrigin.EDITED] * 4, StateOrigin.FOUND]
    assert states[0].label == "added the colour “dawn”"
    assert verbs(director).count("edited_spec") == 4
    for _ in edits:
        director.reviews.undo()
    assert spec_text(stream_folder) == before
    assert director.specs.states("film")[0].origin is StateOrigin.UNDONE
    for _ in edits:
        director.reviews.redo()
    assert order(director) == [3, 1, 2, 5, 4]


def test_undo_of_one_edit_keeps_what_somebody_else_changed_since(
    director: Workbench, stream_folder: Path
) -> None:
    director.specs.edit("film", SetSegment(1, SegmentField.TITLE, "Mine"))
    edit_outside(stream_folder, 2, title="Theirs")
    assert director.reviews.undo() == "changed the title of segment 1"
    titles = [segment.title for segment in director.streams.get("film").segments]
    assert titles == ["Part 1", "Theirs", "Part 3", "Part 4"]


def test_undo_leaves_what_cannot_be_brought_together_and_says_so(
    director: Workbench, stream_folder: Path
) -> None:
    director.specs.edit("film", SplitSegment(1))
    edit_outside(stream_folder, 2, title="Theirs")
    assert "left as it is" in director.reviews.undo()
    assert order(director) == [1, 5, 2, 3, 4]


def test_a_number_is_never_given_twice_not_even_after_its_segment_was_removed(director: Workbench) -> None:
    assert director.specs.edit("film", AddSegment(4)).new_id == 5
    director.specs.edit("film", RemoveSegment(5))
    assert director.specs.edit("film", AddSegment(4)).new_id == 6
    director.specs.edit("film", RemoveSegment(4))
    assert director.specs.edit("film", AddSegment(None)).new_id == 7


def test_a_segment_with_an_approved_still_stays_and_one_without_leaves_its_files(
    director: Workbench, stream_folder: Path
) -> None:
    version = director.reviews.standing("film").version(1, Kind.KEYFRAME)
    assert version is not None
    director.reviews.decide("film", Kind.KEYFRAME, {1: version.sha256}, DecisionKind.APPROVED)
    with pytest.raises(RuleError, match="approved keyframe"):
        director.specs.edit("film", RemoveSegment(1))
    director.specs.edit("film", RemoveSegment(2))
    assert order(director) == [1, 3, 4]
    assert (stream_folder / "keyframes" / "segment_2_keyframe.png").is_file()
    director.reviews.undo()
    assert order(director) == [1, 2, 3, 4]


def test_an_edit_of_another_file_than_was_looked_at_is_refused(
    director: Workbench, stream_folder: Path
) -> None:
    seen = director.streams.get("film").spec_sha256
    edit_outside(stream_folder, 1, title="Theirs")
    before = spec_text(stream_folder)
    with pytest.raises(StaleWriteError):
        director.specs.edit("film", MoveSegment(1, None), expected_sha256=seen)
    assert spec_text(stream_folder) == before


def test_who_may_not_edit_prompts_may_not_edit_the_spec(director: Workbench, open_as: OpenAs) -> None:
    viewer = open_as("vera", Role.VIEWER)
    for attempt in (
        lambda: viewer.specs.edit("film", MoveSegment(1, None)),
        lambda: viewer.specs.restore("film", 1),
        lambda: viewer.specs.draft("film"),
    ):
        with pytest.raises(PermissionDeniedError):
            attempt()
    assert viewer.specs.lint("film") is not None


def test_outside_changes_are_states_and_tell_the_timeline_once(
    director: Workbench, stream_folder: Path
) -> None:
    edit_outside(stream_folder, 1, title="Theirs")
    director.streams.scan("film")
    director.streams.scan("film")
    edit_outside(stream_folder, 1, image_prompt="another sea")
    director.streams.scan("film")
    outside, _title, found = director.specs.states("film")
    assert (outside.origin, outside.actor, found.origin) == (
        StateOrigin.OUTSIDE,
        "outside",
        StateOrigin.FOUND,
    )
    told = [verb for verb in verbs(director) if "outside" in verb]
    assert told == ["changed_spec_outside", "edited_prompt_outside"]


def test_states_are_compared_segment_by_segment_and_field_by_field(director: Workbench) -> None:
    director.streams.scan("film")
    director.specs.edit("film", MoveSegment(4, before=1))
    director.specs.edit_prompt("film", 2, "image_prompt", "a calm sea, part 2", base_text="a sea, part 2")
    director.specs.edit("film", RemoveSegment(4))
    first = director.specs.states("film")[-1]
    changes = director.specs.diff("film", first.seq)
    assert [(one.item_id, one.change) for one in changes] == [("2", Change.CHANGED), ("4", Change.REMOVED)]
    [field] = changes[0].fields
    assert [(part.change, part.text) for part in field.words][1] == ("added", "calm ")
    moved = director.specs.diff("film", first.seq, director.specs.states("film")[2].seq)
    assert [(one.item_id, one.change, one.to_place) for one in moved] == [("4", Change.MOVED, 1)]


def test_a_restored_state_is_a_new_one_with_the_same_bytes_and_the_prompts_history_goes_on(
    director: Workbench, stream_folder: Path
) -> None:
    director.streams.scan("film")
    before = spec_text(stream_folder)
    director.specs.edit_prompt("film", 1, "image_prompt", "a river", base_text="a sea, part 1")
    first = director.specs.states("film")[-1]
    director.specs.restore("film", first.seq)
    assert spec_text(stream_folder) == before
    assert director.specs.states("film")[0].origin is StateOrigin.RESTORED
    assert [one.after for one in director.prompts.history("film", 1)] == ["a sea, part 1", "a river"]
    assert "edited_prompt_outside" not in verbs(director)
    director.streams.scan("film")
    assert len(director.specs.states("film")) == 3
    with pytest.raises(NotFoundError):
        director.specs.restore("film", 999)


def test_prompts_that_are_edited_on_the_spec_page_can_be_undone(director: Workbench) -> None:
    director.specs.edit_prompt("film", 1, "motion_prompt", "pull out", base_text="push in")
    assert director.reviews.undo() == "changed the motion prompt of segment 1"
    assert director.streams.get("film").get_segment(1).motion_prompt == "push in"


def test_lint_finds_what_is_wrong_in_the_order_of_its_weight(
    director: Workbench, stream_folder: Path
) -> None:
    spec = json.loads(spec_text(stream_folder))
    spec["segments"][1]["image_prompt"] = ""
    spec["segments"][3]["duration"] = 500
    spec["visual_direction"]["color_palette"]["odd"] = "crimson"
    spec["segments"].append({"id": 4, "title": "again"})
    (stream_folder / "production.json").write_text(json.dumps(spec))
    found = director.specs.lint("film")
    codes = [one.code for one in found]
    assert {"missing_image_prompt", "repeated_id", "palette_color", "duration_beyond_engine"} <= {*codes}
    assert {"repeated_camera", "segment_without_section"} <= {*codes}
    severities = [one.severity for one in found]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
