"""Counting a whole studio at once, in the plainest way, from the frames that an analyst gets."""

from __future__ import annotations

import sqlalchemy as sa

from director_lib.metrics.counts import CountTables, count
from director_lib.store.counted_frames import lost_money_frame
from director_lib.store.frames import decisions_frame, tasks_frame, versions_frame
from director_lib.store.tables import streams
from director_lib.tasks.count_check import Difference, find_differences
from director_lib.tasks.count_groups import CountedGroup


def count_from_scratch(connection: sa.Connection, zone: str) -> CountTables:
    """Count everything from the full frames: what all other ways to count have to be equal to."""
    return count(
        decisions_frame(connection),
        versions_frame(connection),
        tasks_frame(connection),
        time_zone=zone,
        lost=lost_money_frame(connection),
    )


def differences_from_scratch(connection: sa.Connection, zone: str) -> tuple[Difference, ...]:
    """Compare the kept counts with those of everything at once."""
    stream_ids = connection.scalars(sa.select(streams.c.id)).all()
    everything = CountedGroup(stream_ids, count_from_scratch(connection, zone), 1)
    return find_differences(connection, iter([everything]))
