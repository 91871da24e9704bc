"""A bucket on bad days: nothing is lost, nothing is sent twice, and a file stays until its copy is right."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import s3fs
from moto.s3 import models as moto_models

from director_lib.delivery import archive_s3
from director_lib.domain.version import Version
from director_lib.errors import StorageError
from tests.archive.conftest import OpenShelf, Shelf
from tests.archive.faulty_s3 import FaultyS3, running_door

LARGE_BYTES = 640_003
PART_BYTES = 256 * 1024
N_PARTS = 3


@pytest.fixture
def door(s3_server: str) -> Iterator[FaultyS3]:
    """What stands between the studio and its bucket."""
    with running_door(s3_server) as opened:
        yield opened


@pytest.fixture
def far_shelf(
    s3_shelf: Shelf, open_shelf: OpenShelf, door: FaultyS3, monkeypatch: pytest.MonkeyPatch
) -> Shelf:
    """A studio whose bucket is behind that door, and who tries each call once."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", door.url)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    monkeypatch.setattr(archive_s3, "PART_BYTES", PART_BYTES)
    monkeypatch.setattr(moto_models, "S3_UPLOAD_PART_MIN_SIZE", PART_BYTES)
    return open_shelf(s3_shelf.settings.archive_url)


@pytest.fixture
def large(far_shelf: Shelf) -> Version:
    """A version in three parts that may go."""
    version = far_shelf.add(random.Random(5).randbytes(LARGE_BYTES))
    far_shelf.add(b"newer")
    return version


def check_archived(shelf: Shelf, version: Version) -> None:
    """Its copy in the archive is what it was, and it is in the trash."""
    assert not shelf.path(version).exists()
    assert shelf.mover(lambda mover: mover.verify(shelf.tell)).n_files == 1


@pytest.mark.parametrize("fault", ["503 SlowDown", "500 InternalError", "cut", "403 ExpiredToken"])
def test_an_upload_that_broke_in_mid_part_goes_on_where_it_stopped(
    far_shelf: Shelf, door: FaultyS3, large: Version, fault: str
) -> None:
    door.faults["PUT part"] = ["", fault, fault]
    broken = far_shelf.archive(keep=1)
    assert (broken.n_files, len(broken.troubles)) == (0, 1)
    assert "Nothing was removed here" in broken.troubles[0]
    assert "never-shown" not in broken.troubles[0]
    assert far_shelf.path(large).stat().st_size == LARGE_BYTES
    door.mend()
    assert far_shelf.archive(keep=1).troubles == []
    assert door.sent_parts() == ["PUT part 2", "PUT part 3"]
    check_archived(far_shelf, large)


def test_a_part_whose_answer_was_lost_is_not_sent_again(
    far_shelf: Shelf, door: FaultyS3, large: Version
) -> None:
    door.faults["PUT part"] = ["lost", "lost"]
    assert len(far_shelf.archive(keep=1).troubles) == 1
    door.mend()
    assert far_shelf.archive(keep=1).troubles == []
    assert door.sent_parts() == ["PUT part 2", "PUT part 3"]
    check_archived(far_shelf, large)


@pytest.mark.parametrize("fault", ["503 SlowDown", "lost"])
def test_an_upload_whose_end_is_unknown_is_looked_at_before_anything_is_sent(
    far_shelf: Shelf, door: FaultyS3, large: Version, fault: str
) -> None:
    door.faults["POST upload"] = [fault]
    assert len(far_shelf.archive(keep=1).troubles) == 1
    assert far_shelf.path(large).is_file()
    door.mend()
    assert far_shelf.archive(keep=1).troubles == []
    assert door.sent_parts() == []
    check_archived(far_shelf, large)


@pytest.mark.parametrize("fault", ["503 SlowDown", "cut", "lost", "403 ExpiredToken"])
def test_a_copy_that_cannot_be_read_back_lets_no_file_go(
    far_shelf: Shelf, door: FaultyS3, large: Version, fault: str
) -> None:
    door.faults["GET file"] = ["", fault, fault]
    broken = far_shelf.archive(keep=1)
    assert (broken.n_files, len(broken.troubles)) == (0, 1)
    assert far_shelf.path(large).stat().st_size == LARGE_BYTES
    door.mend()
    assert far_shelf.archive(keep=1).troubles == []
    assert door.sent_parts() == []
    check_archived(far_shelf, large)


def test_a_wrong_copy_is_sent_once_more_and_then_the_file_stays(
    far_shelf: Shelf, door: FaultyS3, large: Version
) -> None:
    door.faults["GET file"] = ["wrong"] * 2 * N_PARTS
    broken = far_shelf.archive(keep=1)
    assert (broken.n_files, len(broken.troubles)) == (0, 1)
    assert far_shelf.path(large).stat().st_size == LARGE_BYTES
    assert len(door.sent_parts()) == 2 * N_PARTS
    door.faults["GET file"] = ["", "wrong"]
    assert far_shelf.archive(keep=1).troubles == []
    check_archived(far_shelf, large)


def test_expired_keys_move_nothing_and_are_told_without_them(
    far_shelf: Shelf, door: FaultyS3, large: Version
) -> None:
    door.always = "403 ExpiredToken"
    with pytest.raises(StorageError, match="keys in the worker's environment") as refused:
        far_shelf.archive(keep=1)
    assert "never-shown" not in str(refused.value)
    assert far_shelf.path(large).stat().st_size == LARGE_BYTES
    door.mend()
    assert far_shelf.archive(keep=1).n_files == 1


@pytest.mark.parametrize("fault", ["503 SlowDown", "cut"])
def test_bringing_back_goes_on_where_it_stopped(
    far_shelf: Shelf, door: FaultyS3, large: Version, fault: str
) -> None:
    assert far_shelf.archive(keep=1).n_files == 1
    far_shelf.later(days=30)
    far_shelf.mover(lambda mover: mover.empty_trash(14))
    door.faults["GET file"] = ["", fault, fault]
    broken = far_shelf.workbench.archive.bring_back_now([large.id], far_shelf.tell)
    assert (broken.n_files, len(broken.troubles)) == (0, 1)
    door.mend()
    back = far_shelf.workbench.archive.bring_back_now([large.id], far_shelf.tell)
    assert (back.n_files, back.troubles) == (1, [])
    assert door.asked.count("GET file") == N_PARTS - 1
    assert far_shelf.path(large).read_bytes() == random.Random(5).randbytes(LARGE_BYTES)
