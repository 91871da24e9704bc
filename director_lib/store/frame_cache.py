"""The decisions frame of a large studio, kept in a file that is mapped into memory and only ever added to.

The file holds the frame as it was at a record's number (``seq``); what came since is read from the database
and added. Numbers are given while a transaction holds the only turn to write, so they are committed in their
order, on PostgreSQL too (``PostgresqlServer.begin_writing``): no record with a lower number can still appear.

Decisions are never changed, but for two things: they are taken back by a later record, which is among what
came since; and they belong to a stream whose id and number of needed approvals may change. When that
happened, or the records are not those that the file was made from, it is made anew.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import sqlalchemy as sa

from director_lib.errors import StorageError
from director_lib.store.database import Database
from director_lib.store.frame_arrow import read_arrow, to_frame
from director_lib.store.frame_queries import DECISIONS, DECISIONS_QUERY
from director_lib.store.frames import decisions_frame
from director_lib.store.kept_tables import find_table, save_table
from director_lib.store.tables import decisions, streams

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CACHED_FROM = 100_000
"""So many decisions are read from the database each time; more are worth a file."""
_ADDED_AT_MOST = 50_000
_PATIENCE_S = 30.0
_FILE_NAME = "decisions.arrow"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class _Mark:
    """What the file was made from.

    Attributes:
        seq: The last record in it.
        last: That record's contents, to know it again.
        streams: Approvals needed, by stream.
    """

    seq: int
    last: list[Any]
    streams: dict[str, int]
    format: int = _FORMAT


def load_decisions(database: Database, folder: Path) -> pd.DataFrame:
    """Read the decisions frame of the whole studio, from the file in a folder when it is a large studio.

    Returns:
        As ``decisions_frame``.
    """
    with database.read() as connection:
        newest = connection.scalar(sa.select(sa.func.max(decisions.c.seq))) or 0
        if newest < CACHED_FROM:
            return decisions_frame(connection)
    try:
        frame = to_frame(_load(database, folder), DECISIONS)
    except (OSError, filelock.Timeout):
        # no room, no rights, or a driver that makes nothing of it: slower, and just as right
        with database.read() as connection:
            return decisions_frame(connection)
    frame.insert(0, "decision_id", frame["seq"])
    return frame


def freshen_frames(database: Database, folder: Path) -> bool:
    """Bring the file up to date ahead of whoever asks; returns whether the studio is large enough for one.

    Raises:
        StorageError: The database cannot be asked, or there is no room for the file.
    """
    with database.read() as connection:
        newest = connection.scalar(sa.select(sa.func.max(decisions.c.seq))) or 0
    if newest < CACHED_FROM:
        return False
    try:
        _load(database, folder, added_at_most=0)
    except (OSError, filelock.Timeout) as error:
        raise StorageError(
            f"The analyst's decisions cannot be kept in {folder} ({error}). Nothing is lost; they are read "
            "from the database each time, which takes seconds. Make room there or mend its permissions."
        ) from error
    return True


def _load(database: Database, folder: Path, added_at_most: int | None = None) -> pa.Table:
    import pyarrow as pa

    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / f"{_FILE_NAME}.lock", timeout=_PATIENCE_S):
        kept = _open(folder / _FILE_NAME)
        now = _mark(database)
        if kept is None or not _goes_on(database, kept[1], now):
            table = read_arrow(database.place, DECISIONS_QUERY.where(decisions.c.seq <= now.seq), DECISIONS)
            save_table(table, asdict(now), folder / _FILE_NAME)
            return table
        table, mark = kept
        if mark.seq == now.seq:
            return table
        table = _with_undone(database, table, mark, now)
        since = decisions.c.seq.between(mark.seq + 1, now.seq)
        table = pa.concat_tables([table, read_arrow(database.place, DECISIONS_QUERY.where(since), DECISIONS)])
        if now.seq - mark.seq > (_ADDED_AT_MOST if added_at_most is None else added_at_most):
            save_table(table, asdict(now), folder / _FILE_NAME)
        return table


def _with_undone(database: Database, table: pa.Table, mark: _Mark, now: _Mark) -> pa.Table:
    """Fill in what was taken back since, which may have been so before the file was made, too."""
    import numpy as np
    import pyarrow as pa

    undone = sa.select(decisions.c.undoes, sa.type_coerce(decisions.c.decided_at, sa.BigInteger)).where(
        decisions.c.seq.between(mark.seq + 1, now.seq), decisions.c.undoes <= mark.seq
    )
    with database.read() as connection:
        rows = connection.execute(undone).all()
    if not rows:
        return table
    place = table.schema.get_field_index("undone_at")
    undone_us = table.column(place).cast("int64").fill_null(-(2**63)).to_numpy().copy()
    at = np.searchsorted(table.column("seq").to_numpy(), np.array([seq for seq, _ in rows]))
    undone_us[at] = [instant_us for _, instant_us in rows]
    values = pa.array(undone_us, mask=undone_us == -(2**63)).cast(pa.timestamp("us", "UTC"))
    return table.set_column(place, table.schema.field(place), values)


def _mark(database: Database) -> _Mark:
    columns = [column for column in decisions.columns if column.name != "note"]
    with database.read() as connection:
        last = connection.execute(sa.select(*columns).order_by(decisions.c.seq.desc()).limit(1)).one()
        needed = connection.execute(sa.select(streams.c.id, streams.c.approvals_needed))
        return _Mark(last.seq, [str(value) for value in last], {row[0]: row[1] for row in needed})


def _goes_on(database: Database, before: _Mark, now: _Mark) -> bool:
    """Tell whether everything that the file was made from is still as it was."""
    if before.format != _FORMAT or before.seq > now.seq:
        return False
    if any(now.streams.get(stream_id) != needed for stream_id, needed in before.streams.items()):
        return False
    columns = [column for column in decisions.columns if column.name != "note"]
    with database.read() as connection:
        last = connection.execute(sa.select(*columns).where(decisions.c.seq == before.seq)).one_or_none()
    return last is not None and [str(value) for value in last] == before.last


def _open(path: Path) -> tuple[pa.Table, _Mark] | None:
    found = find_table(path)
    try:
        return None if found is None else (found[0], _Mark(**found[1]))
    except TypeError:
        # of another release
        return None
