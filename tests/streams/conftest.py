from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from director_lib.streams.folder import StreamsRoot


@pytest.fixture
def root(tmp_path: Path) -> StreamsRoot:
    folder = tmp_path / "streams"
    folder.mkdir()
    return StreamsRoot(folder)


@pytest.fixture
def long_ago() -> Callable[[Path], None]:
    """Make a file look as if nobody were writing it: then a broken one is not read again."""

    def settle(path: Path) -> None:
        os.utime(path, (1_600_000_000, 1_600_000_000))

    return settle
