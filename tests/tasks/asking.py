"""Asking for stills and clips in a studio that nobody serves."""

from __future__ import annotations

import json

from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.store.decisions import NewDecision, add_decision
from director_lib.store.tasks import Outcome, finish, start
from director_lib.workbench.tasks import GenerateResult, Tasks
from tests.intake.studio import STREAM, Studio
from tests.tasks.doubles import get_engine


def tasks_of(studio: Studio, role: Role = Role.DIRECTOR, **wanted: object) -> Tasks:
    settings = studio.settings.model_copy(update=wanted)
    return Tasks(studio.database, settings, Actor("dora", role), studio.clock, engines=get_engine)


def generate(studio: Studio, *segment_ids: int, **wanted: object) -> GenerateResult:
    return tasks_of(studio, **wanted).generate(STREAM, Kind.KEYFRAME, list(segment_ids), engine="draw")


def approve(studio: Studio, segment_id: int, kind: Kind = Kind.KEYFRAME) -> None:
    version = studio.current(segment_id, kind)
    assert version is not None
    with studio.database.write() as connection:
        made = NewDecision(version.id, version.sha256, DecisionKind.APPROVED, "dora", studio.clock())
        add_decision(connection, made)


def end(studio: Studio, task: Task, state: TaskState) -> None:
    with studio.database.write() as connection:
        start(connection, task.id, studio.clock())
        finish(connection, task.id, Outcome(state, studio.clock()))


def change_spec(studio: Studio, segment_id: int, **fields: object) -> None:
    path = studio.folder / "production.json"
    spec = json.loads(path.read_text())
    spec["segments"][segment_id - 1].update(fields)
    path.write_text(json.dumps(spec))
