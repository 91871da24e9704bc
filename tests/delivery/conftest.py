from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.delivery.backup import write_backup
from director_lib.delivery.backup_manifest import BackupManifest
from tests.delivery.studio import elsewhere, furnish
from tests.lifecycle.house import House


@dataclass(frozen=True)
class Saved:
    """A studio and a backup of it."""

    settings: Settings
    file: Path
    manifest: BackupManifest


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """A backup for all tests of a module; none changes it."""
    folder = tmp_path_factory.mktemp("saved")
    settings = elsewhere(folder / "home")
    furnish(settings).close()
    file = folder / "studio.backup"
    return Saved(settings, file, write_backup(settings, file))


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    """An empty place to restore to."""
    return elsewhere(tmp_path / "restored")


@pytest.fixture
def furnished(settings: Settings) -> Iterator[House]:
    """A studio of one's own to save."""
    house = furnish(settings)
    yield house
    house.close()
