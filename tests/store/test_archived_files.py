"""What is recorded of archived files, and what may go, on both databases."""

from __future__ import annotations

from datetime import timedelta

from director_lib.domain.archive_policy import Hold
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind, Origin, Provenance
from director_lib.store.archive_reads import (
    bytes_made_since,
    find_first_made,
    list_holds,
    list_old_versions,
)
from director_lib.store.archived_files import (
    ArchivedFile,
    find_away,
    list_archived,
    list_away,
    list_copies,
    mark_here,
    mark_purged,
    mark_trashed,
    mark_verified,
    record_archived,
    sum_archived,
    sum_files_here,
)
from director_lib.store.assets import ensure_asset
from director_lib.store.database import Database
from director_lib.store.decisions import NewDecision, add_decision, take_back_decision
from director_lib.store.versions import NewVersion, add_version, set_current
from tests.store.test_versions import NOW

KEY = ("a" * 64, ".png")
LATER = NOW + timedelta(days=1)


def copy_in(place: str) -> ArchivedFile:
    return ArchivedFile(*KEY, 9, place, "versions/aa/a.png", "dora", NOW, NOW)


def test_a_copy_is_recorded_once_for_each_archive_and_its_way_followed(database: Database) -> None:
    with database.write() as connection:
        for place in ("file:///a", "s3://b", "file:///a"):
            record_archived(connection, copy_in(place))
        assert [file.place for file in list_archived(connection)] == ["s3://b", "file:///a"]
        assert (sum_archived(connection), list_away(connection)) == ((1, 9), frozenset())
        mark_trashed(connection, KEY, NOW)
        mark_purged(connection, KEY, LATER)
        mark_verified(connection, copy_in("s3://b"), LATER)
        assert list_away(connection) == {KEY}
        assert find_away(connection, [KEY[0], "b" * 64]) == {KEY[0]}
        told = {copy.place: copy for copy in list_copies(connection, KEY)}
        assert (told["s3://b"].verified_at, told["file:///a"].verified_at) == (LATER, NOW)
        assert {copy.purged_at for copy in told.values()} == {LATER}
        mark_here(connection, KEY)
        assert {copy.trashed_at for copy in list_copies(connection, KEY)} == {None}
        assert find_away(connection, [KEY[0]]) == frozenset()


def test_sizes_holds_and_growth_are_read(database: Database) -> None:
    with database.write() as connection:
        asset_id = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
        made = [
            add_version(connection, asset_id, NewVersion(sha * 64, ".png", size, Origin.GENERATED, at))
            for sha, size, at in (("a", 9, NOW), ("b", 20, LATER), ("c", 30, LATER), ("d", 40, LATER))
        ]
        refers = Provenance(reference_sha256s=("b" * 64,))
        clip = NewVersion("e" * 64, ".mp4", 50, Origin.GENERATED, LATER, provenance=refers)
        add_version(connection, ensure_asset(connection, "film", 1, Kind.VIDEO, now=NOW), clip)
        set_current(connection, asset_id, made[3].id)
        for version in (made[0], made[2]):
            new = NewDecision(version.id, version.sha256, DecisionKind.APPROVED, "dora", NOW)
            decision = add_decision(connection, new)
        take_back_decision(connection, decision.seq, "dora", NOW)
        record_archived(connection, copy_in("s3://b"))
        mark_trashed(connection, KEY, NOW)
    with database.read() as connection:
        assert sum_files_here(connection, "film") == {
            (Kind.KEYFRAME, True): (1, 40),
            (Kind.KEYFRAME, False): (2, 50),
            (Kind.VIDEO, False): (1, 50),
        }
        wanted = {made[0].id: Hold.APPROVED, made[1].id: Hold.REFERENCED, made[3].id: Hold.CURRENT}
        assert list_holds(connection) == wanted
        for version in made:
            key = (version.sha256, version.extension)
            assert list_holds(connection, key) == {
                number: hold for number, hold in wanted.items() if number == version.id
            }
            assert len(list_old_versions(connection, key)) == 4
        assert (bytes_made_since(connection, LATER), find_first_made(connection)) == (140, NOW)
        assert bytes_made_since(connection, NOW) == 149
