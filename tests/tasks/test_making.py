"""How a claimed task goes on: what is made, what is refused, and what of it is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind, Origin, Provenance
from director_lib.store.assets import ensure_asset
from director_lib.store.attempts import open_attempt
from director_lib.store.claims import Claim
from director_lib.store.tables import attempts, tasks
from director_lib.store.versions import NewVersion, add_version
from director_lib.tasks.maker import MadeFile
from director_lib.tasks.opening import MOST_ATTEMPTS
from tests.intake.studio import STREAM, write_still
from tests.tasks.desk import Desk
from tests.tasks.desk_fixtures import database_kind, desk, make_desk, studio

__all__ = ["database_kind", "desk", "make_desk", "studio"]


def test_a_task_whose_file_is_being_taken_in_is_not_cancelled(desk: Desk) -> None:
    task = desk.studio.running_task()
    desk.studio.take_in(task, write_still(desk.studio.folder / "made.png"))
    before = desk.studio.task(task.id)
    desk.cancel(task.id)
    assert desk.studio.task(task.id) == before


def test_a_task_that_is_closed_gone_or_another_ones_is_not_made(desk: Desk) -> None:
    claim = desk.claim("a")
    assert desk.maker.make(Claim(claim.task_id, claim.fence - 1)) is None
    assert desk.maker.make(Claim("t_gone", 1)) is None
    assert desk.task("a").state is TaskState.RUNNING
    desk.end(claim.task_id, TaskState.FAILED)
    assert desk.maker.make(claim) is None
    with desk.studio.database.read() as connection:
        assert connection.execute(attempts.select()).all() == []


def test_a_cancel_that_came_before_the_start_wins(desk: Desk) -> None:
    claim = desk.claim("a")
    desk.cancel(claim.task_id)
    assert desk.maker.make(claim) is None
    assert desk.task("a").state is TaskState.CANCELLED


def test_the_folder_of_an_interrupted_task_that_was_cancelled_is_removed(desk: Desk) -> None:
    claim = desk.claim("film")
    folder = desk.shop.fresh_scratch("t_film", "1")
    desk.cancel("t_film")
    assert desk.maker.make(claim) is None
    assert desk.task("film").state is TaskState.CANCELLED
    assert not folder.parent.exists()


def test_a_task_that_is_always_interrupted_is_given_up(desk: Desk) -> None:
    claim = desk.claim("a")
    with desk.studio.database.write() as connection:
        for _ in range(MOST_ATTEMPTS):
            open_attempt(connection, desk.task("a"), desk.studio.now)
    assert desk.maker.make(claim) is None
    done = desk.task("a")
    assert done.state is TaskState.FAILED
    assert "interrupted 20 times" in (done.error_message or "")


def test_an_engine_that_does_not_exist_fails_the_task(desk: Desk) -> None:
    assert desk.maker.make(desk.claim("a", engine="no-such")) is None
    done = desk.task("a")
    assert (done.state, done.error_code) == (TaskState.FAILED, "input")


def test_what_nobody_expected_fails_the_task_with_its_words(desk: Desk) -> None:
    claim = desk.claim("a")
    desk.maker.publish(claim, MadeFile(path="", model="", cost_usd=0.0, params=None))  # type: ignore[typeddict-item]
    assert desk.task("a").state is TaskState.FAILED
    assert desk.maker.make(desk.claim("b")) is None
    done = desk.task("b")
    assert (done.state, done.error_code) == (TaskState.FAILED, "backend")
    assert "an engine was called" in (done.error_message or "")


def test_a_superseded_worker_cannot_publish_what_it_made(desk: Desk) -> None:
    claim = desk.claim("a")
    path = write_still(desk.studio.folder / "made.png")
    with desk.studio.database.write() as connection:
        connection.execute(tasks.update().values(worker="another", fence=claim.fence + 1))
    desk.maker.publish(claim, MadeFile(path=str(path), model="x", cost_usd=0.0, params={}, findings=[]))
    assert desk.task("a").state is TaskState.RUNNING
    assert desk.studio.versions() == []


def test_a_step_that_is_repeated_after_the_file_was_taken_in_calls_no_engine(desk: Desk) -> None:
    claim = desk.claim("a")
    path = write_still(desk.studio.folder / "made.png")
    made = MadeFile(path=str(path), model="x", cost_usd=0.0, params={}, findings=[])
    with desk.studio.database.write() as connection:
        new = NewVersion("0" * 64, ".png", 1, Origin.GENERATED, desk.studio.now)
        new = replace(new, provenance=Provenance(task_id=claim.task_id))
        asset_id = ensure_asset(connection, STREAM, 1, Kind.KEYFRAME, now=desk.studio.now)
        add_version(connection, asset_id, new)
    again = desk.maker.make(claim)
    assert again is not None
    assert again != made


def test_a_clip_whose_keyframe_is_gone_fails_with_what_to_do(desk: Desk) -> None:
    studio = desk.studio
    write_still(studio.still())
    studio.scan()
    keyframe = studio.current()
    assert keyframe is not None
    claim = claim_running(desk, kind=Kind.VIDEO, motion_prompt="pan", source_version_id=keyframe.id)
    studio.files.get(keyframe.sha256, keyframe.extension).unlink()
    assert desk.maker.make(claim) is None
    done = studio.task(claim.task_id)
    assert (done.state, done.error_code) == (TaskState.FAILED, "engine")
    assert "Bring it back from the archive" in (done.error_message or "")
    with studio.database.read() as connection:
        assert [row.state for row in connection.execute(attempts.select())] == ["failed"]


def test_a_clip_without_a_keyframe_fails_with_what_to_do(desk: Desk) -> None:
    claim = claim_running(desk, kind=Kind.VIDEO, motion_prompt="pan")
    assert desk.maker.make(claim) is None
    assert "Make and approve its keyframe" in (desk.studio.task(claim.task_id).error_message or "")


def claim_running(desk: Desk, **wanted: Any) -> Claim:
    task = desk.studio.running_task(engine="draw", **wanted)
    desk.tick(1.0)
    assert desk.queue.ids == [task.id]
    return desk.queue.handed[-1]
