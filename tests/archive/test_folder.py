"""A folder as archive, and what holds of moving whatever goes wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from director_lib.delivery import archive_moving
from director_lib.delivery.archive_jobs import open_mover
from director_lib.delivery.archive_place import FolderPlace
from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind, Version
from director_lib.errors import InputError, PermissionDeniedError, RuleError, StorageError
from director_lib.store.archived_files import list_archived
from director_lib.workbench import Workbench
from tests.archive.conftest import OpenShelf, Shelf


@pytest.fixture
def old(shelf: Shelf) -> Version:
    """The one version that may go."""
    version = shelf.add(b"old" * 1000)
    shelf.add(b"new")
    return version


def copy_of(archive: Path, version: Version) -> Path:
    return archive / "versions" / version.sha256[:2] / f"{version.sha256}.png"


def test_a_file_goes_into_the_trash_only_after_its_copy_was_read(
    shelf: Shelf, old: Version, film_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(self: FolderPlace, name: str, source: Path, _sent: object) -> None:
        target = film_archive / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"odd" * 1000)

    monkeypatch.setattr(FolderPlace, "put", spoiled)
    report = shelf.archive(keep=1)
    assert report.n_files == 0
    assert "other bytes" in report.troubles[0]
    assert shelf.path(old).is_file()
    assert shelf.workbench.archive.list() == []


def test_what_arrived_in_an_interrupted_run_is_not_copied_again(
    shelf: Shelf, old: Version, film_archive: Path
) -> None:
    half = copy_of(film_archive, old).with_name(f"{old.sha256}.png.part")
    half.parent.mkdir(parents=True)
    half.write_bytes((b"old" * 1000)[:2000])
    stamp = half.stat().st_ino
    assert shelf.archive(keep=1).n_files == 1
    assert copy_of(film_archive, old).stat().st_ino == stamp
    assert copy_of(film_archive, old).read_bytes() == b"old" * 1000


def test_half_a_copy_of_something_else_is_noticed_and_replaced(
    shelf: Shelf, old: Version, film_archive: Path
) -> None:
    half = copy_of(film_archive, old).with_name(f"{old.sha256}.png.part")
    half.parent.mkdir(parents=True)
    half.write_bytes(b"x" * 2000)
    assert shelf.archive(keep=1).n_files == 1
    assert copy_of(film_archive, old).read_bytes() == b"old" * 1000


def test_a_damaged_version_is_not_archived(shelf: Shelf, old: Version) -> None:
    shelf.path(old).chmod(0o644)
    shelf.path(old).write_bytes(b"bad" * 1000)
    report = shelf.archive(keep=1)
    assert (report.n_files, len(report.troubles)) == (0, 1)
    assert "damaged in the version store" in report.troubles[0]
    assert shelf.path(old).is_file()


def test_a_disk_that_is_not_mounted_is_noticed(shelf: Shelf, old: Version, film_archive: Path) -> None:
    shelf.archive(keep=1)
    (film_archive / "director-archive.json").unlink()
    shelf.add(b"newest")
    with pytest.raises(StorageError, match="mounted"):
        shelf.archive(keep=1)
    os.rename(film_archive, film_archive.with_name("gone"))  # noqa: PTH104 -- a folder that goes away
    with pytest.raises(StorageError, match="mounted"):
        shelf.archive(keep=1)


def test_a_version_that_was_chosen_while_it_was_sent_stays(
    shelf: Shelf, old: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = FolderPlace.put

    def put_and_comment(self: FolderPlace, *arguments: object) -> None:
        put(self, *arguments)  # type: ignore[arg-type]
        shelf.workbench.comments.add("film", 1, Kind.KEYFRAME, "rather this", version_id=old.id)

    monkeypatch.setattr(FolderPlace, "put", put_and_comment)
    report = shelf.archive(keep=1)
    assert (report.n_files, report.left, report.troubles) == (0, 1, [])
    assert shelf.path(old).is_file()


def test_a_version_that_was_chosen_as_it_was_moved_is_put_back(
    shelf: Shelf, old: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    throw = archive_moving.Trash.throw

    def throw_late(self: archive_moving.Trash, *arguments: object) -> None:
        shelf.workbench.comments.add("film", 1, Kind.KEYFRAME, "rather this", version_id=old.id)
        throw(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(archive_moving.Trash, "throw", throw_late)
    shelf.archive(keep=1)
    assert shelf.path(old).read_bytes() == b"old" * 1000
    assert not shelf.workbench.archive.is_away(old)


def test_a_crash_before_the_file_moved_is_finished_by_the_next_run(
    shelf: Shelf, old: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive_moving.Trash, "throw", crash)
    with pytest.raises(KeyboardInterrupt):
        shelf.archive(keep=1)
    assert shelf.path(old).is_file()
    assert not shelf.workbench.archive.is_away(old)
    monkeypatch.undo()
    assert shelf.archive(keep=1).n_files == 1
    assert shelf.workbench.archive.is_away(old)


def test_the_trash_gives_nothing_up_that_the_archive_lost(
    shelf: Shelf, old: Version, film_archive: Path
) -> None:
    shelf.archive(keep=1)
    assert shelf.mover(lambda mover: mover.empty_trash(14)).n_files == 0
    shelf.later(days=15)
    copy_of(film_archive, old).unlink()
    kept = shelf.mover(lambda mover: mover.empty_trash(14))
    assert (kept.n_files, kept.left) == (0, 1)
    back = shelf.workbench.archive.bring_back_now([old.id], shelf.tell)
    assert back.n_files == 1
    assert shelf.path(old).read_bytes() == b"old" * 1000


def test_a_damaged_copy_never_comes_back(shelf: Shelf, old: Version, film_archive: Path) -> None:
    shelf.archive(keep=1)
    shelf.later(days=15)
    shelf.mover(lambda mover: mover.empty_trash(14))
    copy_of(film_archive, old).write_bytes(b"bad" * 1000)
    looked = shelf.workbench.archive.verify(shelf.tell)
    assert (looked.n_files, len(looked.troubles)) == (0, 1)
    report = shelf.workbench.archive.bring_back_now([old.id], shelf.tell)
    assert (report.n_files, len(report.troubles)) == (0, 1)
    assert not shelf.path(old).exists()
    assert shelf.workbench.archive.is_away(old)


def test_an_archived_version_is_told_as_such_and_never_as_lost(shelf: Shelf, old: Version) -> None:
    shelf.archive(keep=1)
    assert shelf.workbench.versions.find_fault(old) == "archived"
    assert shelf.workbench.versions.check_files(read=True).faults == ()
    with pytest.raises(RuleError, match="Bring it back first"):
        shelf.workbench.reviews.restore(old.id)
    shelf.workbench.archive.bring_back_now([old.id], shelf.tell)
    assert shelf.workbench.versions.find_fault(old) is None
    with pytest.raises(InputError, match="files are here"):
        shelf.workbench.archive.bring_back_now([old.id], shelf.tell)


def test_only_one_run_moves_files(shelf: Shelf, old: Version) -> None:
    with FileLock(shelf.settings.beside(".archive.lock")), pytest.raises(RuleError, match="at work already"):
        shelf.archive(keep=1)
    assert shelf.path(old).is_file()


def test_what_somebody_counts_on_stays(shelf: Shelf) -> None:
    shelf.workbench.streams.scan("film")
    chosen, plain, newest = (shelf.add(name) for name in (b"chosen", b"plain", b"newest"))
    shelf.workbench.reviews.restore(chosen.id)
    approved, said, passed, last = (shelf.add(name, 2) for name in (b"approved", b"said", b"passed", b"last"))
    shelf.workbench.reviews.restore(approved.id)
    shelf.workbench.reviews.decide("film", Kind.KEYFRAME, {2: approved.sha256}, DecisionKind.APPROVED)
    shelf.workbench.comments.add("film", 2, Kind.KEYFRAME, "hm", version_id=said.id)
    shelf.workbench.reviews.restore(last.id)
    going = {item.key[0] for item in shelf.workbench.archive.plan(1).items}
    assert {plain.sha256, passed.sha256} <= going
    assert not going & {one.sha256 for one in (chosen, newest, approved, said, last)}


def test_the_plan_touches_nothing_and_says_how_much_room_it_makes(shelf: Shelf, old: Version) -> None:
    plan = shelf.workbench.archive.plan(1)
    assert [item.size_bytes for item in plan.items] == [old.size_bytes] == [plan.size_bytes]
    assert shelf.path(old).is_file()
    with pytest.raises(InputError):
        shelf.workbench.archive.plan(0)


def test_what_was_moved_is_recorded_with_who_did_it(shelf: Shelf, old: Version, film_archive: Path) -> None:
    shelf.archive(keep=1)
    with shelf.workbench.studio.database.read() as connection:
        [file] = list_archived(connection)
    assert (file.archived_by, file.place, file.size_bytes) == ("dora", film_archive.as_uri(), 3000)
    gauge = shelf.workbench.archive.gauge()
    assert (gauge.archived_files, gauge.archived_bytes, gauge.trash_bytes) == (1, 3000, 3000)
    assert gauge.disk.growth_bytes_per_day > 0


def test_a_viewer_may_look_and_not_move(shelf: Shelf, old: Version) -> None:
    viewer = Workbench.open(shelf.settings, Actor("vera", Role.VIEWER))
    assert len(viewer.archive.plan(1).items) == 1
    for deed in (
        viewer.archive.start,
        lambda: viewer.archive.run(shelf.tell),
        lambda: viewer.archive.bring_back([old.id]),
    ):
        with pytest.raises(PermissionDeniedError):
            deed()
    viewer.close()


def test_without_an_archive_nothing_is_begun(open_shelf: OpenShelf) -> None:
    shelf = open_shelf("")
    with pytest.raises(Exception, match="DIRECTOR_ARCHIVE_URL"):
        shelf.workbench.archive.start()


def test_a_file_in_another_archive_is_told_with_its_place(
    shelf: Shelf, old: Version, film_archive: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    moved = shelf.workbench.archive.run(shelf.tell, keep=1, url=other.as_uri())
    assert moved.n_files == 1
    shelf.later(days=15)
    elsewhere = other.as_uri()
    with open_mover(shelf.settings, elsewhere, clock=shelf.clock) as mover:
        assert mover.empty_trash(14).n_files == 1
    refused = shelf.workbench.archive.bring_back_now([old.id], shelf.tell)
    assert elsewhere in refused.troubles[0]
    back = shelf.workbench.archive.bring_back_now([old.id], shelf.tell, url=elsewhere)
    assert back.n_files == 1
