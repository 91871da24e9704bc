"""The versions and tasks frames of a large studio, kept in files that follow what changes.

Versions and tasks change: another version becomes the current one, a task ends, a stream gets a new id. Each
of these changes is counted, so the notes of what was counted again (``count_settled``) name every segment
and task that may not be any more as the file has it. Only these are read again. What is newer in the file
than its mark is read once more, and that changes nothing. Without counts, after a counting from nothing, or
when the notes do not go back as far as the file, it is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import sqlalchemy as sa

from director_lib.store.count_settling import settle_counts
from director_lib.store.count_tables import count_settled, count_state
from director_lib.store.database import Database
from director_lib.store.frame_arrow import read_arrow, to_frame
from director_lib.store.frame_queries import TASKS, TASKS_QUERY, VERSIONS, VERSIONS_QUERY
from director_lib.store.frames import tasks_frame, versions_frame
from director_lib.store.kept_tables import find_table, save_table
from director_lib.store.tables import assets, tasks, versions

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FOLLOWED_FROM = 100_000
"""So many versions or tasks are read from the database each time; more are worth a file."""
_REREAD_AT_MOST = 2_000
_SAVED_FROM = 300
_PATIENCE_S = 30.0
_FORMAT = 2


@dataclass(frozen=True, slots=True)
class _Followed:
    """A frame that is kept.

    Attributes:
        columns: What the query gives; the first is a whole number that orders the rows and never changes.
        shown: Those that are in the frame.
        n_rows: About how many rows there are.
        of_changed: Condition for rows of these assets, or with these task ids.
        read: Reads the frame without the file.
    """

    name: str
    query: sa.Select[Any]
    columns: Mapping[str, str]
    shown: Mapping[str, str]
    n_rows: sa.ColumnElement[Any]
    of_changed: Callable[[Sequence[int], Sequence[str]], sa.ColumnElement[bool]]
    read: Callable[[sa.Connection], pd.DataFrame]


@dataclass(frozen=True, slots=True)
class _Mark:
    """The last note that the file knows of, and when it was made, to know it again."""

    seq: int
    settled_us: int
    format: int = _FORMAT


_VERSIONS = _Followed(
    "versions",
    VERSIONS_QUERY,
    VERSIONS,
    VERSIONS,
    sa.func.max(versions.c.id),
    lambda asset_ids, _task_ids: assets.c.id.in_(asset_ids),
    versions_frame,
)
_TASKS = _Followed(
    "tasks",
    TASKS_QUERY.with_only_columns(tasks.c.seq, *TASKS_QUERY.selected_columns, maintain_column_froms=True),
    {"seq": "int64", **TASKS},
    TASKS,
    sa.func.max(tasks.c.seq),
    lambda _asset_ids, task_ids: tasks.c.id.in_(task_ids),
    tasks_frame,
)


def load_versions(database: Database, folder: Path) -> pd.DataFrame:
    """Read the versions frame of the whole studio, from its file in a folder when it is a large studio."""
    return _load_frame(database, folder, _VERSIONS)


def load_tasks(database: Database, folder: Path) -> pd.DataFrame:
    """Read the tasks frame of the whole studio, from its file in a folder when it is a large studio."""
    return _load_frame(database, folder, _TASKS)


def _load_frame(database: Database, folder: Path, what: _Followed) -> pd.DataFrame:
    with database.read() as connection:
        if (connection.scalar(sa.select(what.n_rows)) or 0) < FOLLOWED_FROM or not _is_counted(connection):
            return what.read(connection)
    try:
        return to_frame(_load(database, folder, what), what.shown)
    except (OSError, filelock.Timeout):
        # no room, no rights, or a driver that makes nothing of it: slower, and just as right
        with database.read() as connection:
            return what.read(connection)


def _is_counted(connection: sa.Connection) -> bool:
    return bool(connection.scalar(sa.select(count_state.c.is_complete)))


def _load(database: Database, folder: Path, what: _Followed) -> pa.Table:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{what.name}.arrow"
    with filelock.FileLock(folder / f"{path.name}.lock", timeout=_PATIENCE_S):
        kept = find_table(path)
        settle_counts(database)
        with database.read() as connection:
            now = _newest(connection)
            changed = None if kept is None or now is None else _changed(connection, kept[1], now)
        if kept is None or changed is None:
            table = read_arrow(database.place, what.query, what.columns)
            if now is not None:
                save_table(table, asdict(now), path)
            return table
        asset_ids, task_ids = changed
        if not asset_ids and not task_ids:
            return kept[0]
        again = what.query.where(what.of_changed(asset_ids, task_ids))
        table = _spliced(kept[0], read_arrow(database.place, again, what.columns))
        if now is not None and len(asset_ids) + len(task_ids) > _SAVED_FROM:
            save_table(table, asdict(now), path)
        return table


def _newest(connection: sa.Connection) -> _Mark | None:
    row = connection.execute(_note().order_by(count_settled.c.seq.desc()).limit(1)).one_or_none()
    return None if row is None else _Mark(*row)


def _note() -> sa.Select[Any]:
    return sa.select(count_settled.c.seq, sa.type_coerce(count_settled.c.settled_at, sa.BigInteger))


def _changed(
    connection: sa.Connection, facts: Mapping[str, Any], now: _Mark
) -> tuple[list[int], list[str]] | None:
    """List the assets and tasks that changed since; None when that is not known, or they are very many."""
    mark = _Mark(now.seq, now.settled_us) if facts == asdict(now) else None
    if mark is not None:
        return [], []
    if facts.get("format") != _FORMAT or not facts["seq"] <= now.seq <= facts["seq"] + _REREAD_AT_MOST:
        return None
    known = connection.execute(_note().where(count_settled.c.seq == facts["seq"])).one_or_none()
    if known is None or known[1] != facts["settled_us"]:
        return None
    notes = connection.execute(
        sa.select(count_settled.c.asset_id, count_settled.c.task_id).where(
            count_settled.c.seq > facts["seq"], count_settled.c.seq <= now.seq
        )
    ).all()
    return (
        _whole_segments(connection, {asset_id for asset_id, _ in notes if asset_id is not None}),
        sorted({task_id for _, task_id in notes if task_id is not None}),
    )


def _whole_segments(connection: sa.Connection, asset_ids: set[int]) -> list[int]:
    own, beside = assets.alias("own"), assets.alias("beside")
    joined = own.join(
        beside, sa.and_(beside.c.stream_id == own.c.stream_id, beside.c.segment_id == own.c.segment_id)
    )
    query = sa.select(beside.c.id).select_from(joined).where(own.c.id.in_(sorted(asset_ids)))
    return sorted(set(connection.scalars(query)))


def _spliced(table: pa.Table, again: pa.Table) -> pa.Table:
    """Put rows in the place of those with the same number, or between those with lower and higher ones."""
    import numpy as np
    import pyarrow as pa

    known, numbers = table.column(0).to_numpy(), again.column(0).to_numpy()
    places = np.searchsorted(known, numbers).tolist()
    parts, done = [], 0
    for row, (place, number) in enumerate(zip(places, numbers.tolist(), strict=True)):
        parts += [table.slice(done, place - done), again.slice(row, 1)]
        done = place + (place < len(known) and known[place] == number)
    return pa.concat_tables([*parts, table.slice(done)])
