from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.delivery.stowed import Place
from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.errors import (
    InvalidIdError,
    NotFoundError,
    RuleError,
    StorageError,
)
from director_lib.workbench.lifecycle import LONGEST_REASON
from tests.lifecycle.house import START, House


def test_a_renamed_stream_keeps_its_decisions_versions_and_files(house: House) -> None:
    before = (house.root / "film" / "production.json").read_bytes()
    house.lifecycle().rename("film", "feature")
    assert house.notes("feature") == ["mine"]
    assert house.decisions("film") == []
    assert not (house.root / "film").exists()
    assert (house.root / "feature" / "production.json").read_bytes() == before
    assert house.verbs("feature") == ["found", "approved_with_notes", "renamed_stream"]


def test_a_renamed_stream_is_not_taken_in_again(house: House) -> None:
    house.lifecycle().rename("film", "feature")
    scanned = house.open_as(Role.DIRECTOR).streams.scan("feature")
    assert (scanned.new_versions, scanned.changed) == ((), ())
    assert [asset.approved for asset in _stills(house, "feature")] == [True]


def test_a_stream_in_the_trash_is_no_stream_any_more(house: House) -> None:
    entry = house.lifecycle().trash("film", "  shot twice ")
    assert house.open_as(Role.VIEWER).streams.list_ids() == []
    assert (entry.stream_id, entry.reason, entry.actor) == ("film", "shot twice", "admin-person")
    assert entry.place is Place.TRASH
    assert entry.stowed_at > START
    with pytest.raises(InvalidIdError):
        house.open_as(Role.VIEWER).streams.get(entry.id)


def test_a_created_again_id_has_no_decisions_versions_or_events(house: House) -> None:
    house.lifecycle().trash("film")
    house.make("film")  # the very same picture
    assert not house.is_known("film")
    workbench = house.open_as(Role.DIRECTOR)
    workbench.streams.scan("film")
    [still] = [asset for asset in _stills(house, "film") if asset.has_version]
    assert not still.approved
    assert house.verbs("film") == ["found"]
    assert house.decisions("film") == []


def test_restoring_from_the_trash_brings_decisions_and_files_back(house: House) -> None:
    lifecycle = house.lifecycle()
    before = (house.root / "film" / "production.json").read_bytes()
    entry = lifecycle.trash("film")
    assert lifecycle.restore(entry.id) == "film"
    assert house.notes("film") == ["mine"]
    assert (house.root / "film" / "production.json").read_bytes() == before
    assert house.verbs("film")[-2:] == ["trashed_stream", "restored_stream"]
    assert lifecycle.list_trash() == []
    assert not house.is_known(entry.id)


def test_a_restore_never_replaces_the_stream_that_has_the_id_now(house: House) -> None:
    lifecycle = house.lifecycle()
    entry = lifecycle.trash("film")
    house.make("film", "teal")
    house.approve("film", "new")
    with pytest.raises(RuleError, match="choose another id"):
        lifecycle.restore(entry.id)
    assert house.notes("film") == ["new"]
    assert lifecycle.restore(entry.id, new_id="film-1") == "film-1"
    assert house.notes("film-1") == ["mine"]
    assert house.notes("film") == ["new"]


def test_a_folder_that_is_no_stream_is_not_written_over_either(house: House) -> None:
    (house.root / "notes").mkdir()
    with pytest.raises(RuleError):
        house.lifecycle().rename("film", "notes")
    assert house.notes("film") == ["mine"]


def test_the_archive_is_kept_apart_from_the_trash_and_never_purged(house: House) -> None:
    lifecycle = house.lifecycle()
    entry = lifecycle.archive("film", "delivered")
    assert lifecycle.list_trash() == []
    assert [kept.id for kept in lifecycle.list_archive()] == [entry.id]
    with pytest.raises(RuleError, match="archive"):
        lifecycle.purge(entry.id)
    assert lifecycle.restore(entry.id) == "film"
    assert house.verbs("film")[-2:] == ["archived_stream", "restored_stream"]
    assert house.notes("film") == ["mine"]


