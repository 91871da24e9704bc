"""Workers that die, in every way, and the next one that finishes what they began."""

from __future__ import annotations

import signal

import pytest
import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import RuleError
from director_lib.media.files import hash_file
from director_lib.store.tables import attempts, tasks
from director_lib.tasks.presence import find_worker
from tests.intake.studio import STREAM, request_of, write_still
from tests.patience import PATIENCE_S
from tests.tasks.scene import Scene, is_alive, until


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


def attempt_states(scene: Scene, task: Task) -> list[str]:
    query = sa.select(attempts.c.state).where(attempts.c.task_id == task.id).order_by(attempts.c.id)
    with scene.database.read() as connection:
        return list(connection.scalars(query))


def assert_made_once(scene: Scene, task: Task, segment_id: int = 1) -> None:
    version = scene.current(segment_id)
    assert version is not None
    own = [item for item in scene.versions(segment_id) if item.provenance.task_id == task.id]
    assert own == [version]
    assert hash_file(scene.still(segment_id)) == version.sha256


def test_a_task_that_was_queued_before_any_worker_is_made(scene: Scene) -> None:
    [task] = scene.generate("draw")
    assert scene.tasks().find_worker() is None
    scene.start()
    assert scene.finished(task).state is TaskState.SUCCEEDED
    assert_made_once(scene, task)


@pytest.mark.parametrize("moment", ["starting", "dawdling", "putting it in place"])
def test_a_killed_workers_task_is_finished_once_by_the_next(scene: Scene, moment: str) -> None:
    worker = scene.start()
    [task] = scene.generate("dawdle")
    until(lambda: scene.task(task.id).phase == moment or not scene.task(task.id).is_open, f"it is {moment}")
    scene.kill(worker)
    scene.start()
    assert scene.finished(task).state is TaskState.SUCCEEDED
    assert_made_once(scene, task)
    assert len(scene.versions()) == 1


def test_many_kills_lose_no_task_and_make_nothing_twice(scene: Scene) -> None:
    queued = scene.generate("dawdle", 1, 2, 3, 4)
    for n_done in (0, 1, 2, 3):
        worker = scene.start()

        def has_come_so_far(wanted: int = n_done) -> bool:
            states = [scene.task(task.id).state for task in queued]
            return states.count(TaskState.SUCCEEDED) >= wanted and TaskState.RUNNING in states

        until(lambda: has_come_so_far() or not any(scene.task(task.id).is_open for task in queued), "enough")
        scene.kill(worker)
    scene.start()
    for segment_id, task in enumerate(queued, 1):
        assert scene.finished(task).state is TaskState.SUCCEEDED
        assert_made_once(scene, task, segment_id)
        assert len(scene.versions(segment_id)) == 1


def test_a_killed_workers_processes_die_with_it(scene: Scene) -> None:
    worker = scene.start()
    [task] = scene.generate("linger")
    pids = scene.working_pids(task)
    worker.send_signal(signal.SIGKILL)
    until(lambda: not any(map(is_alive, pids)), "the task's processes are gone")
    assert scene.task(task.id).state is TaskState.RUNNING
    until(lambda: find_worker(scene.settings, scene.database) is None, "the worker's place is free")


def test_an_interrupted_attempt_is_recorded_and_its_scratch_folder_is_fresh(scene: Scene) -> None:
    worker = scene.start()
    [task] = scene.generate("linger")
    old_pids = scene.working_pids(task)
    scene.kill(worker)
    scene.start()
    until(lambda: scene.find_working_pids(task) not in ([], old_pids), "the engine works again")
    assert attempt_states(scene, task) == ["interrupted", "started"]
    scene.tasks().cancel(task.id)
    scene.wait_for(task, TaskState.CANCELLED)
    assert attempt_states(scene, task) == ["interrupted", "cancelled"]


def test_a_stopped_worker_leaves_its_task_for_the_next(scene: Scene) -> None:
    worker = scene.start()
    [task] = scene.generate("dawdle")
    scene.wait_for(task, TaskState.RUNNING)
    assert scene.stop(worker) == 0
    assert find_worker(scene.settings, scene.database) is None
    scene.start()
    assert scene.finished(task).state is TaskState.SUCCEEDED
    assert_made_once(scene, task)


def test_a_running_task_that_was_cancelled_without_a_worker_never_goes_on(scene: Scene) -> None:
    before = hash_file(write_still(scene.still(), "navy"))
    worker = scene.start()
    [task] = scene.generate("linger")
    scene.working_pids(task)
    scene.kill(worker)
    assert scene.tasks().cancel(task.id).is_open
    scene.start()
    scene.wait_for(task, TaskState.CANCELLED)
    assert hash_file(scene.still()) == before


