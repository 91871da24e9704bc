"""Order forms that somebody changes in the file: in the timeline, once, and never our own edits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.event_words import said_of
from director_lib.errors import StorageError
from director_lib.intake import outside_briefs
from director_lib.intake.outside_briefs import note_outside_brief
from director_lib.store.events import Event, list_events
from director_lib.streams.locking import stream_lock
from director_lib.workbench import Workbench

FORM = {
    "title": "Film",
    "story": "Once.",
    "client": {"name": "Somebody"},
    "brief": {"tone": "warm", "weather": {"sky": "grey"}, "client_wish": "private"},
}


@pytest.fixture
def form(stream_folder: Path, director: Workbench) -> Path:
    """The stream's order form, seen once."""
    path = stream_folder / "input.json"
    path.write_text(json.dumps(FORM, indent=1), encoding="utf-8")
    director.streams.scan("film")
    return path


def change(form: Path, brief: dict[str, Any] | None = None, **values: object) -> None:
    data = json.loads(form.read_text(encoding="utf-8"))
    form.write_text(
        json.dumps({**data, **values, "brief": {**data["brief"], **(brief or {})}}), encoding="utf-8"
    )


def told(workbench: Workbench) -> list[Event]:
    """Look into the stream twice, and return what the timeline says of its order form."""
    workbench.streams.scan("film")
    workbench.streams.scan("film")
    with workbench.studio.database.read() as connection:
        return [one for one in list_events(connection, stream_id="film") if "brief" in one.verb]


def test_a_form_that_is_seen_for_the_first_time_is_no_edit(form: Path, director: Workbench) -> None:
    assert told(director) == []


def test_a_changed_field_is_told_once_with_its_words(form: Path, director: Workbench) -> None:
    change(form, {"tone": "dry"})
    [event] = told(director)
    assert (event.verb, event.actor, event.stream_id) == ("changed_brief_outside", "outside", "film")
    assert event.details["changes"] == [{"field": "“tone” of the brief", "before": "warm", "after": "dry"}]
    assert said_of(event.verb, event.details) == "changed “tone” of the brief in the order form's file"


def test_all_that_changed_together_is_one_line(form: Path, director: Workbench) -> None:
    change(form, {"weather": {"sky": "blue"}, "notes": "new"}, story="Twice.", title="Árvíz")
    [event] = told(director)
    assert event.details["field"] == (
        "the story, the title, “weather › sky” of the brief and “notes” of the brief"
    )
    assert "Twice" not in str(event.details)


def test_many_changes_are_counted(form: Path, director: Workbench) -> None:
    change(form, {f"field {number}": "x" for number in range(9)})
    [event] = told(director)
    assert event.details["field"].endswith("“field 3” of the brief and 5 more fields")


def test_what_is_personal_or_means_the_same_is_not_told(form: Path, director: Workbench) -> None:
    change(form, {"client_wish": "another"}, client={"name": "Else"}, unknown=1)
    form.write_text(json.dumps(json.loads(form.read_text()), indent=8))
    assert told(director) == []


def test_own_edits_are_never_told_as_made_outside(form: Path, director: Workbench) -> None:
    director.stories.edit_brief("film", "tone", "dry")
    director.stories.edit_brief("film", "weather/sky", "blue")
    director.reviews.undo()
    assert [one.verb for one in told(director)] == ["edited_brief"] * 3


def test_an_own_edit_over_an_unseen_one_made_outside_tells_both(form: Path, director: Workbench) -> None:
    change(form, {"notes": "theirs"})
    director.stories.edit_brief("film", "tone", "dry")
    assert [(one.verb, one.details["after"]) for one in told(director)] == [
        ("edited_brief", "dry"),
        ("changed_brief_outside", "theirs"),
    ]


def test_a_broken_form_tells_nothing_until_it_can_be_read(form: Path, director: Workbench) -> None:
    form.write_text("{")
    assert told(director) == []
    form.write_text(json.dumps({**FORM, "story": "Twice."}))
    assert [one.details["field"] for one in told(director)] == ["the story"]


def test_a_difference_waits_until_nobody_saves_the_stream(
    form: Path, director: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside_briefs, "_LOCK_TIMEOUT_S", 0.05)
    studio = director.studio
    change(form, {"tone": "dry"})
    with stream_lock(studio.root, "film"), pytest.raises(StorageError):
        note_outside_brief(studio.database, studio.root, "film", now=studio.clock())
    assert note_outside_brief(studio.database, studio.root, "film", now=studio.clock())
