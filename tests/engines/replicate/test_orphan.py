"""Finding an attempt's job with nothing but the order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from director_lib.engines.replicate import ReplicateEngine
from director_lib.engines.replicate.marks import mark_s
from director_lib.errors import ConfigError, EngineBusyError, OutcomeUnknownError
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.engines.replicate.conftest import MakeEngine, MakeOrder


def test_an_order_that_never_left_has_no_orphan(engine: ReplicateEngine, clip_order: MakeOrder) -> None:
    assert engine.find_orphan(clip_order()) is None


def test_an_upload_without_an_order_is_no_orphan(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    fake.faults["create"] = ["429"]
    order = clip_order()
    with pytest.raises(EngineBusyError):
        engine.submit(order)
    assert len(fake.files) == 1
    assert engine.find_orphan(order) is None


def test_each_of_many_equal_attempts_finds_its_own(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    fake.page_size = 2
    orders = [clip_order(f"task-1:{number}") for number in range(7)]
    made = [engine.submit(order) for order in orders]
    assert [engine.find_orphan(order) for order in orders] == made


def test_the_keyframe_tells_apart_even_where_the_time_limit_does_not(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    fake.shows_deadlines = False
    orders = [clip_order(f"task-1:{number}") for number in range(3)]
    made = [engine.submit(order) for order in orders]
    assert [engine.find_orphan(order) for order in orders] == made
    assert engine.find_orphan(clip_order("task-1:9")) is None


def test_stills_from_the_same_words_are_told_apart_by_their_time_limit(
    engine: ReplicateEngine, fake: FakeReplicate, still_order: MakeOrder
) -> None:
    orders = [still_order(f"task-2:{number}") for number in range(5)]
    assert len({mark_s(order.tag, 1800) for order in orders}) == 5
    made = [engine.submit(order) for order in orders]
    assert [engine.find_orphan(order) for order in orders] == made
    assert engine.find_orphan(still_order("task-2:99")) is None


def test_a_still_with_references_is_found_by_them(
    make_engine: MakeEngine, fake: FakeReplicate, still_order: MakeOrder, keyframe: Path
) -> None:
    fake.shows_deadlines = False
    engine = make_engine(image_model="google/nano-banana")
    orders = [still_order(f"task-2:{number}", references=(keyframe,)) for number in range(2)]
    made = [engine.submit(order) for order in orders]
    assert [engine.find_orphan(order) for order in orders] == made


def test_a_job_that_is_listed_late_is_found_later(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    order = clip_order()
    remote_id = engine.submit(order)
    fake.lists = False
    assert engine.find_orphan(order) is None
    fake.lists = True
    assert engine.find_orphan(order) == remote_id


@pytest.mark.parametrize("clock_ahead_s", [-500.0, 500.0])
def test_a_clock_that_is_minutes_wrong_hides_nothing(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, clock_ahead_s: float
) -> None:
    fake.clock_ahead_s = clock_ahead_s
    order = clip_order()
    assert engine.submit(order) == engine.find_orphan(order)


def test_jobs_of_long_before_are_not_looked_through(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    order = clip_order(placed_at=datetime.now(UTC) + timedelta(hours=1))
    engine.submit(order)
    assert engine.find_orphan(order) is None


def test_a_job_is_found_after_the_studio_chose_another_model(
    engine: ReplicateEngine, make_engine: MakeEngine, clip_order: MakeOrder
) -> None:
    order = clip_order()
    remote_id = engine.submit(order)
    assert make_engine(video_model="kwaivgi/kling-v2.5-turbo-pro").find_orphan(order) == remote_id


@pytest.mark.parametrize("kind", ["clip", "still"])
def test_a_job_is_recognised_after_its_input_was_erased(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, still_order: MakeOrder, kind: str
) -> None:
    order = clip_order() if kind == "clip" else still_order()
    remote_id = engine.submit(order)
    engine.submit(clip_order("another:1"))
    for prediction_id in fake.predictions:
        fake.erase(prediction_id)
    assert engine.find_orphan(order) == remote_id


def test_a_job_is_recognised_after_its_picture_is_gone(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    order = clip_order()
    remote_id = engine.submit(order)
    engine.submit(clip_order("another:1"))
    fake.files.clear()
    assert engine.find_orphan(order) == remote_id


def test_one_job_that_nothing_speaks_against_is_taken(
    engine: ReplicateEngine, fake: FakeReplicate, still_order: MakeOrder
) -> None:
    fake.shows_deadlines = False
    order = still_order()
    remote_id = engine.submit(order)
    engine.submit(still_order("task-3:1", seed=43))
    engine.submit(still_order("task-4:1", image_prompt="another thing"))
    assert engine.find_orphan(order) == remote_id


def test_several_jobs_that_nothing_tells_apart_are_never_guessed(
    engine: ReplicateEngine, fake: FakeReplicate, still_order: MakeOrder
) -> None:
    fake.shows_deadlines = False
    engine.submit(still_order("task-2:1"))
    engine.submit(still_order("task-2:2"))
    with pytest.raises(OutcomeUnknownError, match="lists 2 orders that could be this one"):
        engine.find_orphan(still_order("task-2:2"))


def test_an_erased_job_that_could_be_it_is_never_ordered_again_blindly(
    engine: ReplicateEngine, fake: FakeReplicate, still_order: MakeOrder
) -> None:
    fake.shows_deadlines = False
    fake.erase(engine.submit(still_order()))
    with pytest.raises(OutcomeUnknownError, match="lists 1 order that could"):
        engine.find_orphan(still_order())


def test_a_large_seed_that_was_folded_is_recognised(
    make_engine: MakeEngine, fake: FakeReplicate, still_order: MakeOrder
) -> None:
    order = still_order(seed=2**40 + 5)
    engine = make_engine()
    remote_id = engine.submit(order)
    assert fake.last["input"]["seed"] < 2**31
    assert engine.find_orphan(order) == remote_id


@pytest.mark.parametrize("fault", ["500", "429:9", "garbage", "half", "reset_after", "reset_before"])
@pytest.mark.parametrize("endpoint", ["list", "file"])
def test_a_search_that_breaks_off_says_so_instead_of_finding_nothing(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, endpoint: str, fault: str
) -> None:
    order = clip_order()
    remote_id = engine.submit(order)
    fake.faults[endpoint] = [fault]
    with pytest.raises(EngineBusyError):
        engine.find_orphan(order)
    assert engine.find_orphan(order) == remote_id


def test_a_second_page_that_fails_is_not_taken_for_the_end(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    fake.page_size = 1
    order = clip_order()
    engine.submit(order)
    engine.submit(clip_order("another:1"))
    fake.faults["list"] = ["", "500"]
    with pytest.raises(EngineBusyError):
        engine.find_orphan(order)


def test_a_search_with_a_refused_token_names_its_setting(
    make_engine: MakeEngine, clip_order: MakeOrder
) -> None:
    with pytest.raises(ConfigError, match="REPLICATE_API_TOKEN"):
        make_engine(token="r8_wrong").find_orphan(clip_order())
