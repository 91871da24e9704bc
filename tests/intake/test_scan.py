from __future__ import annotations

import os
import shutil

from director_lib.domain.version import Kind, Origin
from director_lib.intake.scan import scan_stream
from director_lib.media.files import VersionFiles
from tests.intake.studio import Studio, write_clip, write_still


def test_new_files_become_undecided_current_versions(studio: Studio) -> None:
    write_still(studio.still(1))
    write_clip(studio.folder / "videos" / "segment_2.mp4")
    result = studio.scan()
    assert [(version.segment_id, version.kind) for version in result.new_versions] == [
        (1, Kind.KEYFRAME),
        (2, Kind.VIDEO),
    ]
    still = studio.current(1)
    assert still is not None
    assert (still.number, still.origin, still.width, still.height) == (1, Origin.FOUND, 64, 36)
    assert studio.verbs() == ["found", "found"]


def test_an_unchanged_stream_is_not_read_again(studio: Studio, monkeypatch) -> None:
    write_still(studio.still(1))
    studio.scan()

    def refuse(*_: object) -> None:
        raise AssertionError("an unchanged file was read")

    monkeypatch.setattr(VersionFiles, "add", refuse)
    result = studio.scan()
    assert (result.new_versions, result.changed, result.missing, result.oddities) == ((), (), (), ())


def test_changed_bytes_become_a_new_version_and_the_old_one_stays(studio: Studio) -> None:
    write_still(studio.still(1), "navy")
    studio.scan()
    write_still(studio.still(1), "maroon")
    result = studio.scan()
    assert result.changed == ((1, Kind.KEYFRAME),)
    assert [version.number for version in studio.versions()] == [1, 2]
    current = studio.current()
    assert current is not None
    assert current.number == 2


def test_bytes_that_were_there_before_make_that_version_current_again(studio: Studio) -> None:
    write_still(studio.still(1), "navy")
    kept = shutil.copy(studio.still(1), studio.folder / "kept.png")
    studio.scan()
    write_still(studio.still(1), "maroon")
    studio.scan()
    shutil.copy(kept, studio.still(1))
    result = studio.scan()
    assert result.new_versions == ()
    assert result.changed == ((1, Kind.KEYFRAME),)
    assert len(studio.versions()) == 2
    current = studio.current()
    assert current is not None
    assert current.number == 1
    assert studio.verbs()[-1] == "found_again"


def test_touching_a_file_changes_nothing(studio: Studio) -> None:
    write_still(studio.still(1))
    studio.scan()
    os.utime(studio.still(1), ns=(1, 1))
    result = studio.scan()
    assert result.changed == ()
    assert len(studio.versions()) == 1
    assert studio.verbs() == ["found"]


def test_a_damaged_file_is_reported_every_time_and_the_old_version_stays(studio: Studio) -> None:
    write_still(studio.still(1))
    studio.scan()
    studio.still(1).write_bytes(studio.still(1).read_bytes()[:60])
    first, second = studio.scan(), studio.scan()
    assert [odd.file for odd in first.oddities] == ["keyframes/segment_1_keyframe.png"]
    assert first.oddities == second.oddities
    current = studio.current()
    assert current is not None
    assert current.number == 1
    assert studio.verbs() == ["found", "file_damaged"]


def test_a_file_that_may_still_be_in_the_making_is_no_damaged_one_yet(studio: Studio) -> None:
    write_still(studio.still(1))
    studio.scan()
    studio.still(1).write_bytes(studio.still(1).read_bytes()[:60])
    result = scan_stream(
        studio.database, studio.files, studio.root, studio.stream, now=studio.clock(), settle_s=60
    )
    assert (result.oddities, result.unsettled) == ((), ((1, Kind.KEYFRAME),))
    assert studio.verbs() == ["found"]
    assert len(studio.scan().oddities) == 1


