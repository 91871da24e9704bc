from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.domain.version import Kind, Origin, Provenance
from director_lib.errors import NotFoundError
from director_lib.store.assets import ensure_asset, find_asset_id
from director_lib.store.database import Database
from director_lib.store.tables import streams
from director_lib.store.versions import (
    NewVersion,
    add_version,
    clear_pending,
    current_versions,
    find_current,
    find_pending,
    find_version_by_sha,
    find_version_of_task,
    get_asset_file,
    get_version,
    list_asset_files,
    list_pending_assets,
    list_versions,
    record_file,
    set_current,
    set_pending,
)

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.write() as connection:
        yield connection


def new_version(content: str = "a", **facts: object) -> NewVersion:
    sha256 = (content * 64)[:64]
    return NewVersion(sha256, ".png", 10, Origin.GENERATED, NOW, **facts)  # type: ignore[arg-type]


def test_an_asset_is_made_once_with_its_stream(connection: sa.Connection) -> None:
    assert find_asset_id(connection, "film", 1, Kind.VIDEO) is None
    first = ensure_asset(connection, "film", 1, Kind.VIDEO, now=NOW)
    assert ensure_asset(connection, "film", 1, Kind.VIDEO, now=NOW) == first
    assert find_asset_id(connection, "film", 1, Kind.VIDEO) == first
    assert list(connection.scalars(sa.select(streams.c.id))) == ["film"]


def test_everything_known_of_a_version_is_read_back(connection: sa.Connection) -> None:
    asset_id = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
    source = add_version(connection, asset_id, new_version("a"))
    made_of = Provenance(
        image_prompt="a sea",
        motion_prompt="pan",
        negative_prompt="people",
        engine="local",
        model="local/1",
        seed=2**40,
        params={"steps": [1, 2]},
        source_version_id=source.id,
        cost_usd=0.25,
        task_id="t_1",
        author="dora",
        reference_sha256s=("b" * 64, "c" * 64),
        found_as="keyframes/segment_1.png",
        found_at=NOW,
    )
    made = add_version(
        connection, asset_id, new_version("b", width=64, height=36, duration_s=5.0, provenance=made_of)
    )
    assert made.provenance == made_of
    assert (made.stream_id, made.segment_id, made.kind) == ("film", 1, Kind.KEYFRAME)
    assert (made.width, made.height, made.duration_s, made.created_at) == (64, 36, 5.0, NOW)
    assert get_version(connection, made.id) == made
    assert find_version_of_task(connection, "t_1") == made
    assert find_version_of_task(connection, "t_2") is None


def test_versions_are_numbered_for_each_asset_and_listed_oldest_first(connection: sa.Connection) -> None:
    one = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
    two = ensure_asset(connection, "film", 2, Kind.KEYFRAME, now=NOW)
    for content in "abc":
        add_version(connection, one, new_version(content))
    add_version(connection, two, new_version("d"))
    assert [version.number for version in list_versions(connection, one)] == [1, 2, 3]
    assert [version.number for version in list_versions(connection, two)] == [1]


def test_a_version_of_an_unknown_asset_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(NotFoundError):
        add_version(connection, 7, new_version())


def test_one_task_can_make_one_version_only(connection: sa.Connection) -> None:
    asset_id = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
    made_of = Provenance(task_id="t_1")
    add_version(connection, asset_id, new_version("a", provenance=made_of))
    with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
        add_version(connection, asset_id, new_version("b", provenance=made_of))


def test_the_newest_version_with_the_same_bytes_is_found(connection: sa.Connection) -> None:
    asset_id = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
    other = ensure_asset(connection, "film", 2, Kind.KEYFRAME, now=NOW)
    for content in "aba":
        made = add_version(connection, asset_id, new_version(content))
    assert find_version_by_sha(connection, asset_id, "a" * 64) == made
    assert find_version_by_sha(connection, asset_id, "c" * 64) is None
    assert find_version_by_sha(connection, other, "a" * 64) is None


def test_the_current_version_is_the_one_that_was_set(connection: sa.Connection) -> None:
    asset_id = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
    ensure_asset(connection, "film", 2, Kind.KEYFRAME, now=NOW)
    first, _ = (add_version(connection, asset_id, new_version(content)) for content in "ab")
    assert find_current(connection, asset_id) is None
    assert current_versions(connection, "film") == {}
    set_current(connection, asset_id, first.id)
    assert find_current(connection, asset_id) == first
    assert current_versions(connection, "film") == {(1, Kind.KEYFRAME): first}
    assert current_versions(connection, "other") == {}


def test_a_pointer_to_another_assets_version_is_refused(connection: sa.Connection) -> None:
    one = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
    two = ensure_asset(connection, "film", 2, Kind.KEYFRAME, now=NOW)
    version = add_version(connection, one, new_version())
    for point in (set_current, set_pending):
        with pytest.raises(NotFoundError):
            point(connection, two, version.id)


def test_a_pending_version_waits_until_it_is_cleared(connection: sa.Connection) -> None:
    asset_id = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
    version = add_version(connection, asset_id, new_version())
    set_pending(connection, asset_id, version.id)
    assert find_pending(connection, asset_id) == version
    assert list_pending_assets(connection) == [asset_id]
    clear_pending(connection, asset_id)
    assert find_pending(connection, asset_id) is None
    assert list_pending_assets(connection) == []


def test_what_is_recorded_of_a_file_is_read_back(connection: sa.Connection) -> None:
    asset_id = ensure_asset(connection, "film", 1, Kind.VIDEO, now=NOW)
    version = add_version(connection, asset_id, new_version())
    record_file(connection, asset_id, "videos/segment_1.mp4", "10:20")
    set_pending(connection, asset_id, version.id)
    file = get_asset_file(connection, asset_id)
    assert (file.path, file.stamp) == ("videos/segment_1.mp4", "10:20")
    assert (file.current_version_id, file.pending_version_id) == (None, version.id)
    assert list_asset_files(connection, "film") == {(1, Kind.VIDEO): file}
    with pytest.raises(NotFoundError):
        get_asset_file(connection, 99)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(1, 3), st.sampled_from("abcd")), max_size=12))
def test_numbers_never_repeat_and_nothing_disappears(
    database: Database, moves: list[tuple[int, str]]
) -> None:
    made: dict[int, list[str]] = {}
    film = f"film-{uuid4()}"
    with database.write() as connection:
        for segment_id, content in moves:
            asset_id = ensure_asset(connection, film, segment_id, Kind.KEYFRAME, now=NOW)
            version = add_version(connection, asset_id, new_version(content))
            set_current(connection, asset_id, version.id)
            made.setdefault(segment_id, []).append(content)
            listed = list_versions(connection, asset_id)
            assert [item.number for item in listed] == list(range(1, len(listed) + 1))
            assert [item.sha256[0] for item in listed] == made[segment_id]
            assert find_current(connection, asset_id) == version
