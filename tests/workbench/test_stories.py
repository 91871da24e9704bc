"""The brief as people edit it, with history and undo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from director_lib.domain.checkpoint import Checkpoint, GateState
from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.errors import PermissionDeniedError, StaleWriteError
from director_lib.store.events import list_events
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs


@pytest.fixture
def form(stream_folder: Path) -> Path:
    path = stream_folder / "input.json"
    path.write_text(json.dumps({"story": "Once.", "brief": {"tone": "warm"}}, indent=1))
    return path


def tone(workbench: Workbench) -> str:
    return next(field.text for field in workbench.stories.brief("film") if field.key == "tone")


def test_an_edit_is_in_the_file_in_the_timeline_and_takes_the_approval_away(
    form: Path, director: Workbench
) -> None:
    gate = director.checkpoints.standing("film")[0]
    approved = DecisionKind.APPROVED
    director.checkpoints.decide("film", Checkpoint.STORY, approved, expected_sha256=gate.content_sha256)
    assert director.stories.edit_brief("film", "tone", "dry", base_text="warm")
    assert not director.stories.edit_brief("film", "tone", "dry", base_text="warm")
    assert json.loads(form.read_text())["brief"] == {"tone": "dry"}
    with director.studio.database.read() as connection:
        newest = list_events(connection, stream_id="film", limit=1)[0]
    assert (newest.verb, newest.actor) == ("edited_brief", "dora")
    assert newest.details == {"field": "tone", "before": "warm", "after": "dry"}
    assert director.checkpoints.standing("film")[0].state is GateState.WAITING


def test_an_edit_is_taken_back_and_done_again(form: Path, director: Workbench) -> None:
    director.stories.edit_brief("film", "tone", "dry")
    assert director.reviews.undo() == "edited “tone” of the brief"
    assert tone(director) == "warm"
    assert director.reviews.redo() == "edited “tone” of the brief"
    assert tone(director) == "dry"


def test_what_was_edited_since_is_left_as_it_is(form: Path, director: Workbench) -> None:
    director.stories.edit_brief("film", "tone", "dry")
    form.write_text(form.read_text().replace("dry", "loud"))
    assert "left as they are: tone" in director.reviews.undo()
    assert tone(director) == "loud"
    with pytest.raises(StaleWriteError):
        director.stories.edit_brief("film", "tone", "soft", base_text="dry")


def test_who_only_looks_on_may_not_edit(form: Path, open_as: OpenAs) -> None:
    viewer = open_as("vic", Role.VIEWER)
    assert tone(viewer) == "warm"
    with pytest.raises(PermissionDeniedError):
        viewer.stories.edit_brief("film", "tone", "dry")
