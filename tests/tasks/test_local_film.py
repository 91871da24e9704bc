"""The real local engine in a real worker: a still, its approval, and a clip made from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from director_lib.config import load_settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.media.files import hash_file
from director_lib.store.decisions import NewDecision, add_decision
from director_lib.tasks.child import DEFAULT_ENGINES
from director_lib.tasks.workshop import utc_now
from director_lib.workbench.tasks import Tasks
from tests.intake.studio import STREAM
from tests.patience import PATIENCE_S
from tests.tasks.conftest import make_scene
from tests.tasks.scene import Scene, until


@pytest.fixture
def film(tmp_path: Path) -> Iterator[Scene]:
    """A studio of small pictures and short clips; the local engine takes at least half a second."""
    made = make_scene(load_settings(home=tmp_path / "home", local_pace_s=0.5, _env_file=None), tmp_path)
    path = made.settings.streams_root / STREAM / "production.json"
    spec = json.loads(path.read_text())
    spec["output"]["dimensions"] = "128x72"
    spec["segments"] = [{**segment, "duration": 0.5} for segment in spec["segments"][:2]]
    path.write_text(json.dumps(spec))
    yield made
    made.close()


def make(tasks: Tasks, kind: Kind) -> tuple[Task, list[Task]]:
    seen: list[Task] = []
    [task] = tasks.generate(STREAM, kind, [1]).queued
    [done] = tasks.wait([task.id], PATIENCE_S, seen.append)
    return done, seen


def test_a_still_and_then_a_clip_are_made_by_the_local_engine(film: Scene) -> None:
    film.launch(DEFAULT_ENGINES)
    tasks = Tasks(film.database, film.settings, Actor("dora", Role.DIRECTOR), utc_now)
    until(tasks.find_worker, "the worker serves")
    done, seen = make(tasks, Kind.KEYFRAME)
    assert (done.state, done.error_message) == (TaskState.SUCCEEDED, None)
    assert len({item.percent for item in seen}) >= 3
    still = film.current(1)
    assert still is not None
    assert (still.width, still.height) == (128, 72)
    approve = NewDecision(still.id, still.sha256, DecisionKind.APPROVED, "dora", utc_now())
    with film.database.write() as connection:
        add_decision(connection, approve)
    done, _ = make(tasks, Kind.VIDEO)
    assert (done.state, done.error_message) == (TaskState.SUCCEEDED, None)
    clip = film.current(1, Kind.VIDEO)
    assert clip is not None
    assert clip.provenance.source_version_id == still.id
    assert clip.duration_s == pytest.approx(0.5, abs=0.1)
    assert hash_file(film.settings.streams_root / STREAM / "videos" / "segment_1.mp4") == clip.sha256
