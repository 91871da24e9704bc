"""What the programs of tasks say: the newest lines of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.store.tables import stream_task_lines, task_lines
from director_lib.store.text import storable

KEPT_LINES = 500
LONGEST_LINE = 2000
_CUT = " …"


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One line that a task's program said.

    Attributes:
        id: Grows with every line; a reader asks for what came after the last one that it has.
    """

    id: int
    at: datetime
    text: str


def add_line(connection: sa.Connection, task_id: str, text: str, at: datetime) -> None:
    """Keep a line; the oldest goes when a task has more than ``KEPT_LINES``.

    Args:
        text: What is longer than ``LONGEST_LINE`` characters is cut, and the cut shown.
    """
    _add(connection, task_lines, task_id, text, at)


def add_stream_line(connection: sa.Connection, task_id: str, text: str, at: datetime) -> None:
    """Keep a line of a stream's task, as ``add_line`` does."""
    _add(connection, stream_task_lines, task_id, text, at)


def list_lines(connection: sa.Connection, task_id: str, after_id: int = 0) -> list[TaskLine]:
    """Read a task's lines after the one with ``after_id``, oldest first; 0 reads all that are kept."""
    return _list(connection, task_lines, task_id, after_id)


def list_stream_lines(connection: sa.Connection, task_id: str, after_id: int = 0) -> list[TaskLine]:
    """Read the lines of a stream's task, as ``list_lines`` does."""
    return _list(connection, stream_task_lines, task_id, after_id)


def _add(connection: sa.Connection, lines: sa.Table, task_id: str, text: str, at: datetime) -> None:
    told = storable(text.rstrip())
    if len(told) > LONGEST_LINE:
        told = told[: LONGEST_LINE - len(_CUT)] + _CUT
    connection.execute(lines.insert().values(task_id=task_id, at=at, text=told))
    of_task = lines.c.task_id == task_id
    kept_last = (
        sa.select(lines.c.id)
        .where(of_task)
        .order_by(lines.c.id.desc())
        .limit(1)
        .offset(KEPT_LINES)
        .scalar_subquery()
    )
    connection.execute(lines.delete().where(of_task, lines.c.id <= kept_last))


def _list(connection: sa.Connection, lines: sa.Table, task_id: str, after_id: int) -> list[TaskLine]:
    query = (
        sa.select(lines.c.id, lines.c.at, lines.c.text)
        .where(lines.c.task_id == task_id, lines.c.id > after_id)
        .order_by(lines.c.id)
    )
    return [TaskLine(*row) for row in connection.execute(query)]
