"""A bucket as archive: parts that arrived stay, and keys are never shown."""

from __future__ import annotations

import random

import pytest

from director_lib.delivery.archive_s3 import S3Place
from director_lib.errors import StorageError
from tests.archive.conftest import OpenShelf, Shelf


def test_parts_that_arrived_are_not_sent_again(s3_shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    data = random.Random(5).randbytes(9_000_003)
    s3_shelf.add(data)
    s3_shelf.add(b"new")
    call, sent = S3Place._call, []

    def lossy(self: S3Place, method: str, **arguments: object) -> object:
        if method == "upload_part":
            if len(sent) == 1:
                sent.append(0)
                raise ConnectionResetError(104, "Connection reset by peer")
            sent.append(arguments["PartNumber"])
        return call(self, method, **arguments)

    monkeypatch.setattr(S3Place, "_call", lossy)
    broken = s3_shelf.archive(keep=1)
    assert (broken.n_files, len(broken.troubles)) == (0, 1)
    assert s3_shelf.archive(keep=1).n_files == 1
    assert sent == [1, 0, 2]
    monkeypatch.undo()


def test_a_bucket_that_is_not_there_moves_nothing_and_tells_no_key(
    open_shelf: OpenShelf, s3_shelf: Shelf
) -> None:
    shelf = open_shelf("s3://no-such-bucket/studio")
    old = shelf.add(b"old")
    shelf.add(b"new")
    with pytest.raises(StorageError, match="no-such-bucket") as refused:
        shelf.archive(keep=1)
    assert "never-shown" not in str(refused.value)
    assert shelf.path(old).is_file()
