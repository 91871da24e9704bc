"""Counting everything from scratch, some streams at a time, so that memory does not grow with the studio."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from director_lib.metrics.activity import activity_of
from director_lib.metrics.counts import CountTables, count
from director_lib.store.counted_frames import (
    list_stream_groups,
    lost_money_frame,
    read_counted_frames,
    read_verdict_times,
)

ASSETS_AT_ONCE = 60_000
"""About a hundred thousand versions, which take a few hundred megabytes while they are counted."""


class CountedGroup(NamedTuple):
    """Everything that is counted of some streams.

    Attributes:
        n_groups: How many such groups there are in all.
    """

    stream_ids: Sequence[str]
    tables: CountTables
    n_groups: int


def count_in_groups(
    connection: sa.Connection, time_zone: str, assets_at_once: int = ASSETS_AT_ONCE
) -> Iterator[CountedGroup]:
    """Count every stream that has stills or clips: what the kept counts have to be equal to.

    Args:
        connection: It is read in many steps, which all have to see the same: a view of one moment.
        time_zone: IANA name of the zone that the weeks are in.
        assets_at_once: About so many stills and clips are counted together.
    """
    groups = list(list_stream_groups(connection, assets_at_once))
    activity, lost = activity_of(*read_verdict_times(connection)), lost_money_frame(connection)
    for stream_ids in groups:
        decisions, versions, tasks = read_counted_frames(connection, stream_ids)
        tables = count(decisions, versions, tasks, time_zone=time_zone, lost=lost, activity=activity)
        yield CountedGroup(stream_ids, tables, len(groups))
