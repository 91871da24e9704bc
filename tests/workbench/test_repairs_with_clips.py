from __future__ import annotations

from pathlib import Path

from director_lib.domain.version import Kind
from director_lib.store.versions import get_version
from director_lib.workbench import Workbench
from tests.workbench.repairing import ask, direct, finish, judge, make, priced


def stale_film(workbench: Workbench, folder: Path) -> None:
    """Let a still with its clip go out of date together."""
    make(workbench)
    make(workbench, Kind.VIDEO)
    direct(folder, visual_direction={"aesthetic": "charcoal", "color_palette": {"night": "#0b1020"}})


def test_without_leave_a_clip_waits_for_its_keyframes_approval(
    director: Workbench, stream_folder: Path
) -> None:
    stale_film(director, stream_folder)
    plan = director.repairs.plan("film")
    result = director.repairs.apply("film", plan.sha256)
    assert [task.request.kind for task in result.queued] == [Kind.KEYFRAME]
    assert [why for _, why in result.left] == ["its keyframe has to be made and approved first"]


def test_a_keyframe_and_its_clip_are_repaired_in_one_go(director: Workbench, stream_folder: Path) -> None:
    stale_film(director, stream_folder)
    plan = director.repairs.plan("film")
    result = director.repairs.apply("film", plan.sha256, with_clips=True)
    still, clip = result.queued
    assert (still.request.kind, clip.request.kind) == (Kind.KEYFRAME, Kind.VIDEO)
    assert (clip.after_task_id, clip.request.source_version_id) == (still.id, None)
    assert (result.left, director.tasks.overrides(clip.id)) == ([], ["unapproved_keyframe"])
    assert finish(director, still).segment_id == 1


def test_the_price_of_a_plan_done_in_one_go_is_that_of_all_its_steps(
    director: Workbench, stream_folder: Path
) -> None:
    stale_film(director, stream_folder)
    repairs = priced(director)
    plan = repairs.plan("film")
    assert repairs.apply("film", plan.sha256, with_clips=True).price_usd == plan.price_usd > 0.04


def test_an_approved_clip_is_not_replaced_without_leave(director: Workbench, stream_folder: Path) -> None:
    judge(director, make(director))
    judge(director, make(director, Kind.VIDEO))
    ask(stream_folder, image_prompt="a lake")
    plan = director.repairs.plan("film")
    ready = plan.ready(replace_approved=True, with_clips=True)
    assert [step.kind for step in ready] == [Kind.KEYFRAME, Kind.VIDEO]
    assert plan.ready(replace_approved=False, with_clips=True) == ()


def test_one_undo_takes_keyframe_and_clip_back(director: Workbench, stream_folder: Path) -> None:
    stale_film(director, stream_folder)
    plan = director.repairs.plan("film")
    result = director.repairs.apply("film", plan.sha256, with_clips=True)
    director.reviews.undo()
    assert director.tasks.queue() == []
    director.reviews.redo()
    still, clip = director.tasks.queue()
    assert clip.after_task_id == still.id != result.queued[0].id
    with director.studio.database.read() as connection:
        assert get_version(connection, plan.steps[0].replaces_id).kind is Kind.KEYFRAME