def test_purging_removes_the_folder_and_keeps_the_history(house: House) -> None:
    lifecycle = house.lifecycle()
    entry = lifecycle.trash("film")
    versions = sorted(house.settings.media_dir.rglob("*.png"))
    lifecycle.purge(entry.id)
    assert list((house.root / ".trash").iterdir()) == []
    assert lifecycle.list_trash() == []
    assert house.notes(entry.id) == ["mine"]
    assert house.verbs(entry.id)[-2:] == ["trashed_stream", "purged_stream"]
    assert sorted(house.settings.media_dir.rglob("*.png")) == versions
    for refused in (lifecycle.restore, lifecycle.purge):
        with pytest.raises(NotFoundError):
            refused(entry.id)


def test_the_trash_lists_the_latest_first(house: House) -> None:
    lifecycle = house.lifecycle()
    for stream_id in ("b", "a"):
        house.make(stream_id)
    ids = [lifecycle.trash(stream_id).id for stream_id in ("b", "film", "a")]
    assert [entry.id for entry in lifecycle.list_trash()] == ids[::-1]
    assert [entry.stream_id for entry in lifecycle.list_trash()] == ["a", "film", "b"]


def test_foreign_things_in_the_trash_folder_are_left_alone(house: House) -> None:
    lifecycle = house.lifecycle()
    entry = lifecycle.trash("film")
    (house.root / ".trash" / "README").write_text("look here")
    (house.root / ".trash" / "old").mkdir()
    assert [found.id for found in lifecycle.list_trash()] == [entry.id]


def test_an_entry_that_the_database_does_not_know_is_listed_by_its_name(house: House) -> None:
    (house.root / ".trash" / "gone~20261101T080910Z-00ff").mkdir(parents=True)
    [entry] = house.lifecycle().list_trash()
    assert (entry.stream_id, entry.actor, entry.reason) == ("gone", "", "")
    assert entry.stowed_at.isoformat() == "2026-11-01T08:09:10+00:00"


def test_every_move_is_told_where_the_stream_is_and_the_log_stays_sound(house: House) -> None:
    lifecycle = house.lifecycle()
    entry = lifecycle.trash("film")
    lifecycle.restore(entry.id, new_id="film-2")
    lifecycle.rename("film-2", "film-3")
    assert house.verbs("film-3")[2:] == ["trashed_stream", "restored_stream", "renamed_stream"]
    assert house.log_faults() == []


def test_what_is_left_of_an_id_whose_folder_vanished_is_not_mixed_with_a_stream_renamed_to_it(
    house: House,
) -> None:
    house.make("other", "teal")
    house.approve("other", "theirs")
    (house.root / "other").rename(house.root.parent / "elsewhere")
    house.lifecycle().rename("film", "other")
    assert house.notes("other") == ["mine"]


def test_drafts_checkpoints_and_undo_steps_move_too(house: House) -> None:
    workbench = house.open_as(Role.DIRECTOR)
    workbench.prompts.save_draft("film", 1, "image_prompt", "a calm sea", "a sea")
    house.lifecycle().rename("film", "feature")
    assert workbench.prompts.drafts("feature")
    assert workbench.prompts.drafts("film") == []
    assert workbench.reviews.undo()
    assert [decision.undoes is not None for decision in house.decisions("feature")] == [False, True]


def test_a_folder_that_the_disk_does_not_let_go_leaves_everything_as_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    lifecycle = house.lifecycle()
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StorageError, match="Nothing was moved"):
        lifecycle.trash("film")
    monkeypatch.undo()
    assert house.notes("film") == ["mine"]
    assert lifecycle.list_trash() == []
    assert lifecycle.repair() == []
    assert house.verbs("film")[-2:] == ["trashed_stream", "move_taken_back"]


def test_a_long_reason_is_cut(house: House) -> None:
    assert len(house.lifecycle().trash("film", "x" * 9999).reason) == LONGEST_REASON


def _stills(house: House, stream_id: str) -> list:
    return list(house.open_as(Role.VIEWER).reviews.standing(stream_id).assets(Kind.KEYFRAME).values())
