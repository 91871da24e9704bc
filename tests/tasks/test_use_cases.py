from __future__ import annotations

import pytest

from director_lib.config import load_settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.task import PRIORITY_BATCH, PRIORITY_SINGLE, Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError, RuleError
from director_lib.workbench.tasks import Tasks
from tests.intake.studio import STREAM, Studio, request_of, write_still
from tests.tasks.asking import approve, change_spec, end, generate, tasks_of


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


def test_the_request_says_exactly_what_is_sent(studio: Studio) -> None:
    request = tasks_of(studio).request_for(studio.stream, 1, Kind.KEYFRAME)
    assert (request.image_prompt, request.motion_prompt) == ("a harbour, part 1", "")
    assert (request.engine, request.width, request.height) == ("local", 64, 36)
    assert request.source_version_id is None


def test_wishes_win_over_what_the_stream_says(studio: Studio) -> None:
    request = tasks_of(studio).request_for(
        studio.stream, 1, Kind.VIDEO, motion_prompt=" pan ", seed=0, engine="draw", image_prompt="a city"
    )
    assert (request.image_prompt, request.motion_prompt, request.seed) == ("a city", "pan", 0)
    assert request.engine == "draw"


def test_a_clip_names_the_keyframe_that_it_starts_from(studio: Studio) -> None:
    keyframe = studio.current(1)
    assert keyframe is not None
    request = tasks_of(studio).request_for(studio.stream, 1, Kind.VIDEO)
    assert request.source_version_id == keyframe.id
    assert tasks_of(studio).request_for(studio.stream, 3, Kind.VIDEO).source_version_id is None


def test_seeds_are_drawn_anew_each_time(studio: Studio) -> None:
    tasks = tasks_of(studio)
    seeds = {tasks.request_for(studio.stream, 1, Kind.KEYFRAME).seed for _ in range(20)}
    assert len(seeds) > 15


def test_prices_add_up(studio: Studio) -> None:
    requests = [request_of(1, engine="till"), request_of(2, engine="till"), request_of(3, engine="draw")]
    assert tasks_of(studio).price(requests) == pytest.approx(1.0)
    assert tasks_of(studio).price([]) == 0.0


def test_generating_queues_a_task_with_its_event(studio: Studio) -> None:
    result = generate(studio, 3)
    [task] = result.queued
    assert (task.state, task.author, task.priority) == (TaskState.QUEUED, "dora", PRIORITY_SINGLE)
    assert task.id.startswith("t_")
    assert len(task.id) == 22
    assert studio.verbs()[-1] == "queued"


def test_two_clicks_make_one_task(studio: Studio) -> None:
    first, second = generate(studio, 3), generate(studio, 3)
    assert first.queued == second.queued
    assert len(tasks_of(studio).list()) == 1
    assert studio.verbs().count("queued") == 1


def test_several_segments_wait_behind_a_single_one(studio: Studio) -> None:
    assert {task.priority for task in generate(studio, 3, 4).queued} == {PRIORITY_BATCH}


def test_missing_finds_what_has_no_version(studio: Studio) -> None:
    result = tasks_of(studio).generate(STREAM, Kind.KEYFRAME, "missing", engine="draw")
    assert [task.request.segment_id for task in result.queued] == [3, 4]


def test_a_file_on_disk_that_nobody_read_is_not_missing(studio: Studio) -> None:
    write_still(studio.still(3))
    result = tasks_of(studio).generate(STREAM, Kind.KEYFRAME, "missing", engine="draw")
    assert [task.request.segment_id for task in result.queued] == [4]


def test_missing_leaves_alone_what_is_being_made(studio: Studio) -> None:
    generate(studio, 3)
    result = tasks_of(studio).generate(STREAM, Kind.KEYFRAME, "missing", engine="draw")
    assert result.skipped == [(3, "it is being made already")]
    assert [task.request.segment_id for task in result.queued] == [4]


def test_stale_finds_what_was_made_from_another_prompt(studio: Studio) -> None:
    task = studio.running_task(1, image_prompt="a harbour, part 1")
    studio.take_in(task, write_still(studio.folder / "made.png", "gold"))
    assert tasks_of(studio).generate(STREAM, Kind.KEYFRAME, "stale", engine="draw").queued == []
    change_spec(studio, 1, image_prompt="a harbour in the snow")
    result = tasks_of(studio).generate(STREAM, Kind.KEYFRAME, "stale", engine="draw")
    assert [task.request.segment_id for task in result.queued] == [1]


def test_all_leaves_alone_what_is_approved_and_says_so(studio: Studio) -> None:
    approve(studio, 2)
    result = tasks_of(studio).generate(STREAM, Kind.KEYFRAME, "all", engine="draw")
    assert [task.request.segment_id for task in result.queued] == [1, 3, 4]
    assert result.skipped == [(2, "its keyframe is approved")]