def test_a_queued_task_that_was_cancelled_without_a_worker_never_starts(scene: Scene) -> None:
    cancelled, made = scene.generate("draw", 1, 2)
    assert scene.tasks().cancel(cancelled.id).state is TaskState.CANCELLED
    scene.start()
    scene.finished(made)
    assert scene.task(cancelled.id).started_at is None
    assert scene.versions(1) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_second_worker_on_a_file_is_refused_and_the_first_goes_on(scene: Scene) -> None:
    first = scene.start()
    second = scene.launch()
    assert second.wait(PATIENCE_S) == 1
    assert f"A worker (process {first.pid}) already serves" in scene.log.read_text()
    [task] = scene.generate("draw")
    assert scene.finished(task).state is TaskState.SUCCEEDED


def test_a_paid_call_goes_on_without_its_worker_and_the_next_one_can_stop_it(scene: Scene) -> None:
    worker = scene.start()
    [task] = scene.generate("paid")
    pids = scene.working_pids(task)
    scene.kill(worker)
    scene.start()
    until(lambda: "before the worker started" in scene.task(task.id).phase, "it was taken up")
    assert all(map(is_alive, pids))
    scene.tasks().cancel(task.id)
    scene.wait_for(task, TaskState.CANCELLED)
    assert not any(map(is_alive, pids))
    assert attempt_states(scene, task) == ["cancelled"]


def test_a_paid_call_that_died_with_its_machine_is_unknown_and_never_repeated_by_itself(scene: Scene) -> None:
    worker = scene.start()
    [task] = scene.generate("paid")
    scene.working_pids(task)
    scene.kill(worker)
    scene.end_paid_calls()
    scene.start()
    scene.wait_for(task, TaskState.UNKNOWN)
    assert attempt_states(scene, task) == ["unknown"]
    again = scene.tasks().retry(task.id)
    assert again.id != task.id
    scene.tasks().cancel(again.id)
    scene.wait_for(again, TaskState.CANCELLED)


def test_the_engines_own_file_can_be_lost(scene: Scene) -> None:
    worker = scene.start()
    [task] = scene.generate("dawdle")
    scene.wait_for(task, TaskState.RUNNING)
    scene.kill(worker)
    for path in scene.settings.queue_file.parent.glob(f"{scene.settings.queue_file.name}*"):
        path.unlink()
    scene.start()
    assert scene.finished(task).state is TaskState.SUCCEEDED
    assert_made_once(scene, task)


def test_a_task_that_a_restored_database_says_is_open_is_made_again(scene: Scene) -> None:
    worker = scene.start()
    [task] = scene.generate("refuse")
    scene.finished(task)
    scene.kill(worker)
    with scene.database.write() as connection:
        values = {"state": "queued", "ended_at": None, "engine": "draw"}
        values["request"] = {**_request(scene, task), "engine": "draw"}
        connection.execute(tasks.update().where(tasks.c.id == task.id).values(values))
    scene.start()
    assert scene.finished(task).state is TaskState.SUCCEEDED


def test_what_waits_is_started_by_priority(scene: Scene) -> None:
    batch = scene.generate("draw", *range(1, 7))
    [urgent] = scene.generate("draw", 8)
    scene.start()
    done = [scene.finished(task) for task in (*batch, urgent)]
    starts = sorted(done, key=lambda task: task.started_at.timestamp() if task.started_at else 0.0)
    assert urgent.id in [task.id for task in starts[:2]]


def test_a_clip_without_a_keyframe_is_refused_before_it_is_queued(scene: Scene) -> None:
    result = scene.tasks().generate(STREAM, Kind.VIDEO, [1])
    assert (result.queued, result.skipped) == ([], [(1, "it has no keyframe yet")])
    request = request_of(1, kind=Kind.VIDEO, engine="draw", motion_prompt="pan")
    with scene.database.write() as connection, pytest.raises(RuleError, match="no keyframe"):
        scene.tasks().enqueue_in(connection, request)


def test_a_wrong_engine_source_is_told_and_ends_the_worker(scene: Scene) -> None:
    worker = scene.launch("tests.tasks.doubles:no_such")
    assert worker.wait(PATIENCE_S) == 1
    assert "Engines cannot be taken from" in scene.log.read_text()


def _request(scene: Scene, task: Task) -> dict[str, object]:
    with scene.database.read() as connection:
        found: dict[str, object] = connection.execute(
            sa.select(tasks.c.request).where(tasks.c.id == task.id)
        ).scalar_one()
        return found