def test_a_damaged_file_that_is_completed_becomes_a_version(studio: Studio) -> None:
    whole = write_still(studio.folder / "whole.png").read_bytes()
    studio.still(1).parent.mkdir(parents=True)
    studio.still(1).write_bytes(whole[:60])
    assert studio.scan().new_versions == ()
    studio.still(1).write_bytes(whole)
    assert len(studio.scan().new_versions) == 1


def test_a_picture_in_the_place_of_a_clip_is_refused(studio: Studio) -> None:
    clip = studio.folder / "videos" / "segment_1.mp4"
    clip.parent.mkdir()
    shutil.copy(write_still(studio.folder / "picture.png"), clip)
    assert len(studio.scan().oddities) == 1
    assert studio.versions(1, Kind.VIDEO) == []


def test_a_deleted_file_is_missing_and_its_version_stays_current(studio: Studio) -> None:
    write_still(studio.still(1))
    studio.scan()
    studio.still(1).unlink()
    assert studio.scan().missing == ((1, Kind.KEYFRAME),)
    assert studio.scan().missing == ((1, Kind.KEYFRAME),)
    assert studio.current() is not None
    assert studio.verbs() == ["found", "file_missing"]


def test_a_deleted_file_that_comes_back_is_no_new_version(studio: Studio) -> None:
    content = write_still(studio.still(1)).read_bytes()
    studio.scan()
    studio.still(1).unlink()
    studio.scan()
    studio.still(1).write_bytes(content)
    result = studio.scan()
    assert (result.missing, result.changed) == ((), ())
    assert len(studio.versions()) == 1


def test_archived_files_are_numbered_before_the_current_one(studio: Studio) -> None:
    archive = studio.folder / "keyframes" / "versions"
    write_still(archive / "segment_1_20260102_100000.png", "teal")
    write_still(archive / "segment_1_20260101_100000.png", "maroon")
    write_still(studio.still(1), "navy")
    studio.scan()
    current = studio.current()
    assert current is not None
    assert current.number == 3
    assert len({version.sha256 for version in studio.versions()}) == 3


def test_an_archived_copy_of_the_current_file_is_no_second_version(studio: Studio) -> None:
    write_still(studio.still(1), "navy")
    archive = studio.folder / "keyframes" / "versions"
    archive.mkdir()
    shutil.copy(studio.still(1), archive / "segment_1_20260102_100000.png")
    studio.scan()
    assert [version.number for version in studio.versions()] == [1]


def test_archived_files_are_taken_in_once(studio: Studio) -> None:
    write_still(studio.still(1), "navy")
    studio.scan()
    write_still(studio.folder / "keyframes" / "versions" / "segment_1_20260102_100000.png", "teal")
    write_still(studio.still(1), "maroon")
    studio.scan()
    assert [version.number for version in studio.versions()] == [1, 2]


def test_a_damaged_archived_file_is_left_out(studio: Studio) -> None:
    archive = studio.folder / "keyframes" / "versions"
    archive.mkdir(parents=True)
    (archive / "segment_1_20260102_100000.png").write_bytes(b"no picture")
    write_still(studio.still(1))
    studio.scan()
    assert [version.number for version in studio.versions()] == [1]


def test_a_file_still_being_written_is_left_for_the_next_scan(studio: Studio, monkeypatch) -> None:
    write_still(studio.still(1))
    add = VersionFiles.add

    def add_while_it_grows(*arguments: object) -> object:
        stored = add(*arguments)
        with studio.still(1).open("ab") as file:
            file.write(b"more")
        return stored

    monkeypatch.setattr(VersionFiles, "add", add_while_it_grows)
    assert studio.scan().new_versions == ()
    monkeypatch.undo()
    assert len(studio.scan().new_versions) == 1


def test_an_asset_with_a_pending_version_is_passed_over(studio: Studio) -> None:
    write_still(studio.still(1), "navy")
    studio.scan()
    with studio.database.write() as connection:
        from director_lib.store.versions import get_asset_id, set_pending

        version = studio.versions()[0]
        set_pending(connection, get_asset_id(connection, version.id), version.id)
    write_still(studio.still(1), "maroon")
    assert studio.scan().new_versions == ()
