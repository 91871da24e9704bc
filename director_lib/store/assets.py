"""Assets: what a segment needs, one row for each segment and kind, made when first spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.tables import assets, streams

Place = tuple[str, int, Kind]
"""Stream id, segment id and kind of an asset."""


def ensure_stream(connection: sa.Connection, stream_id: str, *, now: datetime) -> None:
    """Make the stream's row when it has none; otherwise nothing changes."""
    known = connection.scalar(sa.select(streams.c.id).where(streams.c.id == stream_id))
    if known is None:
        # nobody else writes before this transaction ends
        connection.execute(streams.insert().values(id=stream_id, title="", first_seen_at=now))


def ensure_asset(
    connection: sa.Connection, stream_id: str, segment_id: int, kind: Kind, *, now: datetime
) -> int:
    """Return the asset's id, making its row (and its stream's) when there is none.

    Args:
        now: Aware UTC instant; recorded when the stream is new.
    """
    place = (stream_id, segment_id, kind)
    return ensure_assets(connection, [place], now=now)[place]


def ensure_assets(connection: sa.Connection, places: Sequence[Place], *, now: datetime) -> dict[Place, int]:
    """Return the assets' ids by place, making the rows (and their streams') that are missing.

    Args:
        places: Stream id, segment id and kind of each.
        now: Aware UTC instant; recorded when a stream is new.
    """
    known = _find_asset_ids(connection, places)
    missing = [place for place in dict.fromkeys(places) if place not in known]
    if not missing:
        return known
    for stream_id in {stream_id for stream_id, _, _ in missing}:
        ensure_stream(connection, stream_id, now=now)
    rows = [
        {"stream_id": stream, "segment_id": segment, "kind": kind.value} for stream, segment, kind in missing
    ]
    connection.execute(assets.insert(), rows)
    return known | _find_asset_ids(connection, missing)


def _find_asset_ids(connection: sa.Connection, places: Sequence[Place]) -> dict[Place, int]:
    wanted = set(places)
    query = sa.select(assets.c.id, assets.c.stream_id, assets.c.segment_id, assets.c.kind)
    if len(wanted) == 1:
        stream_id, segment_id, kind = places[0]
        query = query.where(assets.c.segment_id == segment_id, assets.c.kind == kind.value)
    found = {}
    for stream_id in {stream_id for stream_id, _, _ in wanted}:
        for row in connection.execute(query.where(assets.c.stream_id == stream_id)):
            place = (row.stream_id, row.segment_id, Kind(row.kind))
            if place in wanted:
                found[place] = row.id
    return found


def find_asset_id(connection: sa.Connection, stream_id: str, segment_id: int, kind: Kind) -> int | None:
    """Find the asset's id; None when nothing was ever recorded for it."""
    query = sa.select(assets.c.id).where(
        assets.c.stream_id == stream_id, assets.c.segment_id == segment_id, assets.c.kind == kind.value
    )
    found = connection.scalar(query)
    return None if found is None else int(found)
