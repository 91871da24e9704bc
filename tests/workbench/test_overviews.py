"""The list of streams keeps what it summarised, and never says what is no longer so."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.store.overview import Revision, read_revision, revisions_by_stream
from director_lib.store.versions import clear_pending, get_asset_id, set_current, set_pending
from director_lib.workbench import Workbench, standing
from director_lib.workbench import streams as streams_module
from director_lib.workbench.streams import StreamOverview
from tests.workbench.conftest import OpenAs, write_still

STILL = Kind.KEYFRAME


def listed(workbench: Workbench) -> StreamOverview:
    [overview] = workbench.streams.overviews()
    return overview


def approve(workbench: Workbench, segment_id: int = 1) -> None:
    version = workbench.reviews.standing("film").version(segment_id, STILL)
    assert version is not None
    workbench.reviews.decide("film", STILL, {segment_id: version.sha256}, DecisionKind.APPROVED)


def test_a_stream_that_nothing_happened_to_is_not_summarised_again(
    director: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def counting(*arguments: object) -> standing.StreamStanding:
        read.append(arguments)
        return standing.read_standing(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(streams_module, "read_standing", counting)
    first = listed(director)
    assert listed(director) == first
    assert len(read) == 1
    director.prompts.save_draft("film", 1, "image_prompt", "a lake", "a sea, part 1")
    assert listed(director) == first
    assert len(read) == 1
    approve(director)
    assert listed(director).approved == 1
    assert len(read) == 2


def test_what_others_do_is_listed_at_once(director: Workbench, open_as: OpenAs) -> None:
    assert listed(director).approved == 0
    other = open_as("ben", Role.DIRECTOR)
    approve(other)
    assert listed(director).approved == 1
    other.reviews.undo()
    assert listed(director).approved == 0


def test_a_changed_file_and_a_changed_quorum_are_listed_at_once(
    director: Workbench, stream_folder: Path
) -> None:
    approve(director)
    before = listed(director)
    assert (before.approved, before.total) == (1, 8)
    director.checkpoints.set_approvals_needed("film", 2)
    assert listed(director).approved == 0
    director.checkpoints.set_approvals_needed("film", 1)
    spec = stream_folder / "production.json"
    spec.write_text(spec.read_text().replace('"id": 4', '"id": 5'))
    assert listed(director).stream != before.stream
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "olive")
    director.streams.scan("film")
    assert listed(director).approved == 0


def test_a_version_that_becomes_current_without_an_event_of_its_own_is_listed(director: Workbench) -> None:
    write_still(director.studio.root.path("film") / "keyframes" / "segment_1_keyframe.png", "olive")
    director.streams.scan("film")
    first, second = director.reviews.versions("film", 1, STILL)
    database = director.studio.database
    with database.write() as connection:
        asset_id = get_asset_id(connection, first.id)
        set_pending(connection, asset_id, first.id)
    assert listed(director).cover == second
    with database.write() as connection:
        set_current(connection, asset_id, first.id)
        clear_pending(connection, asset_id)
    assert listed(director).cover == first


def test_each_stream_has_its_own_revision_and_the_list_says_the_same_as_each(director: Workbench) -> None:
    folder = director.studio.root.path("film")
    for name in ("another", "zoo", "empty"):
        (folder.with_name(name) / "keyframes").mkdir(parents=True)
    for name in ("another", "zoo"):
        (folder.with_name(name) / "production.json").write_text((folder / "production.json").read_text())
        write_still(folder.with_name(name) / "keyframes" / "segment_1.png", "gold")
        director.streams.scan(name)
    director.people.add("gina", Role.VIEWER, "a long password")
    with director.studio.database.read() as connection:
        found = revisions_by_stream(connection)
        assert found == {name: read_revision(connection, name) for name in ("another", "film", "zoo")}
        assert read_revision(connection, "empty") == Revision()
    assert len({revision.event_seq for revision in found.values()}) == 3
