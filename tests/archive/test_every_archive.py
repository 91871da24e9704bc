"""What holds whatever the archive is: a folder, a bucket, a drive."""

from __future__ import annotations

import random

import pytest

from director_lib.domain.version import Version
from tests.archive.conftest import Shelf

LARGE_BYTES = 9_000_003


@pytest.fixture(params=["shelf", "s3_shelf", "drive_shelf"])
def any_shelf(request: pytest.FixtureRequest) -> Shelf:
    """A studio with each kind of archive."""
    found: Shelf = request.getfixturevalue(request.param)
    return found


def fill(shelf: Shelf) -> list[Version]:
    """Five versions: the first large, all different."""
    source = random.Random(7)
    sizes = (LARGE_BYTES, 5_000, 70_000, 40, 5_001)
    return [shelf.add(source.randbytes(size)) for size in sizes]


def test_old_versions_go_and_come_back_as_they_were(any_shelf: Shelf) -> None:
    versions = fill(any_shelf)
    before = {version.id: any_shelf.path(version).read_bytes() for version in versions}
    report = any_shelf.archive(keep=2)
    assert (report.n_files, report.troubles) == (3, [])
    assert [any_shelf.path(version).is_file() for version in versions] == [False] * 3 + [True] * 2
    assert any_shelf.archive(keep=2).n_files == 0
    assert any_shelf.mover(lambda mover: mover.verify(any_shelf.tell)).n_files == 3
    any_shelf.later(days=30)
    emptied = any_shelf.mover(lambda mover: mover.empty_trash(14))
    assert (emptied.n_files, emptied.troubles) == (3, [])
    back = any_shelf.workbench.archive.bring_back_now([one.id for one in versions[:3]], any_shelf.tell)
    assert (back.n_files, back.troubles) == (3, [])
    assert {version.id: any_shelf.path(version).read_bytes() for version in versions} == before
    again = any_shelf.archive(keep=2)
    assert (again.n_files, again.troubles) == (3, [])
