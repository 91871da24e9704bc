from __future__ import annotations

import pytest

from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError, RuleError
from director_lib.store.events import list_events
from director_lib.store.tasks import request_cancel
from director_lib.store.variant_sets import count_unpicked
from director_lib.workbench import Workbench
from director_lib.workbench.tasks import GenerateResult, Tasks
from tests.workbench.conftest import OpenAs
from tests.workbench.repairing import PricedEngine, ask, current, finish

STILL = Kind.KEYFRAME


def vary(workbench: Workbench, *segment_ids: int, variants: int = 3) -> GenerateResult:
    return workbench.tasks.generate("film", STILL, list(segment_ids), variants=variants)


def test_variants_are_one_set_of_tasks_with_seeds_of_their_own(director: Workbench) -> None:
    result = vary(director, 3, 4)
    assert [task.request.segment_id for task in result.queued] == [3, 3, 3, 4, 4, 4]
    assert len({task.request.seed for task in result.queued}) == 6
    assert result.existing == []
    [made] = director.variants.of("film", 3, STILL)
    assert [task.id for task in made.tasks] == [task.id for task in result.queued[:3]]
    assert (made.author, made.segment_id, made.kind, made.is_open) == ("dora", 3, STILL, True)
    assert (made.winner_version_id, made.versions) == (None, ())
    assert director.variants.get(made.id) == made


def test_one_version_is_no_set(director: Workbench) -> None:
    vary(director, 3, variants=1)
    assert director.variants.of("film", 3, STILL) == []


def test_each_variant_is_paid(director: Workbench) -> None:
    studio = director.studio
    tasks = Tasks(
        studio.database, studio.settings, studio.actor, studio.clock, engines=lambda *_: PricedEngine()
    )
    assert tasks.generate("film", STILL, [3], variants=4).price_usd == pytest.approx(0.16)


@pytest.mark.parametrize("variants", [-1, 0, 5])
def test_too_many_variants_or_none_are_refused(director: Workbench, variants: int) -> None:
    with pytest.raises(InputError, match="1 to 4"):
        vary(director, 3, variants=variants)
    assert director.tasks.list() == []


def test_asking_twice_for_the_same_variants_makes_one_set(director: Workbench) -> None:
    first, again = vary(director, 3), vary(director, 3)
    assert [task.id for task in again.queued] == [task.id for task in first.queued]
    assert (again.existing, again.price_usd) == ([task.id for task in first.queued], 0.0)
    assert len(director.variants.of("film", 3, STILL)) == 1


def test_another_number_or_another_prompt_is_another_set(director: Workbench, stream_folder: object) -> None:
    vary(director, 3)
    vary(director, 3, variants=2)
    ask(director.studio.root.path("film"), 3, image_prompt="a lake")
    vary(director, 3)
    sizes = [len(made.tasks) for made in director.variants.of("film", 3, STILL)]
    assert sizes == [3, 2, 3]


def test_a_set_that_somebody_stops_is_not_joined(director: Workbench) -> None:
    [task, *_] = vary(director, 3).queued
    with director.studio.database.write() as connection:
        request_cancel(connection, task.id, director.studio.clock())
    assert vary(director, 3).existing == []


def test_a_chosen_seed_is_the_first_of_the_variants(director: Workbench) -> None:
    result = director.tasks.generate("film", STILL, [3], variants=3, seed=2**31 - 1)
    assert [task.request.seed for task in result.queued] == [2**31 - 1, 0, 1]


def test_nothing_of_a_set_is_current_until_somebody_picks(director: Workbench) -> None:
    before = current(director, STILL, 3)
    made = [finish(director, task) for task in vary(director, 3).queued]
    [found] = director.variants.of("film", 3, STILL)
    assert [version.id for version in found.versions] == [version.id for version in made]
    assert (current(director, STILL, 3), found.is_open) == (before, False)
    with director.studio.database.read() as connection:
        assert count_unpicked(connection, "film", STILL) == {3: 3}


