from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind, Origin
from director_lib.errors import NotFoundError, StorageError
from director_lib.intake import placing
from director_lib.intake.placing import finish_placements
from director_lib.media.files import hash_file
from director_lib.store.tasks import request_cancel
from tests.intake.crashes import PowerCut, PowerCutError
from tests.intake.studio import Studio, write_clip, write_still


def test_a_finished_file_becomes_the_current_version_with_its_making(studio: Studio, tmp_path: Path) -> None:
    task = studio.running_task(1, negative_prompt="people")
    done = studio.take_in(task, write_still(tmp_path / "made.png", "teal"))
    version = studio.current()
    assert version is not None
    assert (done.state, done.version_id, done.percent) == (TaskState.SUCCEEDED, version.id, 100.0)
    made_of = version.provenance
    assert (made_of.task_id, made_of.author, made_of.seed) == (task.id, "dora", task.request.seed)
    assert (made_of.image_prompt, made_of.negative_prompt) == ("a harbour at dawn", "people")
    assert (made_of.engine, made_of.model, made_of.params) == ("double", "double/1", {"steps": 4})
    assert version.origin is Origin.GENERATED
    assert hash_file(studio.still()) == version.sha256
    assert studio.verbs() == ["generated"]


def test_the_placed_file_is_not_found_again_by_a_scan(studio: Studio, tmp_path: Path) -> None:
    studio.take_in(studio.running_task(), write_still(tmp_path / "made.png"))
    result = studio.scan()
    assert (result.new_versions, result.changed) == ((), ())


def test_the_name_that_the_stream_uses_is_kept(studio: Studio, tmp_path: Path) -> None:
    older = studio.folder / "keyframes" / "scene_01_harbour.png"
    write_still(older, "navy")
    studio.scan()
    studio.take_in(studio.running_task(), write_still(tmp_path / "made.png", "teal"))
    version = studio.current()
    assert version is not None
    assert [path.name for path in older.parent.iterdir()] == [older.name]
    assert hash_file(older) == version.sha256


def test_a_file_with_another_extension_gives_way_when_it_would_win(studio: Studio, tmp_path: Path) -> None:
    write_still(studio.still(1, ".png"), "navy")
    studio.scan()
    studio.take_in(studio.running_task(), write_still(tmp_path / "made.jpg", "teal"))
    assert not studio.still(1, ".png").exists()
    assert studio.scan().changed == ()
    assert [version.extension for version in studio.versions()] == [".png", ".jpg"]


def test_a_file_that_nobody_had_read_yet_is_kept_as_a_version(studio: Studio, tmp_path: Path) -> None:
    dropped = hash_file(write_still(studio.still(), "maroon"))
    studio.take_in(studio.running_task(), write_still(tmp_path / "made.png", "teal"))
    kept = [version for version in studio.versions() if version.sha256 == dropped]
    assert len(kept) == 1
    assert studio.files.get(dropped, ".png").is_file()
    current = studio.current()
    assert current is not None
    assert current.sha256 != dropped


def test_taking_in_twice_makes_one_version(studio: Studio, tmp_path: Path) -> None:
    task, path = studio.running_task(), write_still(tmp_path / "made.png")
    first, second = studio.take_in(task, path), studio.take_in(task, path)
    assert first == second
    assert len(studio.versions()) == 1


def test_two_tasks_for_one_asset_make_two_versions(studio: Studio, tmp_path: Path) -> None:
    for color in ("navy", "teal"):
        studio.take_in(studio.running_task(), write_still(tmp_path / f"{color}.png", color))
    assert [version.number for version in studio.versions()] == [1, 2]


def test_a_cancel_that_came_before_changes_no_file(studio: Studio, tmp_path: Path) -> None:
    before = hash_file(write_still(studio.still(), "navy"))
    studio.scan()
    task = studio.running_task()
    with studio.database.write() as connection:
        request_cancel(connection, task.id, studio.clock())
    done = studio.take_in(task, write_still(tmp_path / "made.png", "teal"))
    assert done.state is TaskState.CANCELLED
    assert hash_file(studio.still()) == before
    assert len(studio.versions()) == 1


def test_a_cancel_that_came_too_late_says_so(studio: Studio, tmp_path: Path, power: PowerCut) -> None:
    task, path = studio.running_task(), write_still(tmp_path / "made.png", "teal")
    n_steps = 0
    while not studio.versions():
        power.arm(n_steps)
        with contextlib.suppress(PowerCutError):
            studio.take_in(task, path)
        power.disarm()
        n_steps += 1
    with studio.database.write() as connection:
        assert request_cancel(connection, task.id, studio.clock()).is_open
    done = studio.take_in(task, path)
    assert done.state is TaskState.SUCCEEDED
    assert done.phase == "finished before it could be cancelled"
    current = studio.current()
    assert current is not None
    assert hash_file(studio.still()) == current.sha256


