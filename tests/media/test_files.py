"""The store of version files."""

from __future__ import annotations

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.errors import InputError, NotFoundError, StorageError
from director_lib.media.files import VersionFiles, hash_file


def _source(tmp_path: Path, data: bytes = b"a still") -> Path:
    path = tmp_path / "source.png"
    path.write_bytes(data)
    return path


def test_a_file_lies_under_the_digest_of_its_bytes(files, tmp_path):
    stored = files.add(_source(tmp_path), ".png")
    digest = hashlib.sha256(b"a still").hexdigest()
    assert (stored.sha256, stored.size_bytes) == (digest, 7)
    assert stored.path == files.root / "versions" / digest[:2] / f"{digest}.png"
    assert stored.path == files.path(digest, ".png") == files.get(digest, ".png")
    assert stored.path.read_bytes() == b"a still"


def test_a_stored_file_is_read_only_and_the_source_stays(files, tmp_path):
    source = _source(tmp_path)
    stored = files.add(source, ".png")
    assert stat.S_IMODE(stored.path.stat().st_mode) == 0o444
    assert source.read_bytes() == b"a still"
    source.write_bytes(b"changed")
    assert stored.path.read_bytes() == b"a still"


def test_the_same_bytes_are_stored_once(files, tmp_path):
    first = files.add(_source(tmp_path), ".png")
    before = first.path.stat()
    second = files.add(_source(tmp_path), ".png")
    assert second == first
    assert (first.path.stat().st_ino, first.path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_damaged_copy_is_made_good_again(files, tmp_path):
    stored = files.add(_source(tmp_path), ".png")
    stored.path.chmod(0o644)
    stored.path.write_bytes(b"a st")
    assert files.add(_source(tmp_path), ".png").path.read_bytes() == b"a still"


def test_nothing_temporary_is_left(files, tmp_path):
    files.add(_source(tmp_path), ".png")
    assert [path.name for path in files.root.rglob("*") if path.is_file()] == [
        f"{hash_file(_source(tmp_path))}.png"
    ]


def test_many_may_add_the_same_file_at_once(files, tmp_path):
    source = _source(tmp_path, os.urandom(300_000))
    with ThreadPoolExecutor(8) as workers:
        stored = set(workers.map(lambda _: files.add(source, ".png"), range(24)))
    assert len(stored) == 1
    assert stored.pop().path.read_bytes() == source.read_bytes()
    assert len([path for path in files.root.rglob("*") if path.is_file()]) == 1


def test_a_missing_version_is_not_found(files):
    with pytest.raises(NotFoundError):
        files.get("0" * 64, ".png")


def test_a_missing_source_is_a_storage_error(files, tmp_path):
    with pytest.raises(StorageError, match="Nothing was changed"):
        files.add(tmp_path / "gone.png", ".png")


@pytest.mark.parametrize("sha256", ["", "..", "../" * 21 + "x", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_digest_that_could_leave_the_folder_is_refused(files, sha256):
    with pytest.raises(InputError):
        files.path(sha256, ".png")


@pytest.mark.parametrize("extension", ["", "png", "/x", "./../x", ".PNG", ".p/g", ".png\n"])
def test_an_ending_that_could_leave_the_folder_is_refused(files, tmp_path, extension):
    with pytest.raises(InputError):
        files.add(_source(tmp_path), extension)


def test_a_root_that_cannot_be_written_is_a_storage_error_and_leaves_nothing(tmp_path):
    in_the_way = tmp_path / "media"
    in_the_way.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="Nothing was changed"):
        VersionFiles(in_the_way).add(_source(tmp_path), ".png")


def test_the_hash_is_of_the_bytes(tmp_path):
    assert hash_file(_source(tmp_path)) == hashlib.sha256(b"a still").hexdigest()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=5000))
def test_any_bytes_come_back_unchanged(files, tmp_path, data):
    stored = files.add(_source(tmp_path, data), ".bin")
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert files.get(stored.sha256, ".bin").read_bytes() == data
