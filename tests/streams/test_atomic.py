from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director_lib.errors import StorageError
from director_lib.streams import atomic
from director_lib.streams.atomic import atomic_write, place_file


def _refusing(number: int) -> Callable[..., Any]:
    def refuse(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def test_new_bytes_replace_the_old_ones_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    atomic_write(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_is_made_with_the_usual_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.write_bytes(b"")
    atomic_write(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == usual.stat().st_mode


def test_an_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    atomic_write(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to(real / "a")
    atomic_write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (real / "a").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.ENOSPC, "the disk is full.*Free some space"),
        (errno.EROFS, "read-only.*Make it writable"),
        (errno.EACCES, "not permitted.*write permission"),
        (errno.EIO, "Check the disk"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_refusing_disk_leaves_the_old_file_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str, step: str
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(atomic.os, step, _refusing(number))
    with pytest.raises(StorageError, match=why) as caught:
        atomic_write(path, b"new")
    assert str(path) in caught.value.user_message
    assert "untouched" in caught.value.user_message
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_while_writing_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic_write(tmp_path / "a", b"new")
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_synced_before_it_is_renamed_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real_fsync(descriptor)

    def replace(source: Path, target: Path) -> None:
        steps.append("rename")
        real_replace(source, target)

    monkeypatch.setattr(atomic.os, "fsync", fsync)
    monkeypatch.setattr(atomic.os, "replace", replace)
    atomic_write(tmp_path / "a", b"new")
    assert steps == ["file", "rename", "folder"]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EIO])
def test_a_folder_that_cannot_be_synced_is_an_error_only_when_the_disk_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        real_fsync(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", fsync)
    if number == errno.EIO:
        with pytest.raises(StorageError, match="did not confirm"):
            atomic_write(tmp_path / "a", b"new")
    else:
        atomic_write(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="its folder does not exist"):
        atomic_write(tmp_path / "nowhere" / "a", b"")


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="not a folder"):
        atomic_write(tmp_path / "file" / "a", b"")


def test_a_very_long_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 120)
    atomic_write(path, b"new")
    assert path.read_bytes() == b"new"


def test_placing_copies_the_file_and_makes_its_folder(tmp_path: Path) -> None:
    source = tmp_path / "made.png"
    source.write_bytes(b"pixels" * 400_000)
    target = tmp_path / "keyframes" / "segment_1_keyframe.png"
    place_file(source, target)
    assert target.read_bytes() == source.read_bytes()
    assert list(target.parent.iterdir()) == [target]


def test_placing_a_missing_file_leaves_the_target(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    target.write_bytes(b"old")
    with pytest.raises(StorageError, match=r"gone\.png cannot be read"):
        place_file(tmp_path / "gone.png", target)
    assert target.read_bytes() == b"old"


def test_placing_on_a_full_disk_leaves_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "new.png", tmp_path / "k" / "a.png"
    source.write_bytes(b"new")
    target.parent.mkdir()
    target.write_bytes(b"old")
    monkeypatch.setattr(atomic.os, "fsync", _refusing(errno.ENOSPC))
    with pytest.raises(StorageError, match="disk is full"):
        place_file(source, target)
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_placing_never_makes_a_whole_tree(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"x")
    with pytest.raises(StorageError, match="its folder does not exist"):
        place_file(tmp_path / "s", tmp_path / "no" / "such" / "file.png")
    assert not (tmp_path / "no").exists()
