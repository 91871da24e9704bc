from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.review import DecisionKind
from director_lib.metrics.frames import CHECKPOINTS, DECISIONS, TASKS, VERSIONS, check_bills
from director_lib.store import frames as stored
from director_lib.store import tables
from director_lib.store.assets import ensure_stream
from director_lib.store.checkpoints import NewCheckpointRecord, add_checkpoint_record
from director_lib.store.database import Database, open_database
from director_lib.store.decisions import NewDecision, add_decision, take_back_decision
from tests.metrics.both_databases import database_kind

__all__ = ["database_kind"]

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """Two streams; segment 1 of "film" has two stills, the second is current; "other" has one clip."""
    opened = open_database(settings.database)
    with opened.write() as connection:
        for stream_id in ("film", "other"):
            ensure_stream(connection, stream_id, now=NOW)
        connection.execute(
            tables.assets.insert(),
            [
                {"id": 1, "stream_id": "film", "segment_id": 1, "kind": "keyframe", "current_version_id": 2},
                {"id": 2, "stream_id": "other", "segment_id": 4, "kind": "video", "current_version_id": None},
            ],
        )
        for number, (asset_id, cost) in enumerate(((1, 0.1), (1, 0.2), (2, 0.0)), 1):
            add_version(connection, number, asset_id, cost)
    yield opened
    opened.close()


def add_version(connection: sa.Connection, version_id: int, asset_id: int, cost_usd: float) -> None:
    connection.execute(
        tables.versions.insert().values(
            id=version_id,
            asset_id=asset_id,
            number=version_id if asset_id == 1 else 1,
            sha256=f"{version_id:064x}",
            extension=".png",
            size_bytes=10,
            origin="generated" if cost_usd else "found",
            image_prompt="a sea" if cost_usd else None,
            engine="local" if cost_usd else None,
            seed=2**40 if cost_usd else None,
            cost_usd=cost_usd,
            created_at=after(version_id),
        )
    )


def decide(connection: sa.Connection, version_id: int, decision: str, minutes: float) -> int:
    new = NewDecision(version_id, f"{version_id:064x}", DecisionKind(decision), "dora", after(minutes))
    return add_decision(connection, new).seq


def test_decisions_carry_their_place_and_undo(database: Database) -> None:
    with database.write() as connection:
        first = decide(connection, 1, "regenerate", 5)
        decide(connection, 2, "approved", 6)
        take_back_decision(connection, first, "dora", after(7))
        decide(connection, 3, "approved", 8)
        frame = stored.decisions_frame(connection)
        of_film = stored.decisions_frame(connection, "film")
    assert frame["version_id"].tolist() == [1, 2, 3]
    assert frame["attempt"].tolist() == [1, 2, 1]
    assert frame["kind"].tolist() == ["keyframe", "keyframe", "video"]
    assert frame["decided_at"].iloc[0] == after(5)
    assert frame["undone_at"].iloc[0] == after(7)
    assert frame["undone_at"].isna().tolist() == [False, True, True]
    assert of_film["stream_id"].tolist() == ["film", "film"]


def test_versions_know_which_one_is_current_and_what_made_them(database: Database) -> None:
    with database.read() as connection:
        frame = stored.versions_frame(connection)
    assert frame["is_current"].tolist() == [False, True, False]
    assert frame["seed"].tolist() == [2**40, 2**40, pd.NA]
    assert frame["image_prompt"].isna().tolist() == [False, False, True]
    assert frame["cost_usd"].tolist() == [0.1, 0.2, 0.0]


def test_the_frames_have_the_documented_dtypes_full_and_empty(database: Database) -> None:
    with database.write() as connection:
        decide(connection, 1, "approved", 5)
        for stream_id in (None, "film", "no such stream"):
            for schema, read in (
                (DECISIONS, stored.decisions_frame),
                (VERSIONS, stored.versions_frame),
                (TASKS, stored.tasks_frame),
                (CHECKPOINTS, stored.checkpoints_frame),
            ):
                frame = read(connection, stream_id)
                found = {name: str(dtype) for name, dtype in frame.dtypes.items()}
                assert {name: found[name] for name in schema.columns} == dict(schema.columns)


