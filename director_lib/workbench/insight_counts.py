"""The counts that are kept with every write: read for the page, built, checked and built anew."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from director_lib.domain.measures import DECISION_MEASURES
from director_lib.metrics.counts import SEGMENTS_SHOWN, Counts, Slice
from director_lib.metrics.trend import studio_zone
from director_lib.store.blind_counts import BlindCounts
from director_lib.store.blind_keeping import read_blind_counts
from director_lib.store.count_histograms import read_durations
from director_lib.store.count_parts import Part
from director_lib.store.count_reads import (
    CELL_KEYS,
    read_cells,
    read_failures,
    read_people,
    read_worst_segments,
)
from director_lib.tasks import counting
from director_lib.tasks.counting import CountsCheck, Tell, untold
from director_lib.workbench.studio import Studio

__all__ = [
    "CountsCheck",
    "Tell",
    "check_counts",
    "counts_of",
    "ensure_counts",
    "part_of",
    "read_counts",
    "rebuild_counts",
    "untold",
]


def read_counts(studio: Studio, chosen: Slice | None = None) -> Counts:
    """Read a slice of the counts, with everything that was committed before.

    They are built first where that was not done yet. What is to be chosen from blind counts for the engine
    and model ``WITHHELD``.

    Raises:
        InputError: The studio's time zone does not exist.
    """
    ensure_counts(studio)
    with studio.database.read() as connection:
        return counts_of(connection, chosen or Slice(), read_blind_counts(connection, _zone(studio)))


def counts_of(
    connection: sa.Connection,
    chosen: Slice,
    blind: BlindCounts,
    cell_keys: Sequence[str] = CELL_KEYS,
    of_people: Sequence[str] = tuple(DECISION_MEASURES),
) -> Counts:
    """Read a slice of counts that were ensured.

    Args:
        connection: An open connection.
        chosen: Which part.
        blind: Of the same connection.
        cell_keys: What to tell cells apart by; with fewer, the database adds them up.
        of_people: What to add up by person; half of it takes half the time.
    """
    part = part_of(chosen)
    return Counts(
        cells=blind.cells(read_cells(connection, part, cell_keys), part),
        people=blind.people(read_people(connection, part, of_people), part),
        durations=blind.durations(read_durations(connection, part), part),
        failures=blind.failures(read_failures(connection, part), part),
        segments=read_worst_segments(connection, part, SEGMENTS_SHOWN),
    )


def ensure_counts(studio: Studio, tell: Tell = untold) -> None:
    """Count what is not counted yet, by the weeks of the studio's time zone.

    Raises:
        InputError: The studio's time zone does not exist.
    """
    counting.build_counts(studio.database, _zone(studio), tell)


def rebuild_counts(studio: Studio, tell: Tell = untold) -> None:
    """Throw the counts away and count everything anew.

    Raises:
        InputError: The studio's time zone does not exist.
        StorageError: Another process has been counting for minutes.
    """
    counting.rebuild_counts(studio.database, _zone(studio), tell)


def check_counts(studio: Studio, *, may_rebuild: bool, tell: Tell = untold) -> CountsCheck:
    """Compare the counts with those from scratch, and count everything anew when they differ.

    Raises:
        InputError: The studio's time zone does not exist.
        StorageError: Others write so much that the counts are behind whenever they are looked at.
    """
    return counting.check_counts(
        studio.database, _zone(studio), studio.clock(), may_rebuild=may_rebuild, tell=tell
    )


def _zone(studio: Studio) -> str:
    return studio_zone(studio.settings.time_zone).key


def part_of(chosen: Slice) -> Part:
    """Return a slice as the part of the counts to read."""
    picked = {
        "actor": chosen.actors,
        "engine": chosen.engines,
        "model": chosen.models,
        "kind": chosen.kinds,
    }
    return Part(
        stream_id=chosen.stream_id,
        since=_day(chosen.since),
        until=_day(chosen.until),
        values={column: list(values) for column, values in picked.items() if values is not None},
    )


def _day(monday: pd.Timestamp | None) -> int | None:
    return None if monday is None else (monday.normalize() - pd.Timestamp(0)).days
