"""Workers that share the tasks of one database on PostgreSQL, and go on with each other's."""

from __future__ import annotations

import collections
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.limits import EngineLimit
from director_lib.media.files import hash_file
from director_lib.store.tables import attempts
from director_lib.tasks.presence import list_workers
from tests.intake.studio import write_still
from tests.patience import PATIENCE_S
from tests.tasks.scene import Scene, is_alive, until
from tests.tasks.test_presence import cut_all


@pytest.fixture
def database_kind() -> str:
    """A SQLite file has one worker."""
    return "postgresql"


@contextmanager
def frozen(worker: subprocess.Popen[bytes]) -> Iterator[None]:
    """Freeze a worker, as a laptop's closed lid does; its tasks' own processes go on."""
    os.kill(worker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker.pid, signal.SIGCONT)


def starts(scene: Scene) -> collections.Counter[str]:
    with scene.database.read() as connection:
        return collections.Counter(connection.scalars(sa.select(attempts.c.worker)))


def assert_each_made_once(scene: Scene, tasks: list[Task]) -> None:
    for task in tasks:
        assert scene.finished(task).state is TaskState.SUCCEEDED, scene.log.read_text()
        segment_id = task.request.segment_id
        [version] = [item for item in scene.versions(segment_id) if item.provenance.task_id == task.id]
        assert hash_file(scene.still(segment_id)) == version.sha256


def holder(scene: Scene, task: Task, workers: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """Wait until somebody works on the task, and return who."""
    until(lambda: scene.task(task.id).worker, "somebody works on it")
    pids = {info.name: info.pid for info in list_workers(scene.settings, scene.database)}
    pid = pids[str(scene.task(task.id).worker)]
    return next(worker for worker in workers if worker.pid == pid)


def test_two_workers_share_the_tasks_and_make_each_once(scene: Scene) -> None:
    workers = [scene.start(), scene.start()]
    assert len({info.pid for info in list_workers(scene.settings, scene.database)}) == 2
    made = scene.generate("dawdle", *range(1, 9))
    assert_each_made_once(scene, made)
    shares = starts(scene)
    assert sum(shares.values()) == 8
    assert len(shares) == 2
    assert all(worker.poll() is None for worker in workers)


def test_an_engines_limit_holds_over_both_workers(scene: Scene) -> None:
    scene.settings = scene.settings.model_copy(update={"engine_limits": {"dawdle": EngineLimit(at_once=1)}})
    scene.start()
    scene.start()
    made = scene.generate("dawdle", 1, 2, 3, 4)
    most = 0
    while any(scene.task(task.id).is_open for task in made):
        running = [scene.task(task.id).state for task in made].count(TaskState.RUNNING)
        most = max(most, running)
    assert most == 1
    assert_each_made_once(scene, made)


def test_a_dead_workers_tasks_are_finished_by_the_living_one(scene: Scene) -> None:
    workers = [scene.start(), scene.start()]
    made = scene.generate("dawdle", 1, 2, 3, 4)
    dead = holder(scene, made[0], workers)
    scene.kill(dead)
    assert_each_made_once(scene, made)
    [left] = list_workers(scene.settings, scene.database)
    assert left.pid != dead.pid


def test_a_frozen_worker_that_lost_its_connection_makes_nothing_twice(scene: Scene) -> None:
    first = scene.start()
    [task] = scene.generate("dawdle")
    scene.wait_for(task, TaskState.RUNNING)
    with frozen(first):
        cut_all(scene.database)
        scene.start()
        assert_each_made_once(scene, [task])
    assert first.wait(PATIENCE_S) == 1
    assert "Another worker has the name" in scene.log.read_text()
    [again] = scene.generate("draw", 2)
    assert_each_made_once(scene, [task, again])
    assert len(scene.versions(1)) == 1


def test_a_frozen_worker_that_kept_its_connection_keeps_its_tasks(scene: Scene) -> None:
    first = scene.start()
    [task] = scene.generate("dawdle")
    scene.wait_for(task, TaskState.RUNNING)
    fenced = scene.task(task.id).worker
    with frozen(first):
        scene.start()
        [other] = scene.generate("draw", 2)
        assert_each_made_once(scene, [other])
        assert scene.task(task.id).worker == fenced
    assert_each_made_once(scene, [task])


def test_a_cancel_reaches_the_worker_that_has_the_task(scene: Scene) -> None:
    before = hash_file(write_still(scene.still(), "navy"))
    scene.start()
    scene.start()
    [task] = scene.generate("linger")
    pids = scene.working_pids(task)
    scene.tasks().cancel(task.id)
    scene.wait_for(task, TaskState.CANCELLED)
    assert not any(map(is_alive, pids))
    assert hash_file(scene.still()) == before


def test_a_cancel_of_a_dead_workers_task_is_carried_out_by_another(scene: Scene) -> None:
    first = scene.start()
    [task] = scene.generate("linger")
    pids = scene.working_pids(task)
    scene.kill(first)
    scene.tasks().cancel(task.id)
    scene.start()
    scene.wait_for(task, TaskState.CANCELLED)
    assert not any(map(is_alive, pids))
    assert starts(scene).total() == 1


def test_a_stopped_workers_file_of_steps_is_removed_by_another_that_starts(scene: Scene) -> None:
    first, second = scene.start(), scene.start()
    scene.stop(second)
    scene.kill(first)
    scene.start()
    [alive] = list_workers(scene.settings, scene.database)
    own = {scene.settings.queue_file_of(alive.name)}
    until(lambda: set(scene.settings.data_dir.glob("director.queue-*.db")) == own, "the other's is gone")
