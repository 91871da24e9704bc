"""The short version of the drill that ``make drill`` runs at length; see ``queue_drill``."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.config import Settings
from tests.drills.programs import PATIENCE_S
from tests.drills.queue_drill import Size, drill

pytestmark = pytest.mark.timeout(2 * PATIENCE_S)


def test_kills_and_moody_providers_lose_nothing_pay_nothing_twice_and_leave_nothing_behind(
    settings: Settings, tmp_path: Path, database_kind: str
) -> None:
    n_workers = 1 if database_kind == "sqlite" else 2
    size = Size(n_tasks=16, n_kills=3, n_workers=n_workers, seed=11, patience_s=400.0)
    summary, problems = drill(settings, tmp_path, size)
    log = tmp_path / "worker.log"
    assert problems == [], f"{summary}\n{log.read_text()[-5000:]}"
    assert "3 kills" in summary