def test_tasks_are_in_the_order_they_were_queued(database: Database) -> None:
    with database.write() as connection:
        for seq, (task_id, ended) in enumerate((("b", after(9)), ("a", None)), 1):
            connection.execute(
                tables.tasks.insert().values(
                    id=task_id,
                    seq=seq,
                    asset_id=1,
                    engine="local",
                    request={},
                    dedup_key=task_id,
                    state="failed" if ended else "queued",
                    priority=10,
                    author="dora",
                    queued_at=after(seq),
                    ended_at=ended,
                    error_code="engine" if ended else None,
                )
            )
        frame = stored.tasks_frame(connection, "film")
    assert frame["task_id"].tolist() == ["b", "a"]
    assert frame["ended_at"].isna().tolist() == [False, True]
    assert frame["error_code"].tolist()[0] == "engine"


def test_money_for_nothing_is_what_was_billed_without_a_version(database: Database) -> None:
    with database.write() as connection:
        for task_id, version_id in (("kept", 1), ("lost", None)):
            connection.execute(
                tables.tasks.insert().values(
                    id=task_id,
                    seq=version_id or 9,
                    asset_id=1,
                    engine="google",
                    request={},
                    dedup_key=task_id,
                    state="succeeded" if version_id else "failed",
                    priority=10,
                    author="dora",
                    queued_at=NOW,
                    version_id=version_id,
                )
            )
            connection.execute(
                tables.attempts.insert().values(
                    task_id=task_id,
                    tag=task_id,
                    engine="google",
                    state="ended",
                    billed_usd=0.25,
                    started_at=NOW,
                )
            )
        [bill] = check_bills(stored.bills_frame(connection)).to_dict("records")
        assert (bill["stream_id"], bill["segment_id"], bill["billed_usd"]) == ("film", 1, 0.25)
        assert (bill["engine"], bill["billed_at"]) == ("google", NOW)
        assert stored.bills_frame(connection, "other").empty


def gate(connection: sa.Connection, checkpoint: Checkpoint, decision: str | None, minutes: float) -> None:
    verdict = DecisionKind(decision) if decision else None
    add_checkpoint_record(
        connection, "film", NewCheckpointRecord(checkpoint, verdict, "dora", after(minutes))
    )


def test_stays_run_from_entering_to_the_verdict_and_begin_again_at_it(database: Database) -> None:
    with database.write() as connection:
        gate(connection, Checkpoint.SPEC, None, 10)
        gate(connection, Checkpoint.SPEC, "revision_needed", 20)
        gate(connection, Checkpoint.SPEC, "approved", 50)
        gate(connection, Checkpoint.STORY, "approved", 5)
        gate(connection, Checkpoint.FINAL, "approved", 90)
        frame = stored.checkpoints_frame(connection, "film").set_index("checkpoint")
    spec = frame.loc["spec"]
    assert spec["entered_at"].tolist() == [after(10), after(20)]
    assert spec["decided_at"].tolist() == [after(20), after(50)]
    assert spec["decision"].tolist() == ["revision_needed", "approved"]
    assert frame.loc["story", "entered_at"] == NOW
    assert pd.isna(frame.loc["final", "entered_at"])


def test_a_stay_without_verdict_is_open_and_nobodys(database: Database) -> None:
    with database.write() as connection:
        gate(connection, Checkpoint.FINAL, None, 10)
        row = stored.checkpoints_frame(connection).iloc[0]
    assert row["entered_at"] == after(10)
    assert pd.isna(row["decided_at"])
    assert pd.isna(row["decision"])
    assert pd.isna(row["actor"])
