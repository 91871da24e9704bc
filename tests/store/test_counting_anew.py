"""What a release before has counted by another rule is counted anew, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from director_lib.store.count_reads import read_kept_counts
from director_lib.store.count_tables import ALL_WEEKS, STUDIO
from director_lib.store.database import Database
from director_lib.store.migrate import upgrade, upgrade_to
from director_lib.tasks.counting import build_counts
from tests.metrics.from_scratch import differences_from_scratch
from tests.store.first_release import CLIP, NOON_US, ROWS
from tests.store.test_migrations import before, insert, place

__all__ = ["before", "place"]

ZONE = "Europe/Budapest"
WEEK = 20_772
TASK, VERSION, DECISION, ATTEMPT = (ROWS[name][0] for name in ("tasks", "versions", "decisions", "attempts"))


def after_noon(seconds: int) -> int:
    return NOON_US + seconds * 1_000_000


def make_set(connection: sa.Connection) -> None:
    """Let two clips be made to choose from, both be sent back, and a third one be made after them."""
    insert(connection, "variant_sets", [{"id": "v", "asset_id": 2, "author": "dora", "made_at": NOON_US}])
    for number in (4, 5, 6):
        made_of = {"id": number, "asset_id": 2, "number": number - 2, "task_id": f"t_{number}"}
        made_of |= {"sha256": CLIP, "created_at": after_noon(10 * number)}
        insert(connection, "versions", [VERSION | made_of])
        facts = {"id": f"t_{number}", "seq": number, "dedup_key": f"key {number}", "version_id": number}
        set_id = None if number == 6 else "v"
        insert(connection, "tasks", [TASK | facts | {"asset_id": 2, "variant_set_id": set_id}])
    for seq, version_id in ((5, 4), (6, 5)):
        said = {"seq": seq, "asset_id": 2, "version_id": version_id, "sha256": CLIP}
        insert(connection, "decisions", [DECISION | said | {"decided_at": after_noon(50 + seq)}])


def count_by_the_rule_of_before(connection: sa.Connection) -> None:
    """Count each version of the set as one regeneration, and no bill for what was billed in vain."""
    insert(connection, "count_state", [{"id": 1, "time_zone": ZONE, "is_complete": True}])
    insert(connection, "count_settled", [{"seq": 1, "settled_at": NOON_US}])
    key = {"week": WEEK, "kind": "video", "engine": "", "model": ""}
    decided = {"scope": "film", "actor": "dora", **key, "regenerations": 2}
    insert(connection, "count_decisions", [decided])
    insert(connection, "count_works", [{"scope": "film", **key, "lost_micro_usd": 200_000}])
    segment = {"stream_id": "film", "segment_id": 1, "week": WEEK, "entered_at": NOON_US}
    insert(connection, "count_segments", [segment | {"regenerations": 3, "is_approved": False}])
    lasted = {"scope": "film", "week": WEEK, "metric": "regenerations", "kind": "", "engine": "", "bin": 3}
    insert(connection, "count_durations", [lasted | {"n": 1}])
    insert(connection, "count_touched_segments", [{"asset_id": 1, "before": "[]"}])
    insert(connection, "count_touched_tasks", [{"task_id": "t_1", "before": "[]"}])


@pytest.fixture(params=["0021", "0022"])
def counted(before: Database, request: pytest.FixtureRequest) -> Database:
    """A studio of a release before, in which everything is counted as that release did."""
    with before.write() as connection:
        upgrade_to(connection, request.param)
        make_set(connection)
        lost = {"id": 2, "task_id": "t_2", "tag": "t_2:1", "remote_id": "job-2", "state": "failed"}
        insert(connection, "attempts", [ATTEMPT | lost | {"billed_usd": 0.2}])
        count_by_the_rule_of_before(connection)
    return before


def test_what_a_release_before_counted_is_counted_anew_and_right(counted: Database) -> None:
    upgrade(counted)
    build_counts(counted, ZONE)
    with counted.read() as connection:
        kept = read_kept_counts(connection, [STUDIO, "film"])
        assert differences_from_scratch(connection, ZONE) == ()
    decided, worked = kept["count_decisions"], kept["count_works"]
    whole = decided[(decided["scope"] == STUDIO) & (decided["week"] == ALL_WEEKS) & (decided["actor"] != "")]
    # the still's first version, and the set, which is one attempt
    assert whole.groupby("kind")["regenerations"].sum().to_dict() == {"keyframe": 1, "video": 1}
    assert worked.loc[worked["scope"] == STUDIO, ["bills", "lost_micro_usd"]].sum().tolist() == [1, 200_000]
    assert kept["count_segments"]["regenerations"].tolist() == [2]
