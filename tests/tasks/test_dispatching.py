"""What a worker claims, in which order and within which limits, and what it does about what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from director_lib.domain.task import TaskState
from director_lib.errors import StorageError, WorkerError
from director_lib.limits import EngineLimit
from director_lib.store.attempts import open_attempt
from director_lib.store.claims import holds, put_back
from director_lib.store.tables import pauses, tasks
from director_lib.store.tasks import start
from director_lib.tasks.live import LiveTasks
from director_lib.tasks.presence import ONLY_WORKER
from tests.intake.studio import write_still
from tests.tasks.desk import Desk, ListQueue
from tests.tasks.desk_fixtures import database_kind, desk, make_desk, studio

__all__ = ["database_kind", "desk", "make_desk", "studio"]


def test_tasks_are_handed_over_once_and_later_ones_when_they_come(desk: Desk) -> None:
    first = desk.ask("first")
    assert desk.tick() == [first]
    assert desk.tick() == []
    second = desk.ask("second")
    assert desk.tick() == [second]
    assert desk.task("first").worker == ONLY_WORKER


def test_only_as_many_run_as_the_worker_makes_at_once_and_the_most_urgent_first(desk: Desk) -> None:
    for name, priority in (("a", 100), ("b", 10), ("c", 100), ("d", 10)):
        desk.ask(name, priority)
    assert desk.tick() == ["t_b", "t_d"]
    assert desk.tick(1.0) == []
    desk.end("t_d")
    assert desk.tick() == ["t_a"]
    desk.end("t_b")
    assert desk.tick() == ["t_c"]


def test_engines_do_not_wait_for_each_other(desk: Desk) -> None:
    for name in ("a", "b", "c"):
        desk.ask(name)
    other = desk.ask("d", 500, engine="dawdle")
    assert desk.tick() == [other, "t_a", "t_b"]


def test_an_engines_limit_holds_over_all_workers(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(engine_limits={"draw": EngineLimit(at_once=3)}, worker_concurrency=1)
    for name in "abcd":
        desk.ask(name)
    assert desk.tick() == ["t_a", "t_b", "t_c"]
    with desk.studio.database.write() as connection:
        connection.execute(tasks.update().values(worker="another"))
    assert desk.tick(0.1) == []


def test_no_more_start_within_a_minute_than_the_engine_allows(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(engine_limits={"draw": EngineLimit(at_once=9, starts_per_minute=2)})
    for name in "abc":
        desk.ask(name)
    for claim in [desk.tick(), desk.queue.handed][1]:
        with desk.studio.database.write() as connection:
            open_attempt(connection, desk.studio.task(claim.task_id), desk.studio.now)
    assert desk.tick(30.0) == []
    assert desk.tick(31.0) == ["t_c"]


def test_a_clock_that_is_set_back_keeps_nothing_waiting_for_ever(desk: Desk) -> None:
    claim = desk.claim("a")
    with desk.studio.database.write() as connection:
        put_back(connection, claim.task_id, "waiting to try again", desk.studio.now + timedelta(minutes=1))
    desk.queue.done.add(claim)
    assert desk.tick(30.0) == []
    desk.studio.now -= timedelta(days=1)
    assert desk.tick(1.0) == ["t_a"]


def test_what_is_to_be_tried_again_waits_for_its_time(desk: Desk) -> None:
    claim = desk.claim("a")
    with desk.studio.database.write() as connection:
        put_back(connection, claim.task_id, "waiting to try again", desk.studio.now + timedelta(minutes=1))
    desk.queue.done.add(claim)
    assert desk.tick(59.0) == []
    assert desk.tick(2.0) == ["t_a"]
    assert desk.queue.handed[-1].fence > claim.fence


def test_what_a_restarted_worker_goes_on_with_may_have_to_wait_and_is_tried_again(desk: Desk) -> None:
    claim = desk.claim("a")
    restarted = replace(desk, queue=ListQueue(), live=LiveTasks())
    assert restarted.tick() == ["t_a"]
    with desk.studio.database.write() as connection:
        put_back(connection, claim.task_id, "waiting to try again", desk.studio.now + timedelta(seconds=1))
    restarted.queue.done.add(claim)
    restarted.tick(3.0)
    restarted.dispatcher.close()
    assert [again.fence > claim.fence for again in restarted.queue.handed] == [True]


@pytest.mark.parametrize("paused", ["", "draw"])
def test_a_paused_queue_starts_nothing_and_goes_on_afterwards(desk: Desk, paused: str) -> None:
    with desk.studio.database.write() as connection:
        connection.execute(pauses.insert().values(engine=paused, paused_at=desk.studio.now, paused_by="dora"))
    desk.ask("a")
    assert desk.tick(1.0) == []
    with desk.studio.database.write() as connection:
        connection.execute(pauses.delete())
    assert desk.tick() == ["t_a"]


def test_another_engines_pause_holds_nothing_up(desk: Desk) -> None:
    with desk.studio.database.write() as connection:
        connection.execute(pauses.insert().values(engine="x", paused_at=desk.studio.now, paused_by="dora"))
    desk.ask("a")
    assert desk.tick(1.0) == ["t_a"]


def test_a_clip_waits_for_its_keyframes_task_and_is_made_from_what_came_of_it(desk: Desk) -> None:
    write_still(desk.studio.still())
    desk.studio.scan()
    keyframe = desk.studio.current()
    assert keyframe is not None
    still = desk.ask("still")
    clip = desk.ask("clip", after_task_id=still)
    assert desk.task("clip").phase == "waiting for its keyframe"
    assert desk.tick() == [still]
    assert desk.tick(1.0) == []
    desk.end(still, version_id=keyframe.id)
    assert desk.tick() == [clip]
    assert desk.task("clip").request.source_version_id == keyframe.id


@pytest.mark.parametrize("state", [TaskState.FAILED, TaskState.CANCELLED, TaskState.UNKNOWN])
def test_a_clip_whose_keyframe_was_not_made_fails_with_what_to_do(desk: Desk, state: TaskState) -> None:
    still = desk.ask("still")
    desk.ask("clip", after_task_id=still)
    desk.tick()
    desk.end(still, state)
    desk.tick(3.0)
    clip = desk.task("clip")
    assert (clip.state, clip.error_code) == (TaskState.FAILED, "engine")
    assert "Make that first" in (clip.error_message or "")


def test_a_claim_that_could_not_be_handed_over_is_not_forgotten(desk: Desk) -> None:
    names = [desk.ask("a"), desk.ask("b")]
    desk.queue.refusals = 1
    with pytest.raises(StorageError):
        desk.tick()
    assert desk.tick() == names


def test_a_claim_that_the_queue_does_not_know_is_handed_over_again(desk: Desk) -> None:
    claim = desk.claim("a")
    desk.queue.handed.clear()
    assert desk.tick(0.1) == []
    assert desk.tick(3.0) == ["t_a"]
    assert desk.queue.handed == [claim]


def test_an_open_task_that_the_queue_is_done_with_is_handed_over_again(desk: Desk) -> None:
    claim, other = desk.claim("open"), desk.claim("ended")
    desk.end(other.task_id)
    desk.queue.done = {claim, other}
    desk.tick(3.0)
    assert desk.queue.handed == [claim]


def test_the_tasks_of_a_worker_that_is_gone_are_taken_over(desk: Desk) -> None:
    claim = desk.claim("a")
    with desk.studio.database.write() as connection:
        connection.execute(tasks.update().values(worker="of another release"))
    desk.queue.done.add(claim)
    assert desk.tick(1.0) == ["t_a"]
    assert desk.queue.handed[-1].fence > claim.fence
    with desk.studio.database.read() as connection:
        assert not holds(connection, claim)


def test_what_an_earlier_release_left_running_is_claimed(desk: Desk) -> None:
    task_id = desk.ask("a")
    with desk.studio.database.write() as connection:
        start(connection, task_id, desk.studio.now)
    assert desk.tick() == [task_id]


def test_half_done_work_goes_on_even_while_the_queue_is_paused(desk: Desk) -> None:
    task_id = desk.ask("a")
    with desk.studio.database.write() as connection:
        start(connection, task_id, desk.studio.now)
        connection.execute(pauses.insert().values(engine="", paused_at=desk.studio.now, paused_by="dora"))
    assert desk.tick() == [task_id]


def test_a_worker_whose_name_is_another_ones_ends(desk: Desk) -> None:
    desk.presence.held = False
    with pytest.raises(WorkerError, match="Another worker has the name"):
        desk.tick()


def test_an_attempt_that_another_worker_took_over_is_let_go(desk: Desk) -> None:
    claim = desk.claim("a")
    with desk.live.opened(claim.task_id) as live:
        with desk.studio.database.write() as connection:
            connection.execute(tasks.update().values(worker="another", fence=claim.fence + 1))
        desk.tick(3.0)
        assert live.is_closing
        assert not live.is_stopped


def test_a_cancelled_task_that_is_worked_on_is_stopped(desk: Desk) -> None:
    claim = desk.claim("a")
    with desk.live.opened(claim.task_id) as live:
        desk.cancel(claim.task_id)
        desk.tick()
        assert live.is_stopped
