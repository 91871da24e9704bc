"""What went wrong with the tasks of the tool before this one; each is impossible here, on a real worker."""

from __future__ import annotations

from director_lib.domain.task import TaskState
from director_lib.media.files import hash_file
from tests.intake.studio import write_still
from tests.tasks.scene import Scene, is_alive, until


def worker_goes_on(served: Scene, segment_id: int) -> None:
    """Let the worker make one more still, the same process as before."""
    [worker] = served.workers
    [task] = served.generate("draw", segment_id)
    assert served.finished(task).state is TaskState.SUCCEEDED
    assert worker.poll() is None


def test_a_restart_leaves_no_task_running_or_waiting_for_ever(scene: Scene) -> None:
    worker = scene.start()
    running, *waiting = scene.generate("dawdle", 1, 2, 3, 4)
    scene.wait_for(running, TaskState.RUNNING)
    scene.kill(worker)
    scene.start()
    for task in (running, *waiting):
        assert scene.finished(task).state is TaskState.SUCCEEDED


def test_cancelling_a_running_task_ends_it_and_its_file_is_not_replaced(served: Scene) -> None:
    before = hash_file(write_still(served.still(1), "navy"))
    [task] = served.generate("linger", 1)
    pids = served.working_pids(task)
    served.tasks().cancel(task.id)
    served.wait_for(task, TaskState.CANCELLED)
    until(lambda: not any(map(is_alive, pids)), "its processes are gone")
    assert hash_file(served.still(1)) == before


def test_cancelling_a_queued_task_does_not_kill_the_worker(served: Scene) -> None:
    busy = served.generate("linger", 2, 3)
    for task in busy:
        served.working_pids(task)
    [queued] = served.generate("linger", 4)
    assert served.tasks().cancel(queued.id).state is TaskState.CANCELLED
    for task in busy:
        served.tasks().cancel(task.id)
    worker_goes_on(served, 4)


def test_a_missing_key_fails_its_task_with_words_and_does_not_kill_the_worker(served: Scene) -> None:
    [task] = served.generate("keyless", 5)
    done = served.finished(task)
    assert done.state is TaskState.FAILED
    assert "GOOGLE_AI_API_KEY" in (done.error_message or "")
    worker_goes_on(served, 5)


def test_a_generator_that_made_nothing_has_failed(served: Scene) -> None:
    [task] = served.generate("nothing", 6)
    done = served.finished(task)
    assert done.state is TaskState.FAILED
    assert "left no such file" in (done.error_message or "")
    assert served.versions(6) == []


def test_a_long_task_does_not_block_the_others(served: Scene) -> None:
    [long] = served.generate("linger", 7)
    served.working_pids(long)
    for segment_id in (8, 9):
        worker_goes_on(served, segment_id)
    assert served.task(long.id).state is TaskState.RUNNING
    served.tasks().cancel(long.id)
    served.wait_for(long, TaskState.CANCELLED)


def test_two_clicks_make_one_paid_batch(scene: Scene) -> None:
    first, second = (scene.generate("till", 1, 2, 3) for _ in range(2))
    assert [task.id for task in first] == [task.id for task in second]
    assert sum(task.price_usd for task in scene.all_tasks()) == 1.5


def test_the_tasks_of_a_batch_share_no_time_limit_and_no_fate(scene: Scene) -> None:
    [hanging] = scene.generate("linger", 1)
    others = [*scene.generate("draw", 2, 3), *scene.generate("refuse", 4)]
    scene.start()
    scene.working_pids(hanging)
    outcomes = [scene.finished(task).state for task in others]
    assert outcomes == [TaskState.SUCCEEDED, TaskState.SUCCEEDED, TaskState.FAILED]
    assert scene.task(hanging.id).state is TaskState.RUNNING
    scene.tasks().cancel(hanging.id)
    scene.wait_for(hanging, TaskState.CANCELLED)
