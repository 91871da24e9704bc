"""Versions that were made to choose from: recorded as they come, and none of them placed before a pick."""

from __future__ import annotations

import contextlib
from pathlib import Path

from director_lib.domain.task import PRIORITY_SINGLE, Task, TaskState
from director_lib.intake.placing import finish_placements
from director_lib.media.files import hash_file
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tasks import request_cancel, start
from tests.intake.crashes import PowerCut, PowerCutError
from tests.intake.studio import Studio, request_of, write_still


def variant(studio: Studio, segment_id: int = 1, set_id: str = "v_1") -> Task:
    """Queue and start one task of a set."""
    studio.made += 1
    request = request_of(segment_id, seed=studio.made)
    new = NewTask(
        f"t_{studio.made}", request, "dora", 0.0, PRIORITY_SINGLE, studio.clock(), variant_set_id=set_id
    )
    with studio.database.write() as connection:
        enqueue(connection, new)
        return start(connection, new.task_id, studio.clock())


def test_a_variant_is_recorded_and_what_was_current_stays_so(studio: Studio, tmp_path: Path) -> None:
    before = hash_file(write_still(studio.still(), "navy"))
    studio.scan()
    done = studio.take_in(variant(studio), write_still(tmp_path / "made.png", "teal"))
    found, made = studio.versions()
    assert (done.state, done.version_id, done.phase) == (TaskState.SUCCEEDED, made.id, "done")
    assert studio.current() == found
    assert hash_file(studio.still()) == before
    assert studio.verbs()[-1] == "generated"
    assert studio.scan().changed == ()


def test_the_first_of_an_asset_that_had_nothing_becomes_current_and_no_other(
    studio: Studio, tmp_path: Path
) -> None:
    tasks = [variant(studio), variant(studio)]
    for task, color in zip(tasks, ("teal", "olive"), strict=True):
        studio.take_in(task, write_still(tmp_path / f"{color}.png", color))
    first, second = studio.versions()
    assert studio.current() == first
    assert hash_file(studio.still()) == first.sha256 != second.sha256


def test_taking_a_variant_in_twice_makes_one_version(studio: Studio, tmp_path: Path) -> None:
    write_still(studio.still(), "navy")
    studio.scan()
    task, path = variant(studio), write_still(tmp_path / "made.png", "teal")
    assert studio.take_in(task, path) == studio.take_in(task, path)
    assert len(studio.versions()) == 2


def test_a_cancelled_variant_leaves_no_version(studio: Studio, tmp_path: Path) -> None:
    write_still(studio.still(), "navy")
    studio.scan()
    task = variant(studio)
    with studio.database.write() as connection:
        request_cancel(connection, task.id, studio.clock())
    done = studio.take_in(task, write_still(tmp_path / "made.png", "teal"))
    assert (done.state, len(studio.versions())) == (TaskState.CANCELLED, 1)


def test_a_power_cut_at_any_step_ends_with_one_version_that_is_not_placed(
    studio: Studio, tmp_path: Path, power: PowerCut
) -> None:
    before = hash_file(write_still(studio.still(), "navy"))
    studio.scan()
    n_steps, was_cut = 0, True
    while was_cut:
        made = write_still(tmp_path / "made.png", f"#0000{n_steps:02x}")
        task = variant(studio, set_id=f"v_{n_steps}")
        power.arm(n_steps)
        with contextlib.suppress(PowerCutError):
            studio.take_in(task, made)
        was_cut = power.was_cut
        power.disarm()
        assert finish_placements(studio.database, studio.files, studio.root, now=studio.clock()) == []
        done = studio.take_in(task, made)
        own = [item for item in studio.versions() if item.provenance.task_id == task.id]
        assert done.state is TaskState.SUCCEEDED
        assert [version.id for version in own] == [done.version_id]
        assert hash_file(studio.still()) == before
        n_steps += 1
    assert n_steps > 4
    assert studio.verbs().count("generated") == n_steps
