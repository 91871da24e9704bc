from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from director_lib.domain.checkpoint import Checkpoint, GateState, GateStatus
from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import (
    InputError,
    NothingToUndoError,
    PermissionDeniedError,
    RuleError,
    StaleWriteError,
)
from director_lib.store.checkpoints import NewCheckpointRecord, add_checkpoint_record
from director_lib.store.events import list_events
from director_lib.store.tables import checkpoints
from director_lib.workbench import Workbench
from tests.intake.studio import write_clip
from tests.workbench.conftest import START, OpenAs, write_still

APPROVED, REVISION = DecisionKind.APPROVED, DecisionKind.REVISION_NEEDED
STORY, SPEC, FINAL = Checkpoint.STORY, Checkpoint.SPEC, Checkpoint.FINAL


@pytest.fixture(autouse=True)
def form(stream_folder: Path) -> Path:
    """The order form with the story."""
    path = stream_folder / "input.json"
    path.write_text(json.dumps({"story": "Once upon a time.", "brief": {"tone": "quiet"}}))
    return path


def gate(workbench: Workbench, checkpoint: Checkpoint) -> GateStatus:
    return {gate.checkpoint: gate for gate in workbench.checkpoints.standing("film")}[checkpoint]


def decide(
    workbench: Workbench,
    checkpoint: Checkpoint,
    decision: DecisionKind = APPROVED,
    note: str = "",
    **more: Any,
) -> None:
    expected = gate(workbench, checkpoint).content_sha256
    workbench.checkpoints.decide("film", checkpoint, decision, note, **{"expected_sha256": expected, **more})


def change_spec(folder: Path, **fields: Any) -> None:
    path = folder / "production.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def finish(workbench: Workbench, folder: Path) -> None:
    """Make and approve every still and clip of the stream."""
    for number in range(1, 5):
        write_still(folder / "keyframes" / f"segment_{number}_keyframe.png", f"#0{number}0{number}ff")
        write_clip(folder / "videos" / f"segment_{number}.mp4", f"#0{number}0{number}ff")
    workbench.streams.scan("film")
    for kind in Kind:
        approve(workbench, kind, 1, 2, 3, 4)


def approve(workbench: Workbench, kind: Kind, *numbers: int, decision: DecisionKind = APPROVED) -> None:
    standing = workbench.reviews.standing("film")
    judged = {number: standing.versions[number, kind].sha256 for number in numbers}
    workbench.reviews.decide("film", kind, judged, decision)


def test_the_story_s_approval_ends_with_its_words_and_comes_back_with_them(
    director: Workbench, form: Path
) -> None:
    decide(director, STORY)
    assert gate(director, STORY).state is GateState.APPROVED
    before = form.read_text()
    form.write_text(json.dumps({"story": "Once upon another time.", "brief": {"tone": "quiet"}}))
    changed = gate(director, STORY)
    assert changed.state is GateState.WAITING
    assert changed.reason == "The story has changed since dora approved it on 20 Nov 2026."
    form.write_text(before)
    assert gate(director, STORY).state is GateState.APPROVED


def test_writing_the_spec_does_not_cost_the_story_its_approval(
    director: Workbench, stream_folder: Path
) -> None:
    decide(director, STORY)
    change_spec(stream_folder, sections=[{"id": "one", "segment_ids": [1], "text_content": "Other words."}])
    assert gate(director, STORY).state is GateState.APPROVED


def test_how_production_json_is_written_costs_the_spec_nothing(
    director: Workbench, stream_folder: Path
) -> None:
    decide(director, SPEC)
    path = stream_folder / "production.json"
    spec = json.loads(path.read_text())
    turned = dict(reversed(spec.items())) | {"client": {"name": "somebody"}, "own_key": [1, 2]}
    turned["segments"] = [dict(reversed(segment.items())) for segment in spec["segments"]]
    path.write_text(json.dumps(turned, indent=8).replace("\n", "\r\n"))
    assert gate(director, SPEC).state is GateState.APPROVED
    assert gate(director, SPEC).reason == "dora approved it on 20 Nov 2026."


