from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.delivery.moves import StreamMoves
from director_lib.domain.people import Actor, Role
from director_lib.domain.task import PRIORITY_SINGLE, GenerationRequest, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import RuleError
from director_lib.intake.shelf import Shelf
from director_lib.store.database import open_database
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tasks import get_task, list_tasks, start
from director_lib.tasks.workshop import utc_now
from director_lib.workbench import Workbench
from director_lib.workbench.lifecycle import Lifecycle
from tests.intake.studio import STREAM, write_spec, write_still
from tests.lifecycle.house import House
from tests.tasks.scene import Scene


def queue(house: House, task_id: str = "t_1", *, running: bool = False) -> str:
    """Queue a still for film's segment; let it run when asked to."""
    request = GenerationRequest("film", 1, Kind.KEYFRAME, "local", "a sea", seed=len(task_id))
    new = NewTask(task_id, request, "dora", 0.0, PRIORITY_SINGLE, house.clock(), seed_is_chosen=True)
    with house.open_as(Role.ADMIN).studio.database.write() as connection:
        enqueue(connection, new)
        if running:
            start(connection, task_id, house.clock())
    return task_id


def state(house: House, task_id: str) -> TaskState:
    with house.open_as(Role.ADMIN).studio.database.read() as connection:
        return get_task(connection, task_id).state


@pytest.mark.parametrize("how", ["trash", "archive", "rename"])
def test_queued_tasks_are_cancelled_and_go_with_their_stream(house: House, how: str) -> None:
    task_id = queue(house)
    lifecycle = house.lifecycle(Role.PRODUCER)
    if how == "rename":
        lifecycle.rename("film", "feature")
        now_id = "feature"
    else:
        now_id = getattr(lifecycle, how)("film").id
    with house.open_as(Role.ADMIN).studio.database.read() as connection:
        [task] = list_tasks(connection, stream_id=now_id)
        assert list_tasks(connection, stream_id="film") == []
    assert (task.id, task.state) == (task_id, TaskState.CANCELLED)
    assert task.request.stream_id == now_id


def test_a_cancelled_task_can_be_tried_again_after_the_stream_came_back_under_another_id(
    house: House,
) -> None:
    task_id = queue(house)
    lifecycle = house.lifecycle()
    lifecycle.restore(lifecycle.trash("film").id, new_id="feature")
    retried = house.open_as(Role.PRODUCER).tasks.retry(task_id)
    assert retried.request.stream_id == "feature"


def test_a_stream_whose_task_does_not_stop_stays_where_it_is(house: House) -> None:
    task_id = queue(house, running=True)
    with pytest.raises(RuleError, match=r"t_1.*Nothing was moved.*No worker runs"):
        house.lifecycle(patience_s=0.0).trash("film")
    assert house.notes("film") == ["mine"]
    assert state(house, task_id) is TaskState.RUNNING


def test_nothing_is_cancelled_for_a_move_that_is_refused_anyway(house: House) -> None:
    task_id = queue(house)
    house.make("other")
    with pytest.raises(RuleError):
        house.lifecycle().rename("film", "other")
    assert state(house, task_id) is TaskState.QUEUED


def test_a_task_that_is_queued_at_the_last_moment_keeps_the_stream_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out = StreamMoves.carry_out

    def late(*arguments: object, **named: object) -> None:
        queue(house, "t_late")
        carry_out(*arguments, **named)

    monkeypatch.setattr(StreamMoves, "carry_out", late)
    with pytest.raises(RuleError, match="just asked"):
        house.lifecycle().trash("film")
    assert house.notes("film") == ["mine"]
    assert list((house.root / ".moves").iterdir()) == []


def test_a_move_waits_until_a_file_that_is_being_put_in_place_is_there(house: House) -> None:
    studio = house.open_as(Role.ADMIN).studio
    shelf = Shelf(studio.database, studio.files, studio.root)
    [asset_id] = {decision.version_id for decision in house.decisions("film")}
    mover = threading.Thread(target=lambda: house.lifecycle().rename("film", "feature"))
    with shelf.lock(asset_id):
        mover.start()
        mover.join(0.3)
        assert mover.is_alive()
        assert (house.root / "film").is_dir()
    mover.join()
    assert house.notes("feature") == ["mine"]


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Iterator[Scene]:
    """A studio that a worker serves."""
    write_spec(settings.streams_root / STREAM)
    made = Scene(settings, open_database(settings.database), tmp_path / "worker.log")
    made.start()
    yield made
    made.close()


def test_a_running_task_is_stopped_and_its_file_never_appears_in_a_stream_made_anew(scene: Scene) -> None:
    [task] = scene.generate("linger")
    scene.working_pids(task)
    with Workbench.open(scene.settings, Actor("pia", Role.PRODUCER)) as workbench:
        lifecycle = Lifecycle(workbench.studio, patience_s=60.0)
        entry = lifecycle.trash(STREAM)
        assert scene.task(task.id).state is TaskState.CANCELLED
        write_spec(scene.settings.streams_root / STREAM)
        write_still(scene.still(2))
        [fresh] = scene.generate("draw", 1)
        assert scene.finished(fresh).state is TaskState.SUCCEEDED
        assert len(scene.versions(1)) == 1
        assert scene.task(task.id).request.stream_id == entry.id
        assert utc_now() > entry.stowed_at