@pytest.mark.parametrize("content", [b"", b"no picture", None])
def test_a_bad_file_fails_the_task_and_keeps_the_old_one(
    studio: Studio, tmp_path: Path, content: bytes | None
) -> None:
    before = hash_file(write_still(studio.still(), "navy"))
    studio.scan()
    made = tmp_path / "made.png"
    if content is not None:
        made.write_bytes(content)
    done = studio.take_in(studio.running_task(), made)
    assert (done.state, done.error_code) == (TaskState.FAILED, "invalid_media")
    assert hash_file(studio.still()) == before
    assert len(studio.versions()) == 1
    assert studio.verbs() == ["found", "generation_failed"]


def test_a_clip_where_a_still_was_asked_for_fails_the_task(studio: Studio, tmp_path: Path) -> None:
    done = studio.take_in(studio.running_task(), write_clip(tmp_path / "made.mp4"))
    assert done.state is TaskState.FAILED
    assert studio.versions() == []


def test_a_tiny_still_fails_the_task(studio: Studio, tmp_path: Path) -> None:
    done = studio.take_in(studio.running_task(), write_still(tmp_path / "made.png", size=(4, 4)))
    assert done.state is TaskState.FAILED


def test_a_clip_far_longer_than_asked_for_fails_the_task(studio: Studio, tmp_path: Path) -> None:
    task = studio.running_task(kind=Kind.VIDEO, motion_prompt="pan", duration_s=0.5)
    done = studio.take_in(task, write_clip(tmp_path / "made.mp4", frames=100))
    assert done.state is TaskState.FAILED


def test_a_clip_is_taken_in_with_its_keyframe(studio: Studio, tmp_path: Path) -> None:
    write_still(studio.still())
    studio.scan()
    keyframe = studio.current()
    assert keyframe is not None
    task = studio.running_task(kind=Kind.VIDEO, motion_prompt="pan", source_version_id=keyframe.id)
    studio.take_in(task, write_clip(tmp_path / "made.mp4"))
    clip = studio.current(1, Kind.VIDEO)
    assert clip is not None
    assert clip.provenance.source_version_id == keyframe.id
    assert clip.duration_s == pytest.approx(0.5)
    assert (studio.folder / "videos" / "segment_1.mp4").is_file()


def test_a_disk_that_refuses_fails_the_task_and_keeps_the_version(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = hash_file(write_still(studio.still(), "navy"))
    studio.scan()

    def refuse(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(placing, "place_file", refuse)
    done = studio.take_in(studio.running_task(), write_still(tmp_path / "made.png", "teal"))
    assert (done.state, done.error_code) == (TaskState.FAILED, "storage")
    assert done.version_id is not None
    current = studio.current()
    assert current is not None
    assert (current.number, current.sha256, hash_file(studio.still())) == (1, before, before)
    assert len(studio.versions()) == 2
    assert finish_placements(studio.database, studio.files, studio.root, now=studio.clock()) == []


def test_an_unknown_task_is_refused(studio: Studio, tmp_path: Path) -> None:
    task, path = studio.running_task(), write_still(tmp_path / "made.png")
    with pytest.raises(NotFoundError):
        studio.take_in(type(task)(**{**_fields(task), "id": "t_other"}), path)


def _fields(task: object) -> dict[str, object]:
    return {name: getattr(task, name) for name in task.__dataclass_fields__}  # type: ignore[attr-defined]


@pytest.mark.parametrize("repairs_first", [True, False])
@pytest.mark.parametrize("has_unread_file", [True, False])
def test_a_power_cut_at_any_step_ends_with_one_version_and_one_file(
    studio: Studio, tmp_path: Path, power: PowerCut, repairs_first: bool, has_unread_file: bool
) -> None:
    n_steps, was_cut = 0, True
    while was_cut:
        segment_id = n_steps % 3 + 1
        made = write_still(tmp_path / "made.png", f"#0000{n_steps:02x}")
        if has_unread_file:
            write_still(studio.still(segment_id), f"#ff00{n_steps:02x}")
        task = studio.running_task(segment_id)
        power.arm(n_steps)
        with contextlib.suppress(PowerCutError):
            studio.take_in(task, made)
        was_cut = power.was_cut
        power.disarm()
        if repairs_first:
            assert finish_placements(studio.database, studio.files, studio.root, now=studio.clock()) == []
        done = studio.take_in(task, made)
        own = [item for item in studio.versions(segment_id) if item.provenance.task_id == task.id]
        assert done.state is TaskState.SUCCEEDED
        assert [version.id for version in own] == [done.version_id]
        assert studio.current(segment_id) == own[0]
        assert hash_file(studio.still(segment_id)) == own[0].sha256
        assert studio.scan().changed == ()
        assert len(list((studio.folder / "keyframes").iterdir())) == min(n_steps + 1, 3)
        n_steps += 1
    assert n_steps > 8
    found = [version for number in (1, 2, 3) for version in studio.versions(number)]
    assert len(found) == n_steps * (2 if has_unread_file else 1)
    assert studio.verbs().count("generated") == n_steps
