from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.domain.repair import RepairAction, RepairPlan
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from director_lib.errors import PermissionDeniedError, RuleError, StaleWriteError
from director_lib.store.events import list_events
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs, write_still
from tests.workbench.repairing import ask, current, direct, finish, judge, make, priced, stale

STILL, CLIP = Kind.KEYFRAME, Kind.VIDEO


def what(plan: RepairPlan) -> list[tuple[int, Kind, RepairAction, int | None]]:
    return [(step.segment_id, step.kind, step.action, step.restores_number) for step in plan.steps]


def numbers(workbench: Workbench) -> tuple[int, int]:
    return current(workbench).number, current(workbench, CLIP).number


@pytest.fixture
def filmed(director: Workbench, stream_folder: Path) -> Workbench:
    """Segment 1 has an approved still of its prompt and a clip made from it."""
    judge(director, make(director))
    make(director, CLIP)
    return director


def test_a_version_remembers_the_spec_and_a_director_reads_what_changed(
    filmed: Workbench, stream_folder: Path
) -> None:
    assert (stale(filmed), stale(filmed, CLIP)) == ([], [])
    direct(stream_folder, visual_direction={"aesthetic": "charcoal", "color_palette": {"night": "#0b1020"}})
    assert stale(filmed) == ["The visual direction has changed since this still was made."]
    assert stale(filmed, CLIP) == ["Its keyframe is out of date."]
    direct(stream_folder, visual_direction={"color_palette": {"night": "#ffffff"}})
    assert stale(filmed) == ["The colour palette has changed since this still was made."]
    direct(stream_folder, visual_direction={"color_palette": {"night": "#0b1020"}})
    assert (stale(filmed), stale(filmed, CLIP)) == ([], [])
    ask(stream_folder, image_prompt="a lake")
    assert stale(filmed) == ["The image prompt has changed since this still was made."]


def test_files_found_on_disk_are_never_stale_by_spec_or_prompt(
    director: Workbench, stream_folder: Path
) -> None:
    ask(stream_folder, segment_id=2, image_prompt="a lake")
    direct(stream_folder, visual_direction={"aesthetic": "charcoal"})
    assert stale(director, segment_id=2) == []
    assert director.repairs.plan("film").steps == ()


def test_a_plan_prices_the_still_and_the_clip_that_follows(filmed: Workbench, stream_folder: Path) -> None:
    ask(stream_folder, image_prompt="a lake", duration_s=6)
    plan = priced(filmed).plan("film")
    assert what(plan) == [(1, STILL, RepairAction.REGENERATE, None), (1, CLIP, RepairAction.REGENERATE, None)]
    assert [step.is_approved for step in plan.steps] == [True, False]
    assert plan.price_usd == pytest.approx(0.04 + 0.1 * filmed.streams.get("film").get_segment(1).duration_s)


def test_a_repair_queues_the_still_first_and_the_clip_once_the_still_is_approved(
    filmed: Workbench, stream_folder: Path
) -> None:
    ask(stream_folder, image_prompt="a lake")
    plan = filmed.repairs.plan("film")
    result = filmed.repairs.apply("film", plan.sha256, replace_approved=True)
    [task] = result.queued
    assert (task.request.kind, task.request.image_prompt) == (STILL, "a lake")
    assert [why for _, why in result.left] == ["its keyframe has to be made and approved first"]
    waiting = filmed.repairs.plan("film")
    assert [step.waits_for for step in waiting.steps][0] == "it is being made already"
    made = finish(filmed, task)
    [step] = filmed.repairs.plan("film").steps
    assert (step.kind, step.waits_for) == (CLIP, "its keyframe is not approved")
    judge(filmed, made)
    second = filmed.repairs.plan("film")
    [clip_task] = filmed.repairs.apply("film", second.sha256).queued
    assert clip_task.request.source_version_id == made.id
    finish(filmed, clip_task)
    assert filmed.repairs.plan("film").steps == ()


def test_a_prompt_changed_back_is_repaired_for_nothing_and_one_undo_takes_it_back(
    filmed: Workbench, stream_folder: Path
) -> None:
    ask(stream_folder, image_prompt="a lake")
    make(filmed)
    make(filmed, CLIP)
    ask(stream_folder, image_prompt="a sea, part 1")
    plan = priced(filmed).plan("film")
    assert what(plan) == [(1, STILL, RepairAction.RESTORE, 2), (1, CLIP, RepairAction.RESTORE, 1)]
    assert plan.price_usd == 0.0
    result = filmed.repairs.apply("film", filmed.repairs.plan("film").sha256)
    assert (len(result.restored), result.queued, result.left, result.failed) == (2, [], [], [])
    assert numbers(filmed) == (2, 1)
    assert (stale(filmed), stale(filmed, CLIP)) == ([], [])
    assert filmed.reviews.undo() == "repaired 1 still and 1 clip"
    assert numbers(filmed) == (3, 2)
    assert filmed.reviews.redo() == "repaired 1 still and 1 clip"
    assert numbers(filmed) == (2, 1)