@pytest.mark.parametrize(
    "change",
    [
        {"visual_direction": {"lighting": "low"}},
        {"composition_rules": {"prompt_suffix": "on film"}},
        {"output": {"dimensions": "1920x1080"}},
        {"segments": [{"id": 1, "image_prompt": "a sea"}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_spec_waits_again(director: Workbench, stream_folder: Path, change: dict[str, Any]) -> None:
    decide(director, SPEC)
    change_spec(stream_folder, **change)
    assert gate(director, SPEC).state is GateState.WAITING
    assert gate(director, SPEC).reason.startswith("The spec has changed since dora approved it")


def test_a_prompt_edited_on_the_desk_is_another_spec(director: Workbench) -> None:
    decide(director, SPEC)
    director.prompts.save("film", 1, "image_prompt", "a calmer sea")
    assert gate(director, SPEC).state is GateState.WAITING


def test_what_changed_while_somebody_looked_is_not_decided_on(
    director: Workbench, stream_folder: Path
) -> None:
    seen = gate(director, SPEC).content_sha256
    change_spec(stream_folder, visual_direction={"lighting": "low"})
    with pytest.raises(StaleWriteError, match="Nothing was saved"):
        decide(director, SPEC, expected_sha256=seen)
    assert director.checkpoints.history("film") == []


def test_the_final_cut_is_decided_after_every_still_and_clip(
    director: Workbench, stream_folder: Path
) -> None:
    with pytest.raises(RuleError, match="0 of 4 keyframes are approved"):
        decide(director, FINAL)
    finish(director, stream_folder)
    decide(director, FINAL)
    assert gate(director, FINAL).state is GateState.APPROVED


def test_another_clip_opens_the_final_cut_again(director: Workbench, stream_folder: Path) -> None:
    finish(director, stream_folder)
    decide(director, FINAL)
    write_clip(stream_folder / "videos" / "segment_2.mp4", "white")
    director.streams.scan("film")
    assert gate(director, FINAL).state is GateState.MISSING
    approve(director, Kind.VIDEO, 2)
    assert gate(director, FINAL).state is GateState.WAITING
    assert gate(director, FINAL).reason.startswith("The final cut has changed since dora approved it")


def test_an_override_is_recorded_and_ends_with_the_first_change(
    director: Workbench, stream_folder: Path
) -> None:
    finish(director, stream_folder)
    approve(director, Kind.VIDEO, 3, decision=DecisionKind.REGENERATE)
    decide(director, FINAL, override=True)
    assert gate(director, FINAL).state is GateState.APPROVED
    with director.studio.database.read() as connection:
        event = list_events(connection, stream_id="film", limit=1)[0]
    assert event.details["overrides"] == ["videos"]
    approve(director, Kind.VIDEO, 3)
    assert gate(director, FINAL).state is GateState.WAITING


def test_without_a_spec_there_is_nothing_to_decide(director: Workbench, stream_folder: Path) -> None:
    (stream_folder / "production.json").unlink()
    with pytest.raises(RuleError, match="There is no spec yet"):
        decide(director, SPEC)


def test_stills_are_not_decided_as_a_whole_and_a_revision_needs_its_note(director: Workbench) -> None:
    with pytest.raises(InputError, match="cannot be decided"):
        decide(director, Checkpoint.KEYFRAMES)
    with pytest.raises(InputError, match="needs a note"):
        decide(director, SPEC, REVISION)


def test_only_who_may_decide_decides(director: Workbench, open_as: OpenAs) -> None:
    for role in (Role.PRODUCER, Role.ANALYST, Role.VIEWER):
        with pytest.raises(PermissionDeniedError):
            decide(open_as(role.value, role), SPEC)
    assert gate(director, SPEC).state is GateState.WAITING


def test_undo_takes_a_gate_s_decision_back_and_redo_makes_it_again(director: Workbench) -> None:
    decide(director, SPEC, REVISION, "Too dark.")
    decide(director, SPEC)
    assert director.reviews.undo() == "approved the spec"
    assert gate(director, SPEC).state is GateState.CHANGES
    assert director.reviews.undo() == "sent back the spec"
    assert gate(director, SPEC).state is GateState.WAITING
    with pytest.raises(NothingToUndoError):
        director.reviews.undo()
    assert director.reviews.redo() == "sent back the spec"
    assert gate(director, SPEC).state is GateState.CHANGES
    seqs = [made.undoes for made in director.checkpoints.history("film")]
    assert seqs == [None, None, 2, 1, None]


def test_redo_never_decides_on_another_spec(director: Workbench, stream_folder: Path) -> None:
    decide(director, SPEC)
    director.reviews.undo()
    change_spec(stream_folder, visual_direction={"lighting": "low"})
    with pytest.raises(StaleWriteError):
        director.reviews.redo()
    assert gate(director, SPEC).state is GateState.WAITING


def test_undo_of_a_gate_is_its_own_persons(director: Workbench, open_as: OpenAs) -> None:
    decide(director, SPEC)
    with pytest.raises(NothingToUndoError):
        open_as("dan", Role.DIRECTOR).reviews.undo()


def test_each_decision_is_an_event_that_says_what_was_judged_before_and_now(
    director: Workbench, stream_folder: Path
) -> None:
    decide(director, SPEC)
    first = gate(director, SPEC).content_sha256
    change_spec(stream_folder, visual_direction={"lighting": "low"})
    decide(director, SPEC, REVISION, "Too dark.")
    with director.studio.database.read() as connection:
        newest = list_events(connection, stream_id="film", limit=1)[0]
    assert (newest.verb, newest.actor) == ("decided_checkpoint", "dora")
    assert newest.details["before_sha256"] == first
    assert newest.details["after_sha256"] == gate(director, SPEC).content_sha256 != first
    assert (newest.details["decision"], newest.details["note"]) == ("revision_needed", "Too dark.")


def test_a_decision_of_an_earlier_release_waits_and_says_why(director: Workbench) -> None:
    with director.studio.database.write() as connection:
        add_checkpoint_record(connection, "film", NewCheckpointRecord(SPEC, APPROVED, "dora", START))
    assert gate(director, SPEC).state is GateState.WAITING
    assert "was not recorded" in gate(director, SPEC).reason
    decide(director, SPEC)
    assert gate(director, SPEC).state is GateState.APPROVED


def test_nothing_that_was_recorded_at_a_gate_is_ever_changed(
    director: Workbench, stream_folder: Path
) -> None:
    decide(director, SPEC)
    with director.studio.database.read() as connection:
        before = connection.execute(sa.select(checkpoints)).all()
    director.reviews.undo()
    decide(director, SPEC, REVISION, "Too dark.")
    with director.studio.database.read() as connection:
        after = connection.execute(sa.select(checkpoints).order_by(checkpoints.c.seq)).all()
    assert after[: len(before)] == before
    assert len(after) == 3


def test_a_stream_made_anew_under_the_same_id_starts_at_closed_gates(
    director: Workbench, open_as: OpenAs, stream_folder: Path
) -> None:
    decide(director, SPEC)
    director.checkpoints.set_approvals_needed("film", 2)
    spec = (stream_folder / "production.json").read_bytes()
    director.lifecycle.trash("film", "over")
    stream_folder.mkdir()
    (stream_folder / "production.json").write_bytes(spec)
    assert gate(director, SPEC).state is GateState.WAITING
    assert director.checkpoints.history("film") == []
    assert director.checkpoints.approvals_needed("film") == 1
