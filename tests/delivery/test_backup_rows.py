from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as dialect

from director_lib.config import Settings
from director_lib.delivery.backup import write_backup
from director_lib.delivery.backup_rows import dump_rows, load_rows, saved_tables, sequence_statement
from director_lib.delivery.restore import restore_backup
from director_lib.errors import StorageError
from director_lib.store import migrate
from director_lib.store.database import Database, open_database
from director_lib.store.events import record_event
from director_lib.store.migrate import find_revision, upgrade_to
from director_lib.store.tables import metadata
from tests.delivery.studio import elsewhere, rows_in, rows_of
from tests.lifecycle.house import START
from tests.postgres import Cluster

VERSION = """INSERT INTO versions (id, asset_id, number, sha256, extension, size_bytes, origin, params,
    cost_usd, created_at, seed, duration_s, source_version_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"""
COMMENT = """INSERT INTO comments (id, asset_id, parent_id, text, region, author, created_at)
    VALUES (?,?,?,?,?,?,?)"""
DECISION = """INSERT INTO decisions (seq, asset_id, version_id, sha256, decision, note, actor, decided_at,
    undoes) VALUES (?,?,?,?,?,?,?,?,?)"""
HALF_A_CHARACTER = '{"x": "\\ud800 \\u0000"}'
SPELLED = '{"b":1,  "a": [null]}'
MIGRATION = '''
"""A change that comes later."""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0000next", "{head}"


def upgrade():
    op.add_column("streams", sa.Column("color", sa.Text(), nullable=False, server_default="blue"))
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Where the rows come from."""
    return str(request.param)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """Rows with everything that a value can be."""
    made = open_database(settings.database)
    with made.write() as connection:

        def run(statement: str, values: tuple[Any, ...] = ()) -> None:
            mark = "?" if connection.dialect.name == "sqlite" else "%s"
            connection.exec_driver_sql(statement.replace("?", mark), values)

        run("INSERT INTO streams (id, title, first_seen_at) VALUES ('film', 'Szép ☂ \"quoted\"\n', -1)")
        run("INSERT INTO assets (id, stream_id, segment_id, kind) VALUES (7, 'film', 1, 'keyframe')")
        for version in (
            (8, 7, 1, "aa", ".png", 2**53 + 1, "found", SPELLED, 0.1, 3, -5, 1e-7, None),
            (9, 7, 2, "ab", ".png", 1, "found", "null", 0, 3, None, None, 8),
        ):
            run(VERSION, version)
        for number, region in ((1, None), (2, "null"), (3, HALF_A_CHARACTER)):
            comment = (number, 7, number - 1 or None, "no", region, "d", 5)
            run(COMMENT, comment)
        for seq, undoes in ((41, None), (42, 41)):
            decision = (seq, 7, 8, "aa", "approved", "", "d", seq, undoes)
            run(DECISION, decision)
        run("INSERT INTO people VALUES (1, 'd', '', 'admin', NULL, TRUE, '{}', 1)")
        run("INSERT INTO sessions VALUES ('digest', 1, 'session', 1, 2)")
        record_event(connection, "found", "disk", START, place=("film", 1, None), details={"é": "☂"})
    yield made
    made.close()


@pytest.fixture(params=["to sqlite", "to postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with the newest schema."""
    if request.param == "to sqlite":
        yield from made_in(tmp_path / "copy.db")
    else:
        cluster: Cluster = request.getfixturevalue("postgresql")
        with cluster.bare() as url:
            yield from made_in(url)


def made_in(place: Any) -> Iterator[Database]:
    made = Database(place)
    with made.write() as connection:
        upgrade_to(connection, "head")
    yield made
    made.close()


def copy(source: Database, target: Database) -> dict[str, int]:
    with source.read() as connection:
        lines = {table.name: list(dump_rows(connection, table)) for table in saved_tables()}
    with target.write() as connection:
        return load_rows(connection, lines)


def test_every_value_comes_back_as_it_was_stored(
    database: Database, settings: Settings, target: Database
) -> None:
    counts = copy(database, target)
    assert counts["comments"] == 3
    before, after = rows_of(settings), rows_in(target)
    assert SPELLED in [value for row in before["versions"] for value in row]
    assert HALF_A_CHARACTER in [value for row in before["comments"] for value in row]
    assert after == before


def test_new_rows_are_numbered_after_the_highest_restored_one(database: Database, target: Database) -> None:
    copy(database, target)
    with target.write() as connection:
        values = {"asset_id": 7, "version_id": 8, "sha256": "aa", "decision": "approved", "actor": "d"}
        decisions = metadata.tables["decisions"]
        made = connection.execute(decisions.insert().values(**values, decided_at=START))
        assert made.inserted_primary_key == (43,)
        assert record_event(connection, "approved", "d", START) == 2


def test_sessions_are_left_out(database: Database) -> None:
    assert "sessions" not in {table.name for table in saved_tables()}


def test_postgresql_is_told_where_its_numbers_go_on() -> None:
    decisions = metadata.tables["decisions"]
    statement = sequence_statement(decisions, decisions.c.seq).compile(dialect=dialect.dialect())
    assert list(statement.params.values()) == ["decisions", "seq", 1]
    assert re.sub(r"%\(\w+\)s(::\w+)?", "?", " ".join(str(statement).split())) == (
        "SELECT setval(pg_get_serial_sequence(?, ?), coalesce(max(decisions.seq), ?), "
        "max(decisions.seq) IS NOT NULL) AS setval_1 FROM decisions"
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "streams do not fit"),
        (b'{"id": "film"}', "columns"),
        (b'{"id": null, "title": "", "first_seen_at": 1, "approvals_needed": 1}', "(?i)not.null"),
        (b'{"id": "film", "title": "", "first_seen_at": 1, "approvals_needed": 1}\n' * 2, "(?i)unique"),
    ],
)
def test_rows_that_do_not_fit_are_refused(target: Database, line: bytes, why: str) -> None:
    with pytest.raises(StorageError, match=why), target.write() as connection:
        load_rows(connection, {"streams": line.splitlines()})
    with target.read() as connection:
        assert connection.execute(sa.select(metadata.tables["streams"])).all() == []


def test_rows_that_refer_to_nothing_are_refused(target: Database) -> None:
    line = b'{"seq": 1, "stream_id": "x", "checkpoint": "story", "decision": null, "content_sha256": "", '
    line += b'"note": "", "actor": "d", "happened_at": 1, "undoes": null}'
    with pytest.raises(StorageError, match="(?i)foreign key"), target.write() as connection:
        load_rows(connection, {"checkpoints": [line]})


def test_a_backup_of_an_earlier_release_is_brought_up_to_date(
    database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_backup(settings, tmp_path / "b", with_streams=False)
    with database.read() as connection:
        head = find_revision(connection)
    migrations = tmp_path / "migrations"
    shutil.copytree(migrate._MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    (migrations / "versions" / "next.py").write_text(MIGRATION.format(head=head))
    monkeypatch.setattr(migrate, "_MIGRATIONS", migrations)
    empty = elsewhere(tmp_path / "restored")
    restore_backup(tmp_path / "b", empty)
    restored = Database(empty.database_file)
    with restored.read() as connection:
        assert find_revision(connection) == "0000next"
        assert connection.exec_driver_sql("SELECT id, color FROM streams").all() == [("film", "blue")]
        assert connection.exec_driver_sql("SELECT count(*) FROM decisions").scalar() == 2
    restored.close()