def test_the_version_that_is_picked_wins_and_becomes_current(director: Workbench) -> None:
    made = [finish(director, task) for task in vary(director, 3).queued]
    [found] = director.variants.of("film", 3, STILL)
    assert director.variants.pick(found.id, made[1].id).id == made[1].id
    assert current(director, STILL, 3).id == made[1].id
    picked = director.variants.get(found.id)
    assert (picked.winner_version_id, picked.picked_by) == (made[1].id, "dora")
    with director.studio.database.read() as connection:
        event, *_ = list_events(connection)
        assert count_unpicked(connection, "film", STILL) == {}
    assert (event.verb, event.segment_id) == ("picked_variant", 3)
    assert event.details == {"variant_set_id": found.id, "version_id": made[1].id, "before_id": None}


def test_one_undo_takes_a_pick_back_and_one_redo_gives_it_again(director: Workbench) -> None:
    before = current(director, STILL, 3)
    made = [finish(director, task) for task in vary(director, 3).queued]
    [found] = director.variants.of("film", 3, STILL)
    director.variants.pick(found.id, made[1].id)
    assert director.reviews.undo() == "picked variant 2 of keyframe 3"
    assert current(director, STILL, 3) == before
    taken_back = director.variants.get(found.id)
    assert (taken_back.winner_version_id, taken_back.picked_by, taken_back.picked_at) == (None, None, None)
    assert director.reviews.redo() == "picked variant 2 of keyframe 3"
    assert current(director, STILL, 3) == made[1]
    assert director.variants.get(found.id).winner_version_id == made[1].id
    assert len(director.reviews.versions("film", 3, STILL)) == 4


def test_a_second_pick_that_is_undone_leaves_the_first(director: Workbench) -> None:
    made = [finish(director, task) for task in vary(director, 3).queued]
    [found] = director.variants.of("film", 3, STILL)
    for version in made[:2]:
        director.variants.pick(found.id, version.id)
    director.reviews.undo()
    assert director.variants.get(found.id).winner_version_id == made[0].id
    assert current(director, STILL, 3) == made[0]


def test_the_first_of_a_segment_without_a_still_may_be_picked_as_it_is(director: Workbench) -> None:
    made = [finish(director, task) for task in vary(director, 4).queued]
    assert current(director, STILL, 4) == made[0]
    [found] = director.variants.of("film", 4, STILL)
    director.variants.pick(found.id, made[0].id)
    director.reviews.undo()
    assert current(director, STILL, 4) == made[0]
    assert director.variants.get(found.id).winner_version_id is None


def test_a_newer_set_is_the_one_that_waits_for_a_pick(director: Workbench) -> None:
    for variants in (3, 2):
        for task in vary(director, 3, variants=variants).queued:
            finish(director, task)
    with director.studio.database.read() as connection:
        assert count_unpicked(connection, "film", STILL) == {3: 2}


def test_a_set_may_be_decided_anew(director: Workbench) -> None:
    first, second, _ = (finish(director, task) for task in vary(director, 3).queued)
    [found] = director.variants.of("film", 3, STILL)
    for version in (first, second, second):
        director.variants.pick(found.id, version.id)
    assert director.variants.get(found.id).winner_version_id == second.id
    assert current(director, STILL, 3).id == second.id
    with director.studio.database.read() as connection:
        picks = [event.details["version_id"] for event in list_events(connection) if "pick" in event.verb]
    assert picks == [second.id, first.id]


def test_a_version_of_another_set_is_not_picked(director: Workbench) -> None:
    before = current(director, STILL, 3)
    vary(director, 3)
    [found] = director.variants.of("film", 3, STILL)
    with pytest.raises(RuleError, match="not made for this set of 3 variants"):
        director.variants.pick(found.id, before.id)
    with pytest.raises(NotFoundError):
        director.variants.pick("v_none", before.id)
    assert director.variants.get(found.id).winner_version_id is None


def test_a_failed_variant_that_is_retried_stays_in_its_set(director: Workbench) -> None:
    [task, *_] = vary(director, 3).queued
    director.tasks.cancel(task.id)
    again = director.tasks.retry(task.id)
    [found] = director.variants.of("film", 3, STILL)
    assert again.id in [each.id for each in found.tasks]


def test_a_viewer_sees_sets_and_picks_none(director: Workbench, open_as: OpenAs) -> None:
    version, *_ = (finish(director, task) for task in vary(director, 3).queued)
    viewer = open_as("vera", Role.VIEWER)
    [found] = viewer.variants.of("film", 3, STILL)
    with pytest.raises(PermissionDeniedError):
        viewer.variants.pick(found.id, version.id)
