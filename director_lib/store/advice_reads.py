"""What advice is learned from, apart from the metrics' frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from director_lib.store.tables import decisions, presets, versions


def newest_decision_seq(connection: sa.Connection) -> int:
    """Return the number of the newest decision record; 0 when nothing was ever decided."""
    return int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(decisions.c.seq), 0))) or 0)


def read_params(connection: sa.Connection) -> dict[int, Mapping[str, Any]]:
    """Read the parameters of the judged versions that have any, by version id."""
    judged = sa.select(decisions.c.version_id).distinct()
    query = sa.select(versions.c.id, versions.c.params).where(versions.c.id.in_(judged))
    rows = connection.execute(query)
    return {int(version_id): params for version_id, params in rows if isinstance(params, dict) and params}


def list_shared_preset_texts(connection: sa.Connection) -> list[str]:
    """Read the texts of everybody's presets; what is one person's own is nobody else's advice."""
    return list(
        connection.scalars(
            sa.select(presets.c.text).where(presets.c.is_shared.is_(True)).order_by(presets.c.id)
        )
    )
