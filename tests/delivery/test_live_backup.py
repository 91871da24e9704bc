from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from director_lib.delivery.backup import write_backup
from director_lib.delivery.restore import restore_backup
from tests.delivery.studio import elsewhere, files_of, rows_of
from tests.lifecycle.house import House
from tests.patience import PATIENCE_S

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """What is saved while people work."""
    return str(request.param)


def until_decided(house: House, n_decisions: int, writer: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while len(house.decisions("film")) < n_decisions:
        assert writer.poll() is None, "the writer ended"
        assert time.monotonic() < end, "waited in vain for decisions"
        time.sleep(0.01)


def test_a_backup_taken_while_somebody_decides_is_one_consistent_view(
    furnished: House, tmp_path: Path
) -> None:
    environment = os.environ | furnished.settings.environment() | {"PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "tests.delivery.deciding"]
    writer = subprocess.Popen(command, env=environment, cwd=tmp_path)
    try:
        until_decided(furnished, 10, writer)
        manifest = write_backup(furnished.settings, tmp_path / "b")
        until_decided(furnished, manifest.tables["decisions"] + 5, writer)
    finally:
        writer.kill()
        writer.wait()
    empty = elsewhere(tmp_path / "restored")
    restore_backup(tmp_path / "b", empty)
    then, now = rows_of(empty), rows_of(furnished.settings)
    for name, rows in then.items():
        assert rows == now[name][: len(rows)], name
        assert len(rows) == manifest.tables[name]
    verbs = [row[1] for row in then["events"]]
    n_decided = sum(verb in ("approved", "approved_with_notes", "regenerate") for verb in verbs)
    # a decision, its event and its undo step are written together, so a view has all three or none
    assert n_decided == len(then["decisions"]) == len(then["undo_steps"])
    assert len(now["decisions"]) > len(then["decisions"]) >= 10
    assert files_of(empty.media_dir / "versions") == files_of(furnished.settings.media_dir / "versions")
    restored = House(empty)
    assert restored.log_faults() == []
    restored.close()


def test_what_is_decided_between_two_tables_is_wholly_in_the_backup_or_not_at_all(
    furnished: House, tmp_path: Path
) -> None:
    def decide(what: str, _percent: float) -> None:
        if what == "saving rows":
            furnished.approve("film")

    before = len(furnished.decisions("film"))
    manifest = write_backup(furnished.settings, tmp_path / "b", progress=decide)
    assert len(furnished.decisions("film")) > before + 5
    empty = elsewhere(tmp_path / "restored")
    restore_backup(tmp_path / "b", empty)
    rows = rows_of(empty)
    assert len(rows["decisions"]) == len(rows["undo_steps"]) == manifest.tables["decisions"]
    assert len(rows["decisions"]) == sum(row[1].startswith("approved") for row in rows["events"])
