"""Who works: the cards that workers leave in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.store.queue_tables import workers


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A worker.

    Attributes:
        pid: Its process id on its machine.
        started_at: Aware UTC instant.
        name: Tells it from the others of the same database.
        host: The machine.
    """

    pid: int
    started_at: datetime
    name: str
    host: str


def save_worker(connection: sa.Connection, info: WorkerInfo) -> None:
    """Leave a worker's card, in place of an earlier one of the same name."""
    connection.execute(workers.delete().where(workers.c.name == info.name))
    row = {"name": info.name, "host": info.host, "pid": info.pid, "started_at": info.started_at}
    connection.execute(workers.insert().values(row))


def list_cards(connection: sa.Connection) -> list[WorkerInfo]:
    """Read the cards of all workers that ever worked, by name; most of them may be gone."""
    rows = connection.execute(sa.select(workers).order_by(workers.c.name))
    return [WorkerInfo(row.pid, row.started_at, row.name, row.host) for row in rows]
