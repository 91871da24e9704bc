"""Versions as use cases: facts, comparison, copies, and files that are lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.domain.version import Kind, Version
from director_lib.errors import InputError, LostFileError, NotFoundError, StorageError
from director_lib.media.files import hash_file
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs, write_still


@pytest.fixture
def two(director: Workbench, stream_folder: Path) -> tuple[Version, Version]:
    """Two versions of the first still; the second is current."""
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "gold")
    director.streams.scan("film")
    older, newer = director.versions.of_asset("film", 1, Kind.KEYFRAME)
    return older, newer


def spoil(workbench: Workbench, version: Version) -> Path:
    """Change a stored file without changing its size."""
    path = workbench.studio.files.get(version.sha256, version.extension)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    return path


def test_a_version_is_found_by_its_number(director: Workbench, two: tuple[Version, Version]) -> None:
    assert director.versions.get("film", 1, Kind.KEYFRAME, 2) == two[1]
    with pytest.raises(NotFoundError, match="3 of the keyframe of segment 1 of film"):
        director.versions.get("film", 1, Kind.KEYFRAME, 3)
    assert director.versions.of_asset("film", 1, Kind.VIDEO) == []


def test_two_versions_are_compared_and_equal_facts_are_told_as_equal(
    director: Workbench, two: tuple[Version, Version]
) -> None:
    found = {one.name: one for one in director.versions.compare(two[0].id, two[1].id)}
    assert not found["sha256"].equal
    assert (found["sha256"].before, found["sha256"].after) == (two[0].sha256, two[1].sha256)
    assert found["found_as"].equal
    assert found["dimensions"].after == "64 × 36"


def test_everything_known_can_be_copied_as_text(director: Workbench, two: tuple[Version, Version]) -> None:
    lines = director.versions.as_text(two[0].id).splitlines()
    assert lines[0] == "Version 1 of the keyframe of segment 1 of film"
    assert "Found as: keyframes/segment_1_keyframe.png" in lines
    assert f"SHA-256: {two[0].sha256}" in lines


def test_a_copy_gets_a_clear_name_and_replaces_nothing(
    director: Workbench, two: tuple[Version, Version], tmp_path: Path
) -> None:
    copy = director.versions.save_copy(two[0], tmp_path)
    assert copy == tmp_path / "film_keyframe_001_v1.png"
    assert hash_file(copy) == two[0].sha256
    with pytest.raises(InputError, match="exists already"):
        director.versions.save_copy(two[1], copy)
    assert hash_file(copy) == two[0].sha256
    with pytest.raises(StorageError, match="could not be written"):
        director.versions.save_copy(two[0], tmp_path / "nowhere" / "copy.png")


def test_a_lost_file_is_told_and_neither_copied_nor_restored(
    director: Workbench, two: tuple[Version, Version], tmp_path: Path
) -> None:
    older, newer = two
    assert director.versions.check_files(read=True).faults == ()
    spoil(director, older)
    assert director.versions.find_fault(older) is None, "a look at the size costs nothing and sees this much"
    assert director.versions.find_fault(older, read=True) == "damaged"
    assert director.versions.check_files(read=True).faults == ((older, "damaged"),)
    for use in (
        lambda: director.reviews.restore(older.id),
        lambda: director.versions.save_copy(older, tmp_path),
    ):
        with pytest.raises(LostFileError, match="is damaged in the version store"):
            use()
    assert list(tmp_path.glob("film_*")) == []
    assert director.reviews.standing("film").version(1, Kind.KEYFRAME) == newer
    director.studio.files.get(older.sha256, older.extension).unlink()
    assert director.versions.find_fault(older) == "missing"
    assert director.versions.check_files().faults == ((older, "missing"),)


def test_only_the_newest_are_looked_at_when_asked(director: Workbench, two: tuple[Version, Version]) -> None:
    director.studio.files.get(two[0].sha256, two[0].extension).unlink()
    found = director.versions.check_files(newest=1)
    assert (found.looked_at, found.faults) == (1, ())
    assert director.versions.check_files().looked_at == 4


def test_a_viewer_may_look_compare_and_copy(
    open_as: OpenAs, director: Workbench, two: tuple[Version, Version], tmp_path: Path
) -> None:
    viewer = open_as("vic", Role.VIEWER)
    assert viewer.versions.compare(two[0].id, two[1].id)
    assert viewer.versions.save_copy(two[0], tmp_path).is_file()
