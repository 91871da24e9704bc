"""A studio of the first release goes on with this one, on both databases, with every row as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from director_lib.errors import StorageError
from director_lib.store.checkpoints import list_checkpoint_decisions
from director_lib.store.comments import list_comments
from director_lib.store.database import Database, Place, open_database
from director_lib.store.decisions import list_decisions, read_verdicts
from director_lib.store.drafts import list_drafts
from director_lib.store.events import list_events, record_event, verify_log
from director_lib.store.migrate import current_revision, known_revisions, upgrade, upgrade_to
from director_lib.store.people import find_token, list_people
from director_lib.store.presets import list_presets
from director_lib.store.tables import metadata
from director_lib.store.tasks import list_open_after, list_tasks
from director_lib.store.undo import find_last_step
from director_lib.store.versions import current_versions, list_versions
from tests.postgres import Cluster
from tests.store.first_release import BETTER, REVISION, ROWS, STILL


@pytest.fixture
def place(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Where a database may be made that has no table yet."""
    if database_kind == "sqlite":
        yield tmp_path / "director.db"
    else:
        cluster: Cluster = request.getfixturevalue("postgresql")
        with cluster.bare() as url:
            yield url


@pytest.fixture
def before(place: Place) -> Iterator[Database]:
    """A database that the first release has worked with."""
    made = Database(place)
    with made.write() as connection:
        upgrade_to(connection, REVISION)
        tables = sa.MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            insert(connection, table.name, ROWS.get(table.name, []))
    yield made
    made.close()


@pytest.fixture
def after(before: Database) -> Database:
    """The same, opened by this release."""
    upgrade(before)
    return before


def insert(connection: sa.Connection, name: str, rows: Iterable[dict[str, Any]]) -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    for row in rows:
        marks = ", ".join([mark] * len(row))
        statement = f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608
        connection.exec_driver_sql(statement, tuple(row.values()))


def rows_now(database: Database, name: str) -> list[dict[str, Any]]:
    """Read the columns of the first release as they are stored."""
    columns = [
        f"CAST({column} AS TEXT) AS {column}"
        if isinstance(metadata.tables[name].c[column].type, sa.JSON)
        else column
        for column in ROWS[name][0]
    ]
    keys = [column.name for column in metadata.tables[name].primary_key]
    with database.read() as connection:
        query = f"SELECT {', '.join(columns)} FROM {name}"  # noqa: S608
        rows = [dict(row) for row in connection.exec_driver_sql(query).mappings()]
    return sorted(rows, key=lambda row: tuple(row[key] for key in keys))


def test_every_table_of_the_first_release_is_filled(before: Database) -> None:
    with before.read() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        assert tables - {"alembic_version"} == ROWS.keys()
        for name, rows in ROWS.items():
            columns = {column["name"] for column in sa.inspect(connection).get_columns(name)}
            assert all(row.keys() == columns for row in rows), name


def test_every_row_is_as_it_was_and_the_schema_is_the_one_of_the_code(after: Database) -> None:
    for name, rows in ROWS.items():
        assert rows_now(after, name) == rows, name
    with after.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_what_was_reviewed_is_read_as_it_was_meant(after: Database) -> None:
    with after.read() as connection:
        assert [version.sha256 for version in list_versions(connection, 1)] == [STILL, BETTER]
        made = current_versions(connection, "film")[1, Kind.KEYFRAME]
        assert (made.provenance.image_prompt, made.provenance.seed) == ("szürke tenger ☂", 2**40)
        assert (made.provenance.reference_sha256s, made.provenance.spec_sha256) == ((), None)
        assert [decision.undoes for decision in list_decisions(connection, 1)] == [None, None, 2, None]
        [(place, verdict)] = read_verdicts(connection, "film").items()
        assert place == (1, Kind.KEYFRAME)
        assert verdict.is_approved
        assert verdict.decision is not None
        assert verdict.decision.decision is DecisionKind.APPROVED_WITH_NOTES
        [gate] = list_checkpoint_decisions(connection, "film")
        assert (gate.note, gate.sha256) == ("go", "34" * 32)
        assert [comment.resolved_by for comment in list_comments(connection, "film", 1, Kind.VIDEO)] == [
            None,
            "pali",
        ]


def test_what_waits_goes_on_and_the_log_is_sound(after: Database) -> None:
    with after.read() as connection:
        [(seq, waiting)] = list_open_after(connection, 0)
        assert (seq, waiting.id, waiting.request.palette) == (3, "t_3", {"night": "#0b1020"})
        assert [task.state for task in list_tasks(connection)] == [
            TaskState.QUEUED,
            TaskState.FAILED,
            TaskState.SUCCEEDED,
        ]
        assert verify_log(connection) == []
        assert [event.verb for event in list_events(connection, stream_id="film")] == [
            "approved",
            "regenerate",
            "found",
        ]
        step = find_last_step(connection, "dora")
        assert step is not None
        assert step.decision_seqs == [4]


def test_people_and_their_things_are_there(after: Database) -> None:
    with after.read() as connection:
        assert [(person.username, person.role, person.is_disabled) for person in list_people(connection)] == [
            ("dora", Role.DIRECTOR, False),
            ("pali", Role.PRODUCER, True),
        ]
        token = find_token(connection, "12" * 32)
        assert token is not None
        assert token.person.username == "dora"
        assert [preset.use_count for preset in list_presets(connection)] == [3]
        assert [draft.text for draft in list_drafts(connection, "dora", "film")] == ["a brighter sea"]


def test_the_log_goes_on_after_the_upgrade(after: Database) -> None:
    with after.write() as connection:
        assert record_event(connection, "tested", "dora", list_events(connection)[0].happened_at) == 5
        assert verify_log(connection) == []


def test_an_upgrade_that_fails_leaves_the_first_release_as_it_was(
    before: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upgrade_halfway(connection: sa.Connection, revision: str) -> None:
        upgrade_to(connection, revision)
        raise StorageError("The disk is full.")

    monkeypatch.setattr("director_lib.store.migrate.upgrade_to", upgrade_halfway)
    with pytest.raises(StorageError, match="full"):
        upgrade(before)
    assert current_revision(before) == REVISION
    for name, rows in ROWS.items():
        assert rows_now(before, name) == rows
    monkeypatch.undo()
    upgrade(before)
    assert rows_now(before, "decisions") == ROWS["decisions"]


def test_threads_that_open_it_together_upgrade_it_once(before: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(open_database, [before.place] * 4))
    assert {current_revision(database) for database in opened} <= known_revisions() - {REVISION}
    for database in opened:
        database.close()
