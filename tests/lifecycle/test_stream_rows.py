from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.checkpoint import Checkpoint
from director_lib.errors import RuleError
from director_lib.store.assets import ensure_stream
from director_lib.store.checkpoints import NewCheckpointRecord, add_checkpoint_record
from director_lib.store.column_types import Text
from director_lib.store.database import Database, open_database
from director_lib.store.events import record_event, verify_log
from director_lib.store.quorum import approvals_needed, set_approvals_needed
from director_lib.store.stream_rows import find_last_event, has_stream_rows, move_stream_rows
from director_lib.store.tables import metadata
from tests.lifecycle.house import START


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    made = open_database(settings.database)
    yield made
    made.close()


def test_every_column_that_names_a_stream_is_moved(database: Database) -> None:
    """A new table with a stream's id has to be thought of here."""
    naming = {
        table.name
        for table in metadata.sorted_tables
        if "stream_id" in table.c or any(key.column.table.name == "streams" for key in table.foreign_keys)
    }
    filled = {
        "assets",
        "checkpoints",
        "drafts",
        "engine_choices",
        "events",
        "known_briefs",
        "known_prompts",
        "spec_states",
        "stream_tasks",
        "undo_steps",
    }
    counted = {"count_segments"}  # follow by counting: tests/metrics moves streams, too
    assert naming == filled | counted
    with database.write() as connection:
        ensure_stream(connection, "film", now=START)
        for name in sorted(filled - {"events"}):
            connection.execute(metadata.tables[name].insert().values(_row(metadata.tables[name])))
        record_event(connection, "found", "disk", START, place=("film", None, None))
        move_stream_rows(connection, "film", "feature")
        for name in sorted(filled):
            ids = connection.scalars(sa.select(metadata.tables[name].c.stream_id))
            assert list(ids) == ["feature"], name
        assert verify_log(connection) == []
        assert not has_stream_rows(connection, "film")


def _row(table: sa.Table) -> dict[str, object]:
    """Make a row with something in every column that needs it."""
    values: dict[type, object] = {sa.Integer: 1, sa.Float: 0.0, Text: "x", sa.JSON: {}}
    row: dict[str, object] = {}
    for column in table.columns:
        if column.name == "stream_id":
            row[column.name] = "film"
        elif column.name.endswith("_at"):
            row[column.name] = START
        elif not column.nullable and not (column.primary_key and isinstance(column.type, sa.Integer)):
            row[column.name] = values[type(column.type)]
    if table.name in ("drafts", "engine_choices", "known_prompts"):
        row["segment_id"] = 1
    return row


def test_two_histories_are_never_mixed(database: Database) -> None:
    with database.write() as connection:
        ensure_stream(connection, "film", now=START)
        record_event(connection, "found", "disk", START, place=("feature", None, None))
    with pytest.raises(RuleError, match="feature"), database.write() as connection:
        move_stream_rows(connection, "film", "feature")


def test_an_id_without_rows_moves_nothing(database: Database) -> None:
    with database.write() as connection:
        move_stream_rows(connection, "film", "feature")
        assert not has_stream_rows(connection, "feature")


def test_a_stream_keeps_when_it_was_first_seen_and_its_quorum(database: Database) -> None:
    with database.write() as connection:
        ensure_stream(connection, "film", now=START)
        add_checkpoint_record(connection, "film", NewCheckpointRecord(Checkpoint.STORY, None, "dora", START))
        set_approvals_needed(connection, "film", 2, now=START)
        move_stream_rows(connection, "film", "feature")
        streams = metadata.tables["streams"]
        assert connection.execute(sa.select(streams)).one() == ("feature", "", START, 2)
        assert approvals_needed(connection, "film") == 1


def test_the_newest_event_of_some_verbs_is_found(database: Database) -> None:
    with database.write() as connection:
        for verb in ("found", "approved", "found", "queued"):
            record_event(connection, verb, "dora", START, place=("film", 1, None))
        found = find_last_event(connection, "film", ("found", "approved"))
        assert found is not None
        assert (found.seq, found.verb) == (3, "found")
        assert find_last_event(connection, "film", ("restored",)) is None