def test_an_approved_one_is_replaced_only_when_that_was_said(studio: Studio) -> None:
    approve(studio, 1)
    assert generate(studio, 1).queued == []
    result = tasks_of(studio).generate(STREAM, Kind.KEYFRAME, [1], engine="draw", allow_approved=True)
    assert len(result.queued) == 1


def test_a_segment_without_a_prompt_is_left_alone(studio: Studio) -> None:
    change_spec(studio, 3, image_prompt=" ")
    assert generate(studio, 3).skipped == [(3, "it has no image prompt")]


def test_a_clip_waits_for_its_keyframes_approval(studio: Studio) -> None:
    tasks = tasks_of(studio)
    approve(studio, 1)
    change_spec(studio, 4, motion_prompt="")
    result = tasks.generate(STREAM, Kind.VIDEO, "all", engine="draw")
    assert [task.request.segment_id for task in result.queued] == [1]
    assert result.skipped == [
        (2, "its keyframe is not approved"),
        (3, "it has no keyframe yet"),
        (4, "it has no motion prompt"),
    ]
    allowed = tasks.generate(STREAM, Kind.VIDEO, [2], engine="draw", allow_unapproved_keyframe=True)
    assert len(allowed.queued) == 1


def test_an_unknown_segment_stream_engine_or_selection_is_refused(studio: Studio) -> None:
    tasks = tasks_of(studio)
    for stream_id, segments, engine, error in (
        (STREAM, [9], "draw", NotFoundError),
        ("nowhere", [1], "draw", NotFoundError),
        (STREAM, [1], "no-such", InputError),
        (STREAM, "some", "draw", InputError),
    ):
        with pytest.raises(error):
            tasks.generate(stream_id, Kind.KEYFRAME, segments, engine=engine)
    assert tasks.list() == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_only_those_who_may_generate_do(studio: Studio, role: Role) -> None:
    [task] = generate(studio, 3).queued
    tasks = tasks_of(studio, role)
    for act in (
        lambda: tasks.generate(STREAM, Kind.KEYFRAME, [4]),
        lambda: tasks.cancel(task.id),
        lambda: tasks.retry(task.id),
    ):
        with pytest.raises(PermissionDeniedError):
            act()
    assert tasks.get(task.id) == task


def test_cancelling_tells_the_timeline_once(studio: Studio) -> None:
    [task] = generate(studio, 3).queued
    tasks = tasks_of(studio)
    assert tasks.cancel(task.id).state is TaskState.CANCELLED
    assert tasks.cancel(task.id).state is TaskState.CANCELLED
    assert studio.verbs().count("cancelled") == 1


def test_a_failed_task_is_tried_again_with_the_same_request(studio: Studio) -> None:
    [task] = generate(studio, 3).queued
    end(studio, task, TaskState.FAILED)
    tasks = tasks_of(studio)
    again = tasks.retry(task.id)
    assert again.id != task.id
    assert again.request == task.request
    assert tasks.retry(task.id) == again


@pytest.mark.parametrize("state", [TaskState.QUEUED, TaskState.SUCCEEDED])
def test_there_is_nothing_to_retry_while_a_task_is_open_or_after_it_succeeded(
    studio: Studio, state: TaskState
) -> None:
    [task] = generate(studio, 3).queued
    if state is TaskState.SUCCEEDED:
        end(studio, task, state)
    with pytest.raises(RuleError, match="nothing to try again"):
        tasks_of(studio).retry(task.id)


def test_queueing_in_a_transaction_that_fails_leaves_nothing(studio: Studio) -> None:
    tasks = tasks_of(studio)

    def queue_and_fail() -> None:
        with studio.database.write() as connection:
            tasks.enqueue_in(connection, request_of(3, engine="draw"), PRIORITY_SINGLE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        queue_and_fail()
    assert tasks.list() == []
    assert "queued" not in studio.verbs()


def test_waiting_ends_at_the_timeout_with_the_task_still_open(studio: Studio) -> None:
    [task] = generate(studio, 3).queued
    seen: list[Task] = []
    assert tasks_of(studio).wait([task.id], 0.0, seen.append) == [task]
    assert seen == [task]


def test_without_a_worker_there_is_none_to_find(studio: Studio) -> None:
    assert tasks_of(studio).find_worker() is None


def test_the_local_engine_is_the_usual_one(studio: Studio) -> None:
    usual = load_settings(home=studio.settings.home, _env_file=None)
    tasks = Tasks(studio.database, usual, Actor("dora", Role.DIRECTOR), studio.clock)
    [task] = tasks.generate(STREAM, Kind.KEYFRAME, [3]).queued
    assert (task.request.engine, task.price_usd) == ("local", 0.0)
