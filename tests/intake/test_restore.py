from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest

from director_lib.domain.version import Kind
from director_lib.errors import LostFileError, NotFoundError, StorageError
from director_lib.intake import placing
from director_lib.intake.placing import finish_placements
from director_lib.media.files import hash_file
from tests.intake.crashes import PowerCut, PowerCutError
from tests.intake.studio import Studio, write_still


@pytest.fixture
def two_versions(studio: Studio) -> Studio:
    for color in ("navy", "maroon"):
        write_still(studio.still(), color)
        studio.scan()
    return studio


def test_an_older_version_becomes_current_with_its_file(two_versions: Studio) -> None:
    older, newer = two_versions.versions()
    two_versions.restore(older)
    assert two_versions.current() == older
    assert hash_file(two_versions.still()) == older.sha256
    assert two_versions.versions() == [older, newer]
    assert two_versions.verbs()[-1] == "restored"


def test_restoring_there_and_back_prunes_nothing(two_versions: Studio) -> None:
    older, newer = two_versions.versions()
    two_versions.restore(older)
    two_versions.restore(newer)
    assert two_versions.current() == newer
    assert two_versions.versions() == [older, newer]
    assert all(two_versions.files.get(item.sha256, item.extension).is_file() for item in (older, newer))


def test_a_scan_after_a_restore_changes_nothing(two_versions: Studio) -> None:
    two_versions.restore(two_versions.versions()[0])
    assert two_versions.scan().changed == ()


def test_a_deleted_file_can_be_put_back(two_versions: Studio) -> None:
    current = two_versions.current()
    assert current is not None
    two_versions.still().unlink()
    two_versions.restore(current)
    assert hash_file(two_versions.still()) == current.sha256
    assert two_versions.scan().missing == ()


def test_a_current_version_whose_file_was_noted_missing_is_put_back_and_told(two_versions: Studio) -> None:
    current = two_versions.current()
    assert current is not None
    content = two_versions.still(1).read_bytes()
    two_versions.still(1).unlink()
    assert two_versions.scan().missing == ((1, Kind.KEYFRAME),)
    two_versions.restore(current)
    assert two_versions.still(1).read_bytes() == content
    assert two_versions.verbs()[-2:] == ["file_missing", "put_back"]
    assert two_versions.scan().missing == ()


def test_a_file_that_nobody_had_read_yet_survives_a_restore(two_versions: Studio) -> None:
    dropped = hash_file(write_still(two_versions.still(), "teal"))
    two_versions.restore(two_versions.versions()[0])
    assert dropped in [version.sha256 for version in two_versions.versions()]


def test_a_version_whose_file_was_archived_away_says_so_and_changes_nothing(two_versions: Studio) -> None:
    older, newer = two_versions.versions()
    two_versions.files.get(older.sha256, older.extension).unlink()
    with pytest.raises(LostFileError, match="version 1 of the keyframe of segment 1 of harbour is missing"):
        two_versions.restore(older)
    assert two_versions.current() == newer


def test_a_disk_that_refuses_leaves_everything_as_it_was(
    two_versions: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = two_versions.versions()

    def refuse(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(placing, "place_file", refuse)
    with pytest.raises(StorageError):
        two_versions.restore(older)
    monkeypatch.undo()
    assert two_versions.current() == newer
    assert (
        finish_placements(
            two_versions.database, two_versions.files, two_versions.root, now=two_versions.clock()
        )
        == []
    )
    assert two_versions.current() == newer
    assert two_versions.verbs()[-1] == "restore_failed"


def test_a_version_that_does_not_exist_is_refused(two_versions: Studio) -> None:
    missing = two_versions.versions()[0]
    object.__setattr__(missing, "id", 999)
    with pytest.raises(NotFoundError):
        two_versions.restore(missing)


def test_a_power_cut_at_any_step_of_a_restore_is_finished_or_never_was(
    two_versions: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    power, n_steps, was_cut = PowerCut(monkeypatch), 0, True
    while was_cut:
        wanted = next(item for item in two_versions.versions() if item != two_versions.current())
        before = two_versions.current()
        power.arm(n_steps)
        with contextlib.suppress(PowerCutError):
            two_versions.restore(wanted)
        was_cut = power.was_cut
        power.disarm()
        now = two_versions.clock()
        assert finish_placements(two_versions.database, two_versions.files, two_versions.root, now=now) == []
        current = two_versions.current()
        assert current in (before, wanted)
        assert current is not None
        assert hash_file(two_versions.still()) == current.sha256
        assert two_versions.scan().changed == ()
        n_steps += 1
    assert n_steps > 4
    assert len(two_versions.versions()) == 2


def test_a_placement_that_cannot_be_finished_keeps_the_others_going(
    two_versions: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    power = PowerCut(monkeypatch)
    power.arm(3)
    with contextlib.suppress(PowerCutError):
        two_versions.restore(two_versions.versions()[0])
    power.disarm()
    hidden = shutil.move(two_versions.folder, tmp_path / "elsewhere")
    now = two_versions.clock()
    refused = finish_placements(two_versions.database, two_versions.files, two_versions.root, now=now)
    assert [error.code for error in refused] == ["not_found"]
    shutil.move(hidden, two_versions.folder)
    assert finish_placements(two_versions.database, two_versions.files, two_versions.root, now=now) == []
    current = two_versions.current()
    assert current is not None
    assert current.number == 1
