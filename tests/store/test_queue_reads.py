"""What pages ask beside a long queue: along the assets of their stream, not through all that waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.database import Database
from director_lib.store.task_board import promised_usd
from director_lib.store.tasks import open_tasks_by_asset
from director_lib.store.variant_sets import open_tasks_by_set
from tests.store.test_tasks import Desk

N_WAITING = 300

Read = Callable[[sa.Connection], object]


@pytest.fixture
def database_kind() -> str:
    """Only SQLite tells its plan without having looked at how many rows there are."""
    return "sqlite"


@pytest.fixture
def long_queue(database: Database) -> Iterator[sa.Connection]:
    with database.write() as connection:
        desk = Desk(connection)
        for segment_id in range(1, N_WAITING):
            desk.ask(segment_id, stream_id="other", price_usd=0.25)
        connection.execute(sa.text("ANALYZE"))
        yield connection


def plans(connection: sa.Connection, read: Read) -> list[str]:
    """Return how the database finds what a function asks for."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        asked.append((statement, given))

    sa.event.listen(connection, "before_cursor_execute", note)
    read(connection)
    sa.event.remove(connection, "before_cursor_execute", note)
    explained = [
        connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", given) for query, given in list(asked)
    ]
    return [row.detail for rows in explained for row in rows]


@pytest.mark.parametrize(
    "read",
    [
        lambda connection: open_tasks_by_asset(connection, "film"),
        lambda connection: open_tasks_by_set(connection, "film", Kind.KEYFRAME),
    ],
    ids=["by asset", "by set"],
)
def test_the_tasks_of_a_stream_are_found_along_its_assets(long_queue: sa.Connection, read: Read) -> None:
    told = plans(long_queue, read)
    assert any("tasks USING INDEX ix_tasks_shown (asset_id=?)" in step for step in told), told
    assert not any("ix_tasks_open" in step or "SCAN tasks" in step for step in told), told


def test_what_is_promised_is_summed_without_looking_at_a_task(long_queue: sa.Connection) -> None:
    told = plans(long_queue, promised_usd)
    assert any("COVERING INDEX ix_tasks_promised" in step for step in told), told
    assert promised_usd(long_queue) == pytest.approx(0.25 * (N_WAITING - 1))
