"""What everything is counted from, some streams at a time: all of it would not fit into memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from director_lib.store.count_tables import (
    STUDIO,
    count_decisions,
    count_durations,
    count_failures,
    count_segments,
    count_works,
)
from director_lib.store.frame_queries import (
    DECISIONS,
    DECISIONS_QUERY,
    LOST_BY_TASK_QUERY,
    TASKS,
    TASKS_QUERY,
    VERSIONS,
    VERSIONS_QUERY,
)
from director_lib.store.frames import leaving_out, read_frame
from director_lib.store.prepared import Prepared
from director_lib.store.tables import assets, decisions, versions

_ROWS_AT_ONCE = 50_000
# said plainly, SQLite would go through the index of what undoes nothing: through nearly every decision
_VERDICT_TIMES = Prepared(
    sa.select(decisions.c.seq, decisions.c.actor, decisions.c.decided_at)
    .where(
        decisions.c.seq > sa.bindparam("after_seq", type_=sa.BigInteger),
        sa.func.coalesce(decisions.c.undoes, 0) == 0,
    )
    .order_by(decisions.c.seq)
    .limit(sa.bindparam("at_most", type_=sa.BigInteger))
)
_KEPT_SCOPES = (
    *(table.c.scope for table in (count_decisions, count_works, count_durations, count_failures)),
    count_segments.c.stream_id,
)

Ints = npt.NDArray[np.int64]


def list_stream_groups(connection: sa.Connection, n_assets: int) -> Iterator[list[str]]:
    """Put the streams that have stills or clips into groups, by their ids.

    Args:
        connection: An open connection.
        n_assets: A group ends with the stream that makes it so many stills and clips.
    """
    sizes = sa.select(assets.c.stream_id, sa.func.count()).group_by(assets.c.stream_id)
    group, size = list[str](), 0
    for stream_id, n in sorted((row[0], row[1]) for row in connection.execute(sizes)):
        group.append(stream_id)
        size += n
        if size >= n_assets:
            yield group
            group, size = [], 0
    if group:
        yield group


def list_forgotten_streams(connection: sa.Connection, known: Collection[str]) -> list[str]:
    """List the ids of streams that counts are kept of, and that are not among those known."""
    kept = {scope for column in _KEPT_SCOPES for scope in connection.scalars(sa.select(column).distinct())}
    return sorted(kept - {STUDIO} - set(known))


def read_counted_frames(
    connection: sa.Connection, stream_ids: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read the decisions, versions and tasks frames of some streams, with empty notes and prompts.

    Counting needs no words, and they are most of what a large studio’s frames weigh.
    """
    of_streams = assets.c.stream_id.in_(stream_ids)
    prompts = (versions.c.image_prompt, versions.c.motion_prompt)
    decided = leaving_out(DECISIONS_QUERY, decisions.c.note).where(of_streams)
    made = leaving_out(VERSIONS_QUERY, *prompts).where(of_streams)
    frame = read_frame(connection, decided, DECISIONS)
    frame.insert(0, "decision_id", frame["seq"])
    return (
        frame,
        read_frame(connection, made, VERSIONS),
        read_frame(connection, TASKS_QUERY.where(of_streams), TASKS),
    )


def lost_money_frame(connection: sa.Connection) -> pd.DataFrame:
    """Read what was billed for tasks that made no version.

    Returns:
        One row per such task: ``task_id`` (str), ``lost_micro_usd`` (int64, millionths of a US dollar).
    """
    frame = read_frame(connection, LOST_BY_TASK_QUERY, {"task_id": "str", "billed_usd": "float64"})
    lost = (frame["billed_usd"] * 1_000_000).round().astype("int64")
    return pd.DataFrame({"task_id": frame["task_id"], "lost_micro_usd": lost})


def read_verdict_times(connection: sa.Connection) -> tuple[Ints, Ints, Ints]:
    """Read who made each verdict of the studio, and when.

    Returns:
        One entry per verdict by ``seq``: ``seq``, a number for each person, microseconds since 1970.
    """
    people: dict[str, int] = {}
    parts, seen = [np.empty((0, 3), dtype="int64")], -1
    # some at a time: the answer as a whole would be a gigabyte of rows in a large studio
    while some := _VERDICT_TIMES.rows(connection, after_seq=seen, at_most=_ROWS_AT_ONCE):
        rows = [(seq, people.setdefault(who, len(people)), at_us) for seq, who, at_us in some]
        parts.append(np.array(rows, dtype="int64"))
        seen = rows[-1][0]
    seqs, actors, decided_us = np.concatenate(parts).T
    return seqs, actors, decided_us
