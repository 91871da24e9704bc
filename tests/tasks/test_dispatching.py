from __future__ import annotations

from collections.abc import Iterator

import pytest

from director_lib.config import Settings
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import StorageError
from director_lib.media.files import VersionFiles
from director_lib.store.database import open_database
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tables import attempts
from director_lib.store.tasks import open_attempt, request_cancel, start
from director_lib.streams.folder import StreamsRoot
from director_lib.tasks.dispatcher import Dispatcher
from director_lib.tasks.live import LiveTasks
from director_lib.tasks.maker import MadeFile, Maker
from director_lib.tasks.opening import MOST_ATTEMPTS
from director_lib.tasks.runner import Runner
from director_lib.tasks.workshop import Workshop
from tests.intake.studio import STREAM, Studio, request_of, write_spec, write_still
from tests.tasks.doubles import SOURCE


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


class ListQueue:
    """Remembers what it was handed, and refuses as often as it is told to."""

    def __init__(self) -> None:
        self.handed: list[str] = []
        self.refusals = 0
        self.finished: list[str] = []

    def forget_finished(self) -> list[str]:
        finished, self.finished = self.finished, []
        return finished

    def hand_over(self, task: Task) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StorageError("The disk is full.")
        self.handed.append(task.id)


class NoRunner(Runner):
    """Starts no process."""

    def __init__(self) -> None:
        pass

    def run(self, *_: object) -> None:  # type: ignore[override]
        raise AssertionError("an engine was called")


@pytest.fixture
def studio(settings: Settings) -> Iterator[Studio]:
    write_spec(settings.streams_root / STREAM)
    database = open_database(settings.database)
    yield Studio(settings, database, VersionFiles(settings.media_dir), StreamsRoot(settings.streams_root))
    database.close()


@pytest.fixture
def maker(studio: Studio) -> Maker:
    return Maker(Workshop(studio.database, studio.settings, SOURCE), LiveTasks(), NoRunner())


@pytest.fixture
def queue() -> ListQueue:
    return ListQueue()


@pytest.fixture
def dispatcher(studio: Studio, queue: ListQueue, maker: Maker) -> Iterator[Dispatcher]:
    made = Dispatcher(studio.database, queue, LiveTasks(), maker)
    yield made
    made.close()


def ask(studio: Studio, name: str, priority: int = 10, engine: str = "draw") -> str:
    with studio.database.write() as connection:
        request = request_of(1, image_prompt=name, engine=engine)
        enqueue(connection, NewTask(f"t_{name}", request, "dora", 0.0, priority, studio.clock()))
    return f"t_{name}"


def run(studio: Studio, task_id: str) -> Task:
    with studio.database.write() as connection:
        return start(connection, task_id, studio.clock())


def test_tasks_are_handed_over_once_and_later_ones_when_they_come(
    studio: Studio, queue: ListQueue, dispatcher: Dispatcher
) -> None:
    first = ask(studio, "first")
    dispatcher.tick()
    dispatcher.tick()
    second = ask(studio, "second")
    dispatcher.tick()
    assert queue.handed == [first, second]


def test_the_most_urgent_are_handed_over_first(
    studio: Studio, queue: ListQueue, dispatcher: Dispatcher
) -> None:
    for name, priority in (("a", 100), ("b", 10), ("c", 100), ("d", 10)):
        ask(studio, name, priority)
    dispatcher.tick()
    assert queue.handed == ["t_b", "t_d", "t_a", "t_c"]


def test_many_tasks_are_handed_over_in_portions(
    studio: Studio, queue: ListQueue, dispatcher: Dispatcher
) -> None:
    names = [ask(studio, f"{number:03d}") for number in range(60)]
    seen = []
    for _ in range(4):
        dispatcher.tick()
        seen.append(len(queue.handed))
    assert seen == [25, 50, 60, 60]
    assert queue.handed == names


def test_a_task_that_could_not_be_handed_over_is_not_forgotten(
    studio: Studio, queue: ListQueue, dispatcher: Dispatcher
) -> None:
    names = [ask(studio, "a"), ask(studio, "b")]
    queue.refusals = 1
    with pytest.raises(StorageError):
        dispatcher.tick()
    dispatcher.tick()
    assert queue.handed == names


def test_a_running_task_without_a_process_is_cancelled(studio: Studio, dispatcher: Dispatcher) -> None:
    task_id = ask(studio, "a")
    run(studio, task_id)
    with studio.database.write() as connection:
        request_cancel(connection, task_id, studio.clock())
    dispatcher.tick()
    assert studio.task(task_id).state is TaskState.CANCELLED


