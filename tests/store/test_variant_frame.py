"""The variants frame on both databases: who stood where, who won, and what was taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from director_lib.domain.task import PRIORITY_SINGLE, GenerationRequest, TaskState
from director_lib.domain.variant_arm import VariantPlace
from director_lib.domain.version import Kind, Origin, Provenance
from director_lib.metrics.paired_frames import VARIANTS
from director_lib.store.assets import ensure_asset
from director_lib.store.database import Database
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tasks import Outcome, finish, start
from director_lib.store.variant_frame import variants_frame
from director_lib.store.variant_picks import NewPick, add_pick, take_back_pick
from director_lib.store.variant_sets import (
    NewVariantSet,
    add_missing_sets,
    count_unpicked,
    get_set,
    hidden_versions,
)
from director_lib.store.versions import NewVersion, add_version

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLACE = ("film", 1, Kind.KEYFRAME)


def add_set(
    connection: sa.Connection, set_id: str = "v_1", *, blind: bool = True, places: tuple[int, ...] = (2, 1)
) -> list[int]:
    """Record a set of finished versions, shown at these places; return their ids."""
    asset_id = ensure_asset(connection, *PLACE, now=NOW)
    seeds = [int(set_id[2:]) * 10 + n for n in range(len(places))]
    shown = tuple(
        VariantPlace(place, seed, preset="fog" if place == 1 else "")
        for place, seed in zip(places, seeds, strict=True)
    )
    made_at = NOW + timedelta(seconds=int(set_id[2:]))
    add_missing_sets(connection, [NewVariantSet(set_id, PLACE, "dora", made_at, blind, shown)])
    return [_add_version(connection, asset_id, set_id, seed) for seed in seeds]


def _add_version(connection: sa.Connection, asset_id: int, set_id: str, seed: int) -> int:
    request = GenerationRequest(*PLACE, engine="local", image_prompt="a lake", seed=seed)
    task_id = f"t_{set_id}_{seed}"
    new = NewTask(task_id, request, "dora", 0.0, PRIORITY_SINGLE, NOW, variant_set_id=set_id)
    enqueue(connection, new)
    start(connection, task_id, NOW)
    made_of = Provenance(image_prompt="a lake", engine="local", seed=seed, task_id=task_id)
    version = NewVersion(f"{seed:064x}", ".png", 9, Origin.GENERATED, NOW, provenance=made_of)
    version_id = add_version(connection, asset_id, version).id
    finish(connection, task_id, Outcome(TaskState.SUCCEEDED, NOW, version_id=version_id))
    return version_id


def pick(connection: sa.Connection, version_id: int | None, minute: int, set_id: str = "v_1") -> int:
    found = get_set(connection, set_id)
    position = None if version_id is None else found.position_of(version_id)
    at = NOW + timedelta(minutes=minute)
    return add_pick(connection, NewPick(set_id, version_id, position, found.is_hidden, "dora", at))


def test_an_empty_studio_has_an_empty_frame_of_the_documented_columns(database: Database) -> None:
    with database.read() as connection:
        frame = variants_frame(connection)
    assert frame.empty
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == VARIANTS.columns


def test_winner_places_and_blindness_are_as_they_were_when_somebody_chose(database: Database) -> None:
    with database.write() as connection:
        first, second = add_set(connection)
        assert hidden_versions(connection, 1) == {first, second}
        pick(connection, second, 1)
        assert hidden_versions(connection, 1) == set()
        pick(connection, first, 2)
        frame = variants_frame(connection, "film").set_index("version_id")
        assert variants_frame(connection, "another").empty
    assert {name: str(frame[name].dtype) for name in frame} == {
        name: dtype for name, dtype in VARIANTS.columns.items() if name != "version_id"
    }
    assert frame["position"].to_dict() == {first: 2, second: 1}
    assert frame["won"].to_dict() == {first: 1.0, second: 0.0}
    assert frame["preset"].to_dict() == {first: "", second: "fog"}
    # the second choice was made after everybody had seen which was which
    assert not frame["blind"].any()
    assert set(frame["decided_at"]) == {NOW + timedelta(minutes=2)}


def test_what_was_taken_back_counts_no_more_and_what_it_replaced_counts_again(database: Database) -> None:
    with database.write() as connection:
        first, second = add_set(connection)
        earlier = pick(connection, second, 1)
        later = pick(connection, first, 2)
        take_back_pick(connection, "v_1", later, NOW)
        assert get_set(connection, "v_1").winner_version_id == second
        frame = variants_frame(connection).set_index("version_id")
        assert (frame["won"].to_dict(), frame["blind"].all()) == ({first: 0.0, second: 1.0}, True)
        take_back_pick(connection, "v_1", earlier, NOW)
        assert get_set(connection, "v_1").picked_at is None
        assert variants_frame(connection)["won"].isna().all()
        assert count_unpicked(connection, "film", Kind.KEYFRAME) == {1: 2}


def test_somebody_elses_later_choice_stays_when_an_earlier_one_is_taken_back(database: Database) -> None:
    with database.write() as connection:
        first, second = add_set(connection)
        mine = pick(connection, second, 1)
        pick(connection, first, 2)
        take_back_pick(connection, "v_1", mine, NOW)
        assert get_set(connection, "v_1").winner_version_id == first


def test_none_better_is_half_each_and_waits_for_nobody(database: Database) -> None:
    with database.write() as connection:
        add_set(connection)
        pick(connection, None, 1)
        assert get_set(connection, "v_1").is_tie
        assert variants_frame(connection)["won"].to_list() == [0.5, 0.5]
        assert count_unpicked(connection, "film", Kind.KEYFRAME) == {}


@pytest.mark.parametrize("blind", [True, False])
def test_only_the_newest_blind_set_is_hidden(database: Database, *, blind: bool) -> None:
    with database.write() as connection:
        add_set(connection, "v_1")
        newer = add_set(connection, "v_2", blind=blind)
        assert hidden_versions(connection, 1) == (set(newer) if blind else set())


def test_sets_without_places_have_them_in_the_order_of_asking(database: Database) -> None:
    with database.write() as connection:
        asset_id = ensure_asset(connection, *PLACE, now=NOW)
        add_missing_sets(connection, [NewVariantSet("v_1", PLACE, "dora", NOW)])
        made = [_add_version(connection, asset_id, "v_1", seed) for seed in (9, 4)]
        assert variants_frame(connection)["position"].to_list() == [1, 2]
        assert get_set(connection, "v_1").position_of(made[1]) == 2
        assert get_set(connection, "v_1").position_of(99) is None
