"""Jobs on whole streams: queued once, carried out one at a time, stopped, repeated after a death."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from director_lib.domain.people import Actor, Role
from director_lib.domain.stream_task import StreamTask
from director_lib.domain.task import TaskState
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError, RuleError
from director_lib.store.events import list_events
from director_lib.store.pauses import Pause, add_pause
from director_lib.store.stream_claims import (
    claim_stream_task,
    find_claimable_stream_task,
    holds_stream_task,
)
from director_lib.store.stream_tasks import NewStreamTask, enqueue_stream_task
from director_lib.tasks.stream_shift import StreamShift
from director_lib.tasks.workshop import Workshop, utc_now
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.studio import Studio as Access
from tests.intake.studio import START, STREAM, Studio, write_spec
from tests.tasks.scene import is_alive, until
from tests.tasks.stream_doubles import JOBS


def jobs_of(studio: Studio, role: Role = Role.DIRECTOR) -> StreamTasks:
    return StreamTasks(Access(studio.database, studio.settings, Actor("dora", role), utc_now))


@pytest.fixture
def shift(studio: Studio) -> StreamShift:
    return StreamShift(Workshop(studio.database, studio.settings, worker="one"), JOBS)


def pids(studio: Studio) -> list[int]:
    path = studio.settings.data_dir / "pids.json"
    until(lambda: path.exists() and path.read_text(), "the job works")
    found: list[int] = json.loads(path.read_text())
    return found


def test_a_job_is_carried_out_with_its_news_and_answer(studio: Studio, shift: StreamShift) -> None:
    jobs = jobs_of(studio)
    task = jobs.queue("build", STREAM, {"why": "ä"})
    assert (task.state, task.phase) == (TaskState.QUEUED, "waiting")
    assert shift.carry_out_next()
    done = jobs.get(task.id)
    assert (done.state, done.percent, done.error_code) == (TaskState.SUCCEEDED, 100.0, None)
    assert done.result == {"stream": STREAM, "by": "dora", "told": {"why": "ä"}}
    assert [line.text for line in jobs.lines(task.id)] == ["first line", "second line"]
    assert not list((studio.settings.data_dir / "stream-scratch").iterdir())
    assert not shift.carry_out_next()
    assert jobs.wait([task.id], 0.0) == [done]


def test_the_same_wish_is_one_task_until_it_ended(studio: Studio, shift: StreamShift) -> None:
    jobs = jobs_of(studio)
    first = jobs.queue("build", STREAM, {"a": 1, "b": 2})
    assert jobs.queue("build", STREAM, {"b": 2, "a": 1}).id == first.id
    others = [jobs.queue("build", STREAM, {"a": 2}), jobs.queue("archive", STREAM), jobs.queue("archive")]
    assert len({first.id, *(task.id for task in others)}) == 4
    shift.carry_out_next()
    assert jobs.queue("build", STREAM, {"a": 1, "b": 2}).id != first.id
    with studio.database.read() as connection:
        told = [event.verb for event in list_events(connection) if event.verb == "queued_job"]
    assert len(told) == 5


def test_a_refusal_is_told_in_its_own_words_and_can_be_tried_again(
    studio: Studio, shift: StreamShift
) -> None:
    jobs = jobs_of(studio)
    task = jobs.queue("deploy", STREAM)
    shift.carry_out_next()
    failed = jobs.get(task.id)
    assert (failed.state, failed.error_code) == (TaskState.FAILED, "rule")
    assert failed.error_message == "The gate is closed. Nothing was deployed."
    again = jobs.retry(task.id)
    assert (again.kind, again.stream_id) == ("deploy", STREAM)
    assert again.id != task.id
    with pytest.raises(RuleError, match="still waits"):
        jobs.retry(again.id)


def test_a_process_that_ends_without_a_word_fails_its_task(studio: Studio, shift: StreamShift) -> None:
    jobs = jobs_of(studio)
    task = jobs.queue("bring_back", STREAM)
    shift.carry_out_next()
    failed = jobs.get(task.id)
    assert failed.state is TaskState.FAILED
    assert "exit code 9" in str(failed.error_message)


def test_a_cancel_ends_the_job_and_all_that_it_started(studio: Studio, shift: StreamShift) -> None:
    jobs = jobs_of(studio)
    task = jobs.queue("archive", STREAM)
    runner = threading.Thread(target=shift.carry_out_next)
    runner.start()
    working = pids(studio)
    assert jobs.cancel(task.id).is_open
    runner.join(60)
    assert jobs.get(task.id).state is TaskState.CANCELLED
    until(lambda: not any(map(is_alive, working)), "its processes are gone")
    assert jobs.cancel(task.id).state is TaskState.CANCELLED


def test_a_waiting_job_is_cancelled_at_once(studio: Studio, shift: StreamShift) -> None:
    jobs = jobs_of(studio)
    task = jobs.cancel(jobs.queue("build", STREAM).id)
    assert task.state is TaskState.CANCELLED
    assert not shift.carry_out_next()


def test_a_stopping_worker_leaves_the_job_for_the_next_one(studio: Studio, shift: StreamShift) -> None:
    jobs = jobs_of(studio)
    task = jobs.queue("archive", STREAM)
    runner = threading.Thread(target=shift.carry_out_next)
    runner.start()
    working = pids(studio)
    shift.close()
    runner.join(60)
    assert not any(map(is_alive, working))
    assert jobs.get(task.id).state is TaskState.RUNNING
    (studio.settings.data_dir / "let-go").touch()
    stop = threading.Event()
    following = StreamShift(Workshop(studio.database, studio.settings, worker="one"), JOBS)
    runner = threading.Thread(target=following.run, args=(stop,))
    runner.start()
    until(lambda: not jobs.get(task.id).is_open, "the next worker ended it")
    stop.set()
    runner.join(60)
    assert jobs.get(task.id).result == {"turns": 2}


def test_whoever_lost_the_task_to_another_worker_ends_what_it_does(
    studio: Studio, shift: StreamShift
) -> None:
    jobs = jobs_of(studio)
    task = jobs.queue("archive", STREAM)
    runner = threading.Thread(target=shift.carry_out_next)
    runner.start()
    working = pids(studio)
    with studio.database.write() as connection:
        _, claim = claim_stream_task(connection, "two", task.id, utc_now())
    runner.join(60)
    assert not any(map(is_alive, working))
    with studio.database.read() as connection:
        assert holds_stream_task(connection, claim)
    assert jobs.get(task.id).worker == "two"


def test_two_jobs_of_one_stream_never_run_together(studio: Studio) -> None:
    write_spec(studio.root.root / "other", n_segments=1)
    jobs = jobs_of(studio)
    first, second = jobs.queue("build", STREAM), jobs.queue("deploy", STREAM)
    third = jobs.queue("build", "other")
    with studio.database.write() as connection:
        assert find_claimable_stream_task(connection) == first.id
        claim_stream_task(connection, "one", first.id, START)
        assert find_claimable_stream_task(connection) == third.id
        claim_stream_task(connection, "two", third.id, START)
        assert find_claimable_stream_task(connection) is None
    assert jobs.get(second.id).state is TaskState.QUEUED


def test_nothing_begins_while_the_whole_queue_is_paused(studio: Studio, shift: StreamShift) -> None:
    jobs_of(studio).queue("build", STREAM)
    with studio.database.write() as connection:
        add_pause(connection, Pause("", START, "dora"))
    assert not shift.carry_out_next()


def test_an_unknown_kind_stream_task_or_right_is_refused(studio: Studio) -> None:
    jobs = jobs_of(studio)
    with pytest.raises(InputError, match="There is no task “fly”"):
        jobs.queue("fly", STREAM)
    with pytest.raises(NotFoundError):
        jobs.queue("build", "nowhere")
    with pytest.raises(NotFoundError):
        jobs.lines("nothing")
    for kind in JOBS:
        with pytest.raises(PermissionDeniedError):
            jobs_of(studio, Role.ANALYST).queue(kind, STREAM)
    assert jobs.list() == []


def test_tasks_are_listed_newest_first_by_stream_kind_and_state(studio: Studio) -> None:
    jobs = jobs_of(studio)
    first, second = jobs.queue("build", STREAM), jobs.queue("archive")
    jobs.cancel(first.id)

    def ids(found: list[StreamTask]) -> list[str]:
        return [task.id for task in found]

    assert ids(jobs.list()) == [second.id, first.id]
    assert ids(jobs.list(stream_id=STREAM)) == [first.id]
    assert ids(jobs.list(kinds=["archive"])) == [second.id]
    assert ids(jobs.list(states=[TaskState.QUEUED])) == [second.id]
    assert ids(jobs.list(limit=1)) == [second.id]


def test_folders_that_a_dead_worker_left_are_removed(studio: Studio, shift: StreamShift) -> None:
    task = jobs_of(studio).queue("build", STREAM)
    root: Path = studio.settings.data_dir / "stream-scratch"
    for name in (task.id, "of-a-closed-task"):
        (root / name).mkdir(parents=True)
    with studio.database.write() as connection:
        add_pause(connection, Pause("", START, "dora"))
    stop = threading.Event()
    stop.set()
    shift.run(stop)
    assert [folder.name for folder in root.iterdir()] == [task.id]


def test_the_same_id_cannot_be_queued_over_a_task_that_is_being_stopped(studio: Studio) -> None:
    new = NewStreamTask("a", "build", STREAM, {}, "dora", START)
    with studio.database.write() as connection:
        enqueue_stream_task(connection, new)
        claim_stream_task(connection, "one", "a", START)
    jobs = jobs_of(studio)
    jobs.cancel("a")
    with studio.database.write() as connection:
        _, is_new = enqueue_stream_task(connection, replace(new, task_id="b"))
    assert is_new