def test_a_task_whose_file_is_being_taken_in_is_not_cancelled(studio: Studio, maker: Maker) -> None:
    task = studio.running_task()
    studio.take_in(task, write_still(studio.folder / "made.png"))
    before = studio.task(task.id)
    maker.cancel_idle(task.id)
    assert studio.task(task.id) == before


def test_a_task_that_is_closed_or_gone_is_not_made(studio: Studio, maker: Maker) -> None:
    task_id = ask(studio, "a")
    with studio.database.write() as connection:
        request_cancel(connection, task_id, studio.clock())
    assert maker.make(task_id) is None
    assert maker.make("t_gone") is None
    assert studio.task(task_id).started_at is None


def test_a_cancel_that_came_before_the_start_wins(studio: Studio, maker: Maker) -> None:
    task_id = ask(studio, "a")
    run(studio, task_id)
    with studio.database.write() as connection:
        request_cancel(connection, task_id, studio.clock())
    assert maker.make(task_id) is None
    assert studio.task(task_id).state is TaskState.CANCELLED


def test_a_task_that_is_always_interrupted_is_given_up(studio: Studio, maker: Maker) -> None:
    task = run(studio, ask(studio, "a"))
    with studio.database.write() as connection:
        for _ in range(MOST_ATTEMPTS):
            open_attempt(connection, task, studio.clock())
    assert maker.make(task.id) is None
    done = studio.task(task.id)
    assert done.state is TaskState.FAILED
    assert "interrupted 20 times" in (done.error_message or "")


def test_an_engine_that_does_not_exist_fails_the_task(studio: Studio, maker: Maker) -> None:
    task_id = ask(studio, "a", engine="no-such")
    assert maker.make(task_id) is None
    done = studio.task(task_id)
    assert (done.state, done.error_code) == (TaskState.FAILED, "input")


def test_what_nobody_expected_fails_the_task_with_its_words(studio: Studio, maker: Maker) -> None:
    task = run(studio, ask(studio, "a"))
    maker.publish(task.id, MadeFile(path="", model="", cost_usd=0.0, params=None))  # type: ignore[typeddict-item]
    assert studio.task(task.id).state is TaskState.FAILED
    assert maker.make(ask(studio, "b")) is None
    done = studio.task("t_b")
    assert (done.state, done.error_code) == (TaskState.FAILED, "backend")
    assert "an engine was called" in (done.error_message or "")


def test_a_step_that_is_repeated_after_the_file_was_taken_in_calls_no_engine(
    studio: Studio, maker: Maker
) -> None:
    task = studio.running_task()
    studio.take_in(task, write_still(studio.folder / "made.png"))
    made = maker.make(task.id)
    assert made is not None
    maker.publish(task.id, made)
    assert len(studio.versions()) == 1
    assert studio.task(task.id).state is TaskState.SUCCEEDED


def test_a_clip_whose_keyframe_is_gone_fails_with_what_to_do(studio: Studio, maker: Maker) -> None:
    write_still(studio.still())
    studio.scan()
    keyframe = studio.current()
    assert keyframe is not None
    task = studio.running_task(
        kind=Kind.VIDEO, motion_prompt="pan", source_version_id=keyframe.id, engine="draw"
    )
    studio.files.get(keyframe.sha256, keyframe.extension).unlink()
    assert maker.make(task.id) is None
    done = studio.task(task.id)
    assert (done.state, done.error_code) == (TaskState.FAILED, "engine")
    assert "Bring it back from the archive" in (done.error_message or "")
    with studio.database.read() as connection:
        assert [row.state for row in connection.execute(attempts.select())] == ["failed"]


def test_a_clip_without_a_keyframe_fails_with_what_to_do(studio: Studio, maker: Maker) -> None:
    task = studio.running_task(kind=Kind.VIDEO, motion_prompt="pan", engine="draw")
    assert maker.make(task.id) is None
    assert "Make and approve its keyframe" in (studio.task(task.id).error_message or "")


def test_an_open_task_that_the_queue_is_done_with_is_handed_over_again(
    studio: Studio, queue: ListQueue, maker: Maker
) -> None:
    passed_s = [0.0]
    dispatcher = Dispatcher(studio.database, queue, LiveTasks(), maker, clock=lambda: passed_s[0])
    open_id, ended_id = ask(studio, "open"), ask(studio, "ended")
    dispatcher.tick()
    maker.cancel_idle(ended_id)
    queue.handed.clear()
    queue.finished = [open_id, ended_id, "t_of_another_database"]
    dispatcher.tick()
    assert queue.handed == []
    passed_s[0] = 10.0
    dispatcher.tick()
    dispatcher.close()
    assert queue.handed == [open_id]
