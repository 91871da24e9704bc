"""What of the versions has a reason to stay, and how fast the store of them grows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.archive_policy import FileKey, Hold, OldVersion
from director_lib.domain.task import OPEN_STATES
from director_lib.store.decisions import list_approved_ids
from director_lib.store.tables import assets, comments, tasks, variant_sets, versions

_Chosen = sa.Select[tuple[int]] | None


def list_old_versions(connection: sa.Connection, key: FileKey | None = None) -> list[OldVersion]:
    """Read all versions, as far as the policy needs them.

    Args:
        key: Only the versions of the assets that have this file.
    """
    columns = (versions.c.id, versions.c.asset_id, versions.c.number, versions.c.sha256, versions.c.extension)
    query = sa.select(*columns, versions.c.size_bytes)
    if key is not None:
        concerned = sa.select(versions.c.asset_id).where(versions.c.sha256 == key[0])
        query = query.where(versions.c.asset_id.in_(concerned))
    return [
        OldVersion(version_id, asset_id, number, (sha256, extension), size_bytes)
        for version_id, asset_id, number, sha256, extension, size_bytes in connection.execute(query)
    ]


def list_holds(connection: sa.Connection, key: FileKey | None = None) -> dict[int, Hold]:
    """Read which versions stay for a reason of their own, by id.

    Args:
        key: Only of the versions that are this file.
    """
    chosen = None if key is None else sa.select(versions.c.id).where(versions.c.sha256 == key[0])
    held: dict[int, Hold] = {}
    found: Iterable[tuple[Hold, Collection[int]]] = (
        (Hold.COMMENTED, _ids(connection, comments.c.version_id, chosen)),
        (Hold.VARIANT, _variants(connection, chosen)),
        (Hold.REFERENCED, _referenced(connection, chosen, key)),
        (Hold.APPROVED, list_approved_ids(connection, chosen)),
        (Hold.CURRENT, _ids(connection, assets.c.pending_version_id, chosen)),
        (Hold.CURRENT, _ids(connection, assets.c.current_version_id, chosen)),
    )
    for reason, ids in found:
        held.update(dict.fromkeys(ids, reason))
    return held


def bytes_made_since(connection: sa.Connection, since: datetime) -> int:
    """Add up the sizes of the version files that were made since then, each file once."""
    seen_at = sa.func.coalesce(versions.c.found_at, versions.c.created_at)
    files = (
        sa.select(versions.c.sha256, sa.func.max(versions.c.size_bytes).label("size_bytes"))
        .group_by(versions.c.sha256, versions.c.extension)
        .having(sa.func.min(seen_at) >= since)
        .subquery()
    )
    return int(connection.scalar(sa.select(sa.func.coalesce(sa.func.sum(files.c.size_bytes), 0))) or 0)


def find_first_made(connection: sa.Connection) -> datetime | None:
    """Return when the first version was made or found here; None when there is none."""
    found: datetime | None = connection.scalar(sa.select(sa.func.min(versions.c.created_at)))
    return found


def _ids(
    connection: sa.Connection,
    column: sa.Column[int | None] | sa.Column[int],
    chosen: _Chosen,
    query: sa.Select[Any] | None = None,
) -> set[int]:
    """Read the version ids that a column names, of the chosen versions only when some are."""
    query = sa.select(column) if query is None else query
    query = query.where(column.is_not(None)).distinct()
    if chosen is not None:
        query = query.where(column.in_(chosen))
    return {int(found) for found in connection.scalars(query)}


def _referenced(connection: sa.Connection, chosen: _Chosen, key: FileKey | None) -> set[int]:
    """Read the versions that others were made from, or that open tasks will need."""
    ids = _ids(connection, versions.c.source_version_id, chosen)
    written = sa.cast(versions.c.reference_sha256s, sa.Text)
    sent_along = written.contains(key[0]) if key else written != "[]"
    digests: set[str] = set()
    for references in connection.scalars(sa.select(versions.c.reference_sha256s).where(sent_along)):
        digests.update(references)
    open_states = [state.value for state in OPEN_STATES]
    for request in connection.scalars(sa.select(tasks.c.request).where(tasks.c.state.in_(open_states))):
        digests.update(request.get("reference_sha256s") or ())
        ids.update({request["source_version_id"]} if request.get("source_version_id") else set())
    query = sa.select(versions.c.id, versions.c.sha256)
    if chosen is not None:
        query = query.where(versions.c.id.in_(chosen))
    rows = connection.execute(query) if digests else ()
    return ids | {int(version_id) for version_id, sha256 in rows if sha256 in digests}


def _variants(connection: sa.Connection, chosen: _Chosen) -> set[int]:
    """Read the versions of every set from which nobody has picked yet, and each winner."""
    of_sets = sa.select(tasks.c.version_id).join_from(
        tasks, variant_sets, variant_sets.c.id == tasks.c.variant_set_id
    )
    waiting = of_sets.where(variant_sets.c.picked_at.is_(None))
    winners = _ids(connection, variant_sets.c.winner_version_id, chosen)
    return winners | _ids(connection, tasks.c.version_id, chosen, waiting)
