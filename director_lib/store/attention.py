"""What was learned about which versions need attention, and the score of each that waits for a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.tables import assets, attention_fits, attention_scores, decisions, versions

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class AttentionFit:
    """What was learned once.

    Attributes:
        decision_seq: The newest decision that was known.
        is_usable: Whether it was better than chance.
        report: How it was checked; see ``director_lib.advice.attention.Learned``.
    """

    id: int
    fitted_at: datetime
    decision_seq: int
    is_usable: bool
    report: Mapping[str, Any]


def find_attention_fit(connection: sa.Connection) -> AttentionFit | None:
    """Find what was learned last; None when nothing ever was."""
    columns = [attention_fits.c[name] for name in AttentionFit.__dataclass_fields__]
    row = connection.execute(sa.select(*columns).order_by(attention_fits.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else AttentionFit(*row)


def read_attention_weights(connection: sa.Connection, fit_id: int) -> Mapping[str, Any]:
    """Read the weights of one fit; empty when there was too little to learn from."""
    found = connection.scalar(sa.select(attention_fits.c.weights).where(attention_fits.c.id == fit_id))
    return found or {}


def add_attention_fit(
    connection: sa.Connection,
    fitted_at: datetime,
    decision_seq: int,
    is_usable: bool,
    report: Mapping[str, Any],
    weights: Mapping[str, Any],
) -> int:
    """Keep what was learned, without the weights of earlier times; return its id."""
    connection.execute(attention_fits.update().values(weights={}))
    made = connection.execute(
        attention_fits.insert().values(
            fitted_at=fitted_at,
            decision_seq=decision_seq,
            is_usable=is_usable,
            report=dict(report),
            weights=dict(weights),
        )
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def list_unscored(connection: sa.Connection, fit_id: int, limit: int = 2000) -> list[int]:
    """List the current versions that nobody judged and that have no score by this fit."""
    query = (
        sa.select(versions.c.id)
        .join(assets, assets.c.current_version_id == versions.c.id)
        .outerjoin(attention_scores, attention_scores.c.version_id == versions.c.id)
        .where(sa.or_(attention_scores.c.fit_id.is_(None), attention_scores.c.fit_id != fit_id))
        .where(~sa.exists().where(decisions.c.version_id == versions.c.id))
        .order_by(versions.c.id)
        .limit(limit)
    )
    return list(connection.scalars(query))


def put_scores(connection: sa.Connection, fit_id: int, scores: Mapping[int, float]) -> None:
    """Record scores by version id, in place of earlier ones."""
    ids = sorted(scores)
    for first in range(0, len(ids), _AT_ONCE):
        part = ids[first : first + _AT_ONCE]
        connection.execute(attention_scores.delete().where(attention_scores.c.version_id.in_(part)))
        rows = [{"version_id": one, "fit_id": fit_id, "score": scores[one]} for one in part]
        connection.execute(attention_scores.insert(), rows)


def scores_by_segment(connection: sa.Connection, stream_id: str, kind: Kind) -> dict[int, float]:
    """Read the scores of a stream's current stills or clips, by segment; those without one are absent.

    What was judged keeps the score that it had before.
    """
    query = (
        sa.select(assets.c.segment_id, attention_scores.c.score)
        .join(attention_scores, attention_scores.c.version_id == assets.c.current_version_id)
        .where(assets.c.stream_id == stream_id, assets.c.kind == kind.value)
    )
    return {segment_id: score for segment_id, score in connection.execute(query)}


def expected_changes_by_stream(connection: sa.Connection) -> dict[str, float]:
    """Sum, by stream, the scores of current versions that nobody judged: how many will not be approved."""
    query = (
        sa.select(assets.c.stream_id, sa.func.sum(attention_scores.c.score))
        .join(attention_scores, attention_scores.c.version_id == assets.c.current_version_id)
        .where(~sa.exists().where(decisions.c.version_id == attention_scores.c.version_id))
        .group_by(assets.c.stream_id)
    )
    return {stream_id: float(total) for stream_id, total in connection.execute(query)}


def is_attention_usable(connection: sa.Connection) -> bool:
    """Tell whether what was learned last is better than chance."""
    found = find_attention_fit(connection)
    return found is not None and found.is_usable


def read_ids_in_parts(ids: Sequence[int]) -> list[Sequence[int]]:
    """Split ids into parts that one query may name."""
    return [ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE)]
