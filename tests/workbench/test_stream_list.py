"""The quick list of streams says what the slow one says, whatever happens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.store.overview import StreamActivity
from director_lib.workbench import Workbench, stream_list
from director_lib.workbench.stream_list import StreamLine
from tests.workbench.conftest import OpenAs, write_still


def listed(workbench: Workbench) -> StreamLine:
    [(line, _)] = workbench.stream_list.lines()
    return line


def approve(workbench: Workbench, segment_id: int = 1) -> None:
    version = workbench.reviews.standing("film").version(segment_id, Kind.KEYFRAME)
    assert version is not None
    workbench.reviews.decide("film", Kind.KEYFRAME, {segment_id: version.sha256}, DecisionKind.APPROVED)


def test_it_says_what_the_overviews_say_when_new_and_when_kept(director: Workbench, open_as: OpenAs) -> None:
    approve(director)
    [overview] = director.streams.overviews()
    for workbench in (director, open_as("ben", Role.DIRECTOR)):  # the second reads what the first kept
        [(line, activity)] = workbench.stream_list.lines()
        assert overview.stream is not None
        assert overview.cover is not None
        assert line.gates == overview.gates
        assert (line.title, line.n_segments) == (overview.stream.title, len(overview.stream.segments))
        assert (line.approved, line.total, line.undecided) == (overview.approved, overview.total, 2)
        assert line.cover == (overview.cover.sha256, overview.cover.extension)
        assert line.oddities == overview.oddities
        assert activity == overview.activity


def test_what_others_do_and_what_happens_on_disk_is_listed_at_once(
    director: Workbench, open_as: OpenAs, stream_folder: Path
) -> None:
    assert listed(director).approved == 0
    other = open_as("ben", Role.DIRECTOR)
    approve(other)
    assert listed(director).approved == 1
    other.reviews.undo()
    assert listed(director).approved == 0
    assert not director.stream_list.has_changed()
    spec = json.loads((stream_folder / "production.json").read_text())
    spec["segments"].append({"id": 5, "image_prompt": "a lake"})
    (stream_folder / "production.json").write_text(json.dumps(spec))
    assert director.stream_list.has_changed()
    assert listed(director).n_segments == 5
    write_still(stream_folder / "keyframes" / "segment_5_keyframe.png", "olive")
    director.streams.scan("film")
    assert listed(director).undecided == 4


def test_who_has_approved_already_is_not_asked_again(director: Workbench, open_as: OpenAs) -> None:
    director.checkpoints.set_approvals_needed("film", 2)
    for segment_id in (1, 2, 3):
        approve(director, segment_id)
    for workbench in (director, open_as("ben", Role.DIRECTOR)):
        line = listed(workbench)
        assert (line.needs("dora"), line.needs("ben")) == (False, True)


def test_another_stream_of_the_same_id_is_not_taken_for_the_earlier_one(
    director: Workbench, stream_folder: Path
) -> None:
    approve(director)
    assert listed(director).approved == 1
    director.lifecycle.trash("film")
    assert director.stream_list.lines() == []
    director.streams.create("Film", "Once.")
    [(line, activity)] = director.stream_list.lines()
    assert (line.id, line.n_segments, line.approved, line.cover) == ("film", 0, 0, None)
    assert activity.last_verb == "created_stream"


def test_a_broken_stream_is_a_line_with_its_reason_and_is_read_again_when_mended(
    director: Workbench, stream_folder: Path
) -> None:
    whole = (stream_folder / "production.json").read_text()
    (stream_folder / "production.json").write_text("{")
    assert "production.json" in str(listed(director).error)
    (stream_folder / "production.json").write_text(whole)
    assert listed(director).error is None


def test_no_streams_are_an_empty_list(director: Workbench) -> None:
    director.lifecycle.trash("film")
    assert director.stream_list.lines(with_spend=False) == []
    assert StreamActivity().last_kind is None


def test_after_a_change_only_its_stream_is_looked_at_and_read_again(
    director: Workbench, stream_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    director.streams.create("Second", "Once.")
    director.stream_list.lines()
    before = {line.id: (line, activity) for line, activity in director.stream_list.lines()}
    monkeypatch.setattr(stream_list, "read_stamps", None)  # nobody looks at the files of all
    approve(director)
    after = {line.id: (line, act) for line, act in director.stream_list.lines(look_at_files=False)}
    assert after["film"][0].approved == 1
    assert after["film"][1].last_verb == "approved"
    assert after["second"][0] is before["second"][0]
    assert after["second"][1] is before["second"][1]


def test_what_came_or_went_by_a_deed_is_listed_without_looking_at_the_files_of_all(
    director: Workbench, open_as: OpenAs
) -> None:
    other = open_as("ben", Role.DIRECTOR)
    director.stream_list.lines()
    other.streams.create("Second", "Once.")
    assert [line.id for line, _ in director.stream_list.lines(look_at_files=False)] == ["film", "second"]
    approve(other)
    other.lifecycle.rename("film", "feature")
    lines = director.stream_list.lines(look_at_files=False)
    assert [(line.id, line.approved) for line, _ in lines] == [("feature", 1), ("second", 0)]
    other.lifecycle.trash("feature")
    assert [line.id for line, _ in director.stream_list.lines(look_at_files=False)] == ["second"]


def test_a_reading_that_failed_is_made_up_for(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    director.stream_list.lines()
    approve(director)
    monkeypatch.setattr(stream_list, "read_standing", None)
    with pytest.raises(TypeError):
        director.stream_list.lines(look_at_files=False)
    monkeypatch.undo()
    [(line, _)] = director.stream_list.lines(look_at_files=False)
    assert line.approved == 1
