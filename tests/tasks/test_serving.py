"""One worker serves every test here; each test works on a segment of its own."""

from __future__ import annotations

import pytest

from director_lib.domain.task import Task, TaskState
from director_lib.media.files import hash_file
from tests.intake.studio import write_still
from tests.tasks.scene import Scene, is_alive, until


def test_a_task_goes_from_queued_to_succeeded_and_its_file_is_in_place(served: Scene) -> None:
    seen: list[Task] = []
    [task] = served.generate("dawdle", 1)
    served.tasks().wait([task.id], 60, seen.append)
    states = [item.state for item in seen]
    assert states == sorted(states, key=[TaskState.QUEUED, TaskState.RUNNING, TaskState.SUCCEEDED].index)
    assert states[-1] is TaskState.SUCCEEDED
    version = served.current(1)
    assert version is not None
    assert (version.id, version.provenance.task_id) == (seen[-1].version_id, task.id)
    assert version.provenance.params["color"] == [task.request.seed % 256, task.request.seed // 256 % 256, 40]
    assert hash_file(served.still(1)) == version.sha256


def test_progress_is_visible_to_others_and_rises(served: Scene) -> None:
    seen: list[Task] = []
    [task] = served.generate("dawdle", 2)
    served.tasks().wait([task.id], 60, seen.append)
    percents = [item.percent for item in seen if item.phase == "dawdling"]
    assert len(percents) >= 2
    assert percents == sorted(percents)
    assert seen[-1].percent == 100


def test_the_scratch_folder_is_gone_afterwards(served: Scene) -> None:
    [task] = served.generate("draw", 3)
    served.finished(task)
    folder = served.settings.data_dir / "scratch" / task.id
    until(lambda: not folder.exists(), "the scratch folder is gone")


@pytest.mark.parametrize(
    ("engine", "code", "told"),
    [
        ("refuse", "engine", "The provider said no"),
        ("stumble", "engine", "ended unexpectedly"),
        ("crash", "engine", "exit code 3"),
        ("spoil", "invalid_media", "cannot be used"),
    ],
)
def test_a_failure_says_why_and_keeps_the_old_file(served: Scene, engine: str, code: str, told: str) -> None:
    before = hash_file(write_still(served.still(4), "navy"))
    [task] = served.generate(engine, 4)
    done = served.finished(task)
    assert (done.state, done.error_code) == (TaskState.FAILED, code)
    assert done.error_message is not None
    assert told in done.error_message
    assert hash_file(served.still(4)) == before
    assert [version.sha256 for version in served.versions(4)] == [before]


def test_a_cancelled_running_task_is_dead_and_no_file_was_replaced(served: Scene) -> None:
    before = hash_file(write_still(served.still(5), "navy"))
    [task] = served.generate("linger", 5)
    pids = served.working_pids(task)
    assert all(map(is_alive, pids))
    assert served.tasks().cancel(task.id).is_open
    served.wait_for(task, TaskState.CANCELLED)
    assert not any(map(is_alive, pids))
    assert hash_file(served.still(5)) == before
    assert len(served.versions(5)) == 1


def test_the_worker_goes_on_after_a_cancel(served: Scene) -> None:
    [lingering] = served.generate("linger", 6)
    served.working_pids(lingering)
    served.tasks().cancel(lingering.id)
    [task] = served.generate("draw", 6)
    assert served.finished(task).state is TaskState.SUCCEEDED
    assert served.finished(lingering).state is TaskState.CANCELLED


def test_a_task_that_waits_behind_others_never_starts_when_cancelled(served: Scene) -> None:
    busy = served.generate("linger", 7, 8)
    for task in busy:
        served.working_pids(task)
    [waiting] = served.generate("linger", 9)
    assert served.tasks().cancel(waiting.id).state is TaskState.CANCELLED
    for task in busy:
        served.tasks().cancel(task.id)
    [after] = served.generate("draw", 10)
    served.finished(after)
    assert served.task(waiting.id).started_at is None
    assert served.versions(9) == []


def test_a_file_dropped_into_a_stream_is_taken_in(served: Scene) -> None:
    dropped = hash_file(write_still(served.still(11), "teal"))
    until(lambda: served.current(11), "the dropped file is a version")
    current = served.current(11)
    assert current is not None
    assert current.sha256 == dropped


def test_an_overwritten_file_is_noticed(served: Scene) -> None:
    write_still(served.still(12), "navy")
    until(lambda: served.current(12), "the first file is a version")
    write_still(served.still(12), "maroon")
    until(lambda: len(served.versions(12)) == 2, "the second file is a version")
