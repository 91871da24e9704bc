"""Which suggestions were shown to whom, which were taken, and what was made with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.store.tables import assets, suggestions, tasks, versions

PROMPT, PHRASE = "prompt", "phrase"


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    """A suggestion that is about to be shown.

    Attributes:
        sort: ``PROMPT`` or ``PHRASE``.
        source_version_id: The approved version whose prompt it is; None of a phrase.
        position: Its place among those of its sort, from 0.
        predicted: Of a prompt the predicted chance of approval; of a phrase its adjusted odds ratio.
        is_trial: Whether it is shown to learn about it.
        model_id: Which fit made it.
    """

    sort: str
    text: str
    position: int
    predicted: float
    is_trial: bool
    model_id: str
    source_version_id: int | None = None


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A suggestion that was shown."""

    id: int
    stream_id: str
    segment_id: int
    kind: str
    sort: str
    text: str
    predicted: float
    is_trial: bool
    shown_to: str
    shown_at: datetime
    taken_at: datetime | None
    task_id: str | None


def add_suggestions(
    connection: sa.Connection, asset_id: int, new: Sequence[NewSuggestion], shown_to: str, shown_at: datetime
) -> list[int]:
    """Record what is shown to a person for one still or clip.

    Returns:
        An id for each, in their order.
    """
    ids = []
    for one in new:
        values = {
            "asset_id": asset_id,
            "sort": one.sort,
            "text": one.text,
            "source_version_id": one.source_version_id,
            "position": one.position,
            "predicted": one.predicted,
            "is_trial": one.is_trial,
            "model_id": one.model_id,
            "shown_to": shown_to,
            "shown_at": shown_at,
        }
        key = connection.execute(suggestions.insert().values(values)).inserted_primary_key
        assert key is not None
        ids.append(int(key[0]))
    return ids


def record_taken(
    connection: sa.Connection, ids: Collection[int], person: str, taken_at: datetime, task_id: str | None
) -> int:
    """Record that a person took suggestions, and what is made with them; others' suggestions are left alone.

    Args:
        task_id: None while nothing was asked for yet. What is recorded once stays.

    Returns:
        How many of them were this person's.
    """
    mine = suggestions.c.id.in_(ids) & (suggestions.c.shown_to == person)
    values = {
        "taken_at": sa.func.coalesce(
            suggestions.c.taken_at, sa.literal(taken_at, suggestions.c.taken_at.type)
        ),
        "task_id": sa.func.coalesce(suggestions.c.task_id, sa.literal(task_id, suggestions.c.task_id.type)),
    }
    return connection.execute(suggestions.update().where(mine).values(values)).rowcount


def list_newest_suggestions(connection: sa.Connection, limit: int) -> list[ShownSuggestion]:
    """Read the suggestions that were shown last, newest first."""
    query = (
        sa.select(
            suggestions.c.id,
            assets.c.stream_id,
            assets.c.segment_id,
            assets.c.kind,
            suggestions.c.sort,
            suggestions.c.text,
            suggestions.c.predicted,
            suggestions.c.is_trial,
            suggestions.c.shown_to,
            suggestions.c.shown_at,
            suggestions.c.taken_at,
            suggestions.c.task_id,
        )
        .join(assets, assets.c.id == suggestions.c.asset_id)
        .order_by(suggestions.c.id.desc())
        .limit(limit)
    )
    rows: list[tuple[Any, ...]] = [tuple(row) for row in connection.execute(query)]
    return [ShownSuggestion(*row) for row in rows]


def count_suggestions(connection: sa.Connection) -> tuple[int, int, int]:
    """Count the suggestions that were shown, taken, and sent to be made."""
    row = connection.execute(
        sa.select(
            sa.func.count(), sa.func.count(suggestions.c.taken_at), sa.func.count(suggestions.c.task_id)
        ).select_from(suggestions)
    ).one()
    return int(row[0]), int(row[1]), int(row[2])


def find_first_shown_at(connection: sa.Connection) -> datetime | None:
    """Find when a suggestion was shown for the first time; None when none ever was."""
    found: datetime | None = connection.scalar(sa.select(sa.func.min(suggestions.c.shown_at)))
    return found


def versions_made_with(connection: sa.Connection) -> dict[int, bool]:
    """Find the versions that were made with a suggestion, variants of one set all alike.

    Returns:
        By version id, whether one of the suggestions was a trial.
    """
    asked, made = tasks.alias(), tasks.alias()
    same = sa.or_(
        made.c.id == asked.c.id,
        sa.and_(made.c.variant_set_id.is_not(None), made.c.variant_set_id == asked.c.variant_set_id),
    )
    query = (
        sa.select(versions.c.id, suggestions.c.is_trial)
        .select_from(suggestions)
        .join(asked, asked.c.id == suggestions.c.task_id)
        .join(made, sa.and_(made.c.asset_id == asked.c.asset_id, same))
        .join(versions, versions.c.task_id == made.c.id)
    )
    found: dict[int, bool] = {}
    for version_id, is_trial in connection.execute(query):
        found[int(version_id)] = found.get(int(version_id), False) or bool(is_trial)
    return found


def list_showings(connection: sa.Connection) -> list[tuple[str, int, str, datetime]]:
    """Read for what and when suggestions were shown: stream, segment, kind and instant, oldest first."""
    query = (
        sa.select(assets.c.stream_id, assets.c.segment_id, assets.c.kind, suggestions.c.shown_at)
        .join(assets, assets.c.id == suggestions.c.asset_id)
        .group_by(assets.c.stream_id, assets.c.segment_id, assets.c.kind, suggestions.c.shown_at)
        .order_by(suggestions.c.shown_at)
    )
    return [(row[0], int(row[1]), row[2], row[3]) for row in connection.execute(query)]
