from __future__ import annotations

import os
from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.errors import (
    DirectorError,
    InvalidIdError,
    NotFoundError,
    PermissionDeniedError,
    StorageError,
)
from tests.lifecycle.house import House

BAD_IDS = [
    "..",
    ".",
    "",
    "../film",
    "a/b",
    ".trash",
    "/etc",
    "film~20261121T101500Z-ab12",
    "a\x00b",
    "x" * 101,
]


@pytest.mark.parametrize("bad", BAD_IDS)
def test_an_id_that_could_leave_the_folder_is_refused_everywhere(house: House, bad: str) -> None:
    lifecycle = house.lifecycle()
    entry = lifecycle.trash("film")
    house.make("film")
    for move in (
        lambda: lifecycle.rename(bad, "other"),
        lambda: lifecycle.rename("film", bad),
        lambda: lifecycle.trash(bad),
        lambda: lifecycle.archive(bad),
        lambda: lifecycle.restore(entry.id, new_id=bad),
    ):
        with pytest.raises(InvalidIdError):
            move()
    assert sorted(path.name for path in house.root.iterdir()) == [".locks", ".moves", ".trash", "film"]
    assert [found.id for found in lifecycle.list_trash()] == [entry.id]


@pytest.mark.parametrize(
    "bad", ["..", "film", "../../film~20261121T101500Z-ab12", "film~20261121T101500Z-ab12/..", "~"]
)
def test_an_entry_id_that_is_none_is_refused(house: House, bad: str) -> None:
    lifecycle = house.lifecycle()
    for refused in (lifecycle.restore, lifecycle.purge):
        with pytest.raises(InvalidIdError):
            refused(bad)


def test_an_unknown_stream_or_entry_is_named(house: House) -> None:
    lifecycle = house.lifecycle()
    with pytest.raises(NotFoundError, match="nothing"):
        lifecycle.trash("nothing")
    with pytest.raises(NotFoundError, match="ab12"):
        lifecycle.restore("film~20261121T101500Z-ab12")


def test_a_linked_stream_moves_as_a_link_and_its_target_stays(house: House) -> None:
    (house.root / "alias").symlink_to("film")
    lifecycle = house.lifecycle()
    entry = lifecycle.trash("alias")
    assert (house.root / ".trash" / entry.id).is_symlink()
    assert house.notes("film") == ["mine"]
    lifecycle.restore(entry.id, new_id="second")
    assert (house.root / "second").readlink() == Path("film")
    lifecycle.purge(lifecycle.trash("second").id)
    assert not os.path.lexists(house.root / ".trash" / entry.id)
    assert (house.root / "film" / "production.json").is_file()


def test_a_link_out_of_the_root_is_refused(house: House, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "production.json").write_text("{}")
    (house.root / "sly").symlink_to(outside)
    with pytest.raises(InvalidIdError):
        house.lifecycle().trash("sly")
    assert (house.root / "sly").is_symlink()
    assert (outside / "production.json").is_file()


def test_a_trash_that_is_a_link_is_refused(house: House, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (house.root / ".trash").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="link"):
        house.lifecycle().trash("film")
    assert house.notes("film") == ["mine"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_run_batches_move_and_only_an_admin_purges(house: House, role: Role) -> None:
    entry = house.lifecycle().trash("film")
    lifecycle = house.lifecycle(role)
    may_move = role in (Role.DIRECTOR, Role.PRODUCER, Role.ADMIN)
    assert [found.id for found in lifecycle.list_trash()] == [entry.id]
    if may_move:
        lifecycle.restore(entry.id)
        lifecycle.rename("film", "feature")
        lifecycle.restore(lifecycle.archive("feature").id)
        entry = lifecycle.trash("feature")
    else:
        for move in (
            lambda: lifecycle.restore(entry.id),
            lambda: lifecycle.rename("film", "feature"),
            lambda: lifecycle.trash("film"),
            lambda: lifecycle.archive("film"),
        ):
            with pytest.raises(PermissionDeniedError):
                move()
    if role is Role.ADMIN:
        lifecycle.purge(entry.id)
    else:
        with pytest.raises(PermissionDeniedError):
            lifecycle.purge(entry.id)


def test_a_place_under_the_roots_lock_is_no_stream(house: House) -> None:
    with pytest.raises(DirectorError):
        house.lifecycle().rename("film", ".locks")
