"""A real worker, with a job on a stream beside the making of stills."""

from __future__ import annotations

import json

from director_lib.domain.people import Actor, Role
from director_lib.domain.task import TaskState
from director_lib.tasks.workshop import utc_now
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.studio import Studio
from tests.intake.studio import STREAM
from tests.patience import PATIENCE_S
from tests.tasks.scene import Scene, until
from tests.tasks.stream_doubles import SOURCE


def test_a_job_goes_on_with_the_next_worker_after_a_kill_and_stills_are_made_meanwhile(scene: Scene) -> None:
    jobs = StreamTasks(Studio(scene.database, scene.settings, Actor("dora", Role.DIRECTOR), utc_now))
    task = jobs.queue("archive", STREAM)
    pids = scene.settings.data_dir / "pids.json"
    first = scene.start(jobs=SOURCE)
    until(lambda: pids.exists() and pids.read_text(), "the job works")
    [still] = scene.generate("draw")
    assert scene.finished(still).state is TaskState.SUCCEEDED
    assert jobs.get(task.id).state is TaskState.RUNNING
    before = json.loads(pids.read_text())
    pids.unlink()
    scene.kill(first)
    assert jobs.get(task.id).state is TaskState.RUNNING
    scene.start(jobs=SOURCE)
    until(lambda: pids.exists() and pids.read_text(), "the next worker's job works")
    assert json.loads(pids.read_text()) != before
    (scene.settings.data_dir / "let-go").touch()
    [done] = jobs.wait([task.id], PATIENCE_S)
    assert (done.state, done.result) == (TaskState.SUCCEEDED, {"turns": 2})