def test_a_clip_is_asked_for_together_with_the_restored_still_it_starts_from(
    filmed: Workbench, stream_folder: Path
) -> None:
    approved = current(filmed)
    ask(stream_folder, image_prompt="a lake")
    make(filmed)
    ask(stream_folder, image_prompt="a sea, part 1", motion_prompt="pan left")
    plan = filmed.repairs.plan("film")
    assert [step.action for step in plan.steps] == [RepairAction.RESTORE, RepairAction.REGENERATE]
    result = filmed.repairs.apply("film", plan.sha256)
    assert [task.request.source_version_id for task in result.queued] == [approved.id]
    assert current(filmed).id == approved.id
    finish(filmed, result.queued[0])
    assert filmed.repairs.plan("film").steps == ()


def test_undoing_a_repair_cancels_what_still_waits(filmed: Workbench, stream_folder: Path) -> None:
    ask(stream_folder, motion_prompt="pan left")
    [task] = filmed.repairs.apply("film", filmed.repairs.plan("film").sha256).queued
    filmed.reviews.undo()
    assert filmed.tasks.get(task.id).state is TaskState.CANCELLED


def test_approved_work_is_left_alone_without_leave(filmed: Workbench, stream_folder: Path) -> None:
    ask(stream_folder, image_prompt="a lake")
    plan = filmed.repairs.plan("film")
    with pytest.raises(RuleError, match="nothing was changed: .*its keyframe is approved"):
        filmed.repairs.apply("film", plan.sha256)
    assert filmed.tasks.list(states=[TaskState.QUEUED]) == []


def test_a_plan_that_changed_since_it_was_shown_is_refused(filmed: Workbench, stream_folder: Path) -> None:
    ask(stream_folder, motion_prompt="pan left")
    seen = filmed.repairs.plan("film").sha256
    ask(stream_folder, motion_prompt="pan right")
    with pytest.raises(StaleWriteError, match="Nothing was saved"):
        filmed.repairs.apply("film", seen)
    assert filmed.tasks.list(states=[TaskState.QUEUED]) == []


def test_a_still_dropped_into_the_folder_meanwhile_changes_the_plan(
    filmed: Workbench, stream_folder: Path
) -> None:
    ask(stream_folder, motion_prompt="pan left")
    seen = filmed.repairs.plan("film").sha256
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "white")
    with pytest.raises(StaleWriteError):
        filmed.repairs.apply("film", seen)


def test_a_repair_over_the_budget_queues_and_restores_nothing(filmed: Workbench, stream_folder: Path) -> None:
    make(filmed, segment_id=2)
    ask(stream_folder, segment_id=2, image_prompt="a lake")
    make(filmed, segment_id=2)
    ask(stream_folder, segment_id=2, image_prompt="a sea, part 2")
    ask(stream_folder, motion_prompt="pan left")
    repairs = priced(filmed, budget_day_usd=0.1)
    plan = repairs.plan("film")
    assert len(plan.steps) == 2
    with pytest.raises(RuleError, match="Nothing was queued"):
        repairs.apply("film", plan.sha256)
    assert filmed.tasks.list(states=[TaskState.QUEUED]) == []
    assert current(filmed, segment_id=2).number == 3


def test_a_still_sent_back_is_not_brought_back(filmed: Workbench, stream_folder: Path) -> None:
    judge(filmed, current(filmed), DecisionKind.REGENERATE)
    judge(filmed, make(filmed))
    [step] = filmed.repairs.plan("film").steps
    assert (step.kind, step.action) == (CLIP, RepairAction.REGENERATE)


def test_a_restore_that_fails_is_told_and_the_others_are_done(filmed: Workbench, stream_folder: Path) -> None:
    first = current(filmed, CLIP)
    ask(stream_folder, image_prompt="a lake")
    make(filmed)
    make(filmed, CLIP)
    ask(stream_folder, image_prompt="a sea, part 1")
    filmed.studio.files.get(first.sha256, first.extension).unlink()
    result = filmed.repairs.apply("film", filmed.repairs.plan("film").sha256)
    assert [version.kind for version in result.restored] == [STILL]
    assert [step.kind for step, _ in result.failed] == [CLIP]


def test_a_repair_is_one_event_with_what_was_and_what_is(filmed: Workbench, stream_folder: Path) -> None:
    before = current(filmed, CLIP)
    ask(stream_folder, motion_prompt="pan left")
    plan = filmed.repairs.plan("film")
    [task] = filmed.repairs.apply("film", plan.sha256).queued
    with filmed.studio.database.read() as connection:
        [event] = [event for event in list_events(connection) if event.verb == "repaired"]
    assert event.actor == "dora"
    assert event.details["before_ids"] == [before.id]
    assert event.details["task_ids"] == [task.id]
    assert event.details["plan_sha256"] == plan.sha256


def test_a_viewer_reads_the_plan_and_cannot_do_it(
    filmed: Workbench, stream_folder: Path, open_as: OpenAs
) -> None:
    ask(stream_folder, motion_prompt="pan left")
    viewer = open_as("vera", Role.VIEWER)
    plan = viewer.repairs.plan("film")
    assert len(plan.steps) == 1
    with pytest.raises(PermissionDeniedError):
        viewer.repairs.apply("film", plan.sha256)


def test_generating_what_is_stale_leaves_a_clip_whose_still_has_to_be_made_first(
    filmed: Workbench, stream_folder: Path
) -> None:
    ask(stream_folder, image_prompt="a lake")
    result = filmed.tasks.generate("film", CLIP, "stale")
    assert result.queued == []
    assert [why for _, why in result.skipped] == [
        "its keyframe is out of date: make that first, or the clip is stale at once"
    ]
