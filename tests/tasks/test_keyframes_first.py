from __future__ import annotations

import pytest

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import RuleError
from director_lib.store.tasks import Outcome, finish, request_cancel
from director_lib.tasks.selection import Selection
from director_lib.workbench.tasks import GenerateResult
from tests.intake.studio import STREAM, Studio, write_still
from tests.tasks.asking import approve, change_spec, generate, tasks_of

CLIP = Kind.VIDEO


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


def film(studio: Studio, segments: Selection, **wanted: object) -> GenerateResult:
    tasks = tasks_of(studio, engine_keyframe="draw", **wanted)
    return tasks.generate(STREAM, CLIP, segments, engine="draw", with_keyframes=True)


def told(result: GenerateResult) -> list[tuple[int, str]]:
    return [(task.request.segment_id, task.request.kind.value) for task in result.queued]


def fail(studio: Studio, task: Task) -> None:
    with studio.database.write() as connection:
        finish(connection, task.id, Outcome(TaskState.FAILED, studio.clock()))


def test_a_missing_keyframe_is_queued_and_its_clip_after_it(studio: Studio) -> None:
    result = film(studio, [3, 4])
    assert told(result) == [(3, "keyframe"), (4, "keyframe"), (3, "video"), (4, "video")]
    still_3, still_4, clip_3, clip_4 = result.queued
    assert (clip_3.after_task_id, clip_4.after_task_id) == (still_3.id, still_4.id)
    assert (still_3.after_task_id, clip_3.request.source_version_id) == (None, None)
    assert clip_3.request.image_prompt == still_3.request.image_prompt == "a harbour, part 3"
    assert clip_3.phase == "waiting for its keyframe"


def test_the_timeline_tells_that_a_clip_is_made_of_a_keyframe_that_nobody_saw(studio: Studio) -> None:
    still, clip = film(studio, [3]).queued
    tasks = tasks_of(studio)
    assert tasks.overrides(clip.id) == ["unapproved_keyframe"]
    assert tasks.overrides(still.id) == []


def test_asking_twice_makes_one_keyframe_and_one_clip(studio: Studio) -> None:
    first, again = film(studio, [3]), film(studio, [3])
    assert again.queued[0].id == first.queued[1].id
    assert again.existing == [first.queued[1].id]
    assert (again.price_usd, len(tasks_of(studio).queue())) == (0.0, 2)


def test_a_keyframe_that_is_being_made_is_waited_for(studio: Studio) -> None:
    [still] = generate(studio, 3).queued
    [clip] = film(studio, [3]).queued
    assert clip.after_task_id == still.id
    assert clip.request.image_prompt == still.request.image_prompt


def test_a_keyframe_that_somebody_stops_is_not_waited_for(studio: Studio) -> None:
    still = studio.running_task(3, engine="draw")
    with studio.database.write() as connection:
        request_cancel(connection, still.id, studio.clock())
    new_still, clip = film(studio, [3]).queued
    assert still.id != new_still.id == clip.after_task_id


def test_an_approved_keyframe_that_is_up_to_date_is_simply_used(studio: Studio) -> None:
    approve(studio, 1)
    [clip] = film(studio, [1]).queued
    keyframe = studio.current(1)
    assert keyframe is not None
    assert (clip.after_task_id, clip.request.source_version_id) == (None, keyframe.id)


def test_a_keyframe_that_is_there_still_has_to_be_approved(studio: Studio) -> None:
    result = film(studio, "all")
    assert told(result) == [(3, "keyframe"), (4, "keyframe"), (3, "video"), (4, "video")]
    assert result.skipped == [(1, "its keyframe is not approved"), (2, "its keyframe is not approved")]


def make_stale(studio: Studio, segment_id: int) -> None:
    task = studio.running_task(segment_id, image_prompt=f"a harbour, part {segment_id}")
    studio.take_in(task, write_still(studio.folder / "made.png", "gold"))
    change_spec(studio, segment_id, image_prompt="a harbour in the snow")


def test_a_keyframe_that_is_out_of_date_is_made_anew_before_its_clip(studio: Studio) -> None:
    make_stale(studio, 1)
    still, clip = film(studio, [1]).queued
    assert (still.request.image_prompt, clip.after_task_id) == ("a harbour in the snow", still.id)
    assert clip.request.image_prompt == "a harbour in the snow"


def test_an_approved_keyframe_is_not_replaced_for_a_clip(studio: Studio) -> None:
    make_stale(studio, 1)
    approve(studio, 1)
    [clip] = film(studio, [1]).queued
    assert clip.request.source_version_id is not None
    tasks = tasks_of(studio, engine_keyframe="draw")
    tasks.cancel(clip.id)
    replaced = tasks.generate(STREAM, CLIP, [1], engine="draw", with_keyframes=True, allow_approved=True)
    still, clip = replaced.queued
    assert (clip.after_task_id, tasks.overrides(still.id)) == (still.id, ["replaces_approved"])


def test_what_lacks_a_prompt_is_left_alone(studio: Studio) -> None:
    change_spec(studio, 3, image_prompt="")
    change_spec(studio, 4, motion_prompt="")
    result = film(studio, [3, 4])
    assert result.queued == []
    assert result.skipped == [(3, "it has no keyframe yet"), (4, "it has no motion prompt")]


def test_keyframes_and_clips_are_held_against_the_budget_together(studio: Studio) -> None:
    with pytest.raises(RuleError, match=r"about \$1\.00, and \$0\.90 is left"):
        tasks_of(studio, engine_keyframe="till", budget_day_usd=0.9).generate(
            STREAM, CLIP, [3], engine="till", with_keyframes=True
        )
    assert tasks_of(studio).list() == []


def test_a_clip_whose_keyframe_failed_is_retried_after_the_next_keyframe(studio: Studio) -> None:
    still, clip = film(studio, [3]).queued
    fail(studio, still)
    fail(studio, clip)
    tasks = tasks_of(studio)
    with pytest.raises(RuleError, match="no keyframe for its clip"):
        tasks.retry(clip.id)
    still_again = tasks.retry(still.id)
    clip_again = tasks.retry(clip.id)
    assert clip_again.after_task_id == still_again.id
    assert tasks.overrides(clip_again.id) == ["unapproved_keyframe"]


def test_a_clip_is_retried_from_the_keyframe_that_is_there_by_now(studio: Studio) -> None:
    still, clip = film(studio, [3]).queued
    fail(studio, still)
    fail(studio, clip)
    write_still(studio.still(3))
    studio.scan()
    again = tasks_of(studio).retry(clip.id)
    keyframe = studio.current(3)
    assert keyframe is not None
    assert (again.after_task_id, again.request.source_version_id) == (None, keyframe.id)
