"""Versions to choose from as the review desk shows them, as JSON values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.pages.cards import instant, task_chip
from director_lib.store.overview import typical_duration_s
from director_lib.store.variant_sets import VariantSet, list_sets, open_tasks_by_set
from director_lib.workbench.withholding import told_tasks

Json = dict[str, Any]


def read_variant_tasks(
    connection: sa.Connection, stream_id: str, kind: Kind, now: datetime
) -> dict[int, list[Json]]:
    """Read by segment the variants that are being made, in their order; segments without any are absent."""
    sets = {
        segment_id: [told_tasks(connection, tasks) for tasks in made]
        for segment_id, made in open_tasks_by_set(connection, stream_id, kind).items()
    }
    engines = {task.request.engine for made in sets.values() for tasks in made for task in tasks}
    typical_s = {engine: typical_duration_s(connection, engine, kind) for engine in engines}
    return {
        segment_id: [task_chip(task, typical_s[task.request.engine], now) for tasks in made for task in tasks]
        for segment_id, made in sets.items()
    }


def newest_set(connection: sa.Connection, stream_id: str, segment_id: int, kind: Kind) -> Json | None:
    """Describe the set of one still or clip that was asked for last; None when there never was one.

    Of one that is to be chosen from blind, nothing is told that says how a version was made: neither engine,
    model, words, seed, price, number, time nor file, and no task or version that has them.
    """
    found = list_sets(connection, stream_id, segment_id, kind)
    if not found:
        return None
    newest = found[0]
    told = {
        "id": newest.id,
        "author": newest.author,
        "made_at": instant(newest.made_at),
        "winner_version_id": newest.winner_version_id,
        "is_blind": newest.is_blind,
        "is_hidden": newest.is_hidden,
        "is_tie": newest.is_tie,
    }
    return told | {"cells": _blind_cells(newest) if newest.is_hidden else _cells(newest)}


def _cells(found: VariantSet) -> list[Json]:
    presets = {place.seed: place.preset for place in found.places}
    return [
        {
            "task_id": task.id,
            "state": task.state.value,
            "error_message": task.error_message,
            "version_id": task.version_id,
            "seed": task.request.seed,
            "preset": presets.get(task.request.seed, ""),
        }
        for task in found.seats
    ]


def _blind_cells(found: VariantSet) -> list[Json]:
    """Describe the places. Nothing is shown before all is made: what is ready first is a hint, too."""
    is_ready = not found.is_open
    return [_blind_cell(found, position, task, is_ready) for position, task in enumerate(found.seats, 1)]


def _blind_cell(found: VariantSet, position: int, task: Task, is_ready: bool) -> Json:
    if not is_ready:
        return {"position": position, "state": TaskState.QUEUED.value, "src": None, "poster": None}
    if task.version_id is None:
        return {"position": position, "state": TaskState.FAILED.value, "src": None, "poster": None}
    address = f"/media/blind/{found.id}/{position}"
    poster = f"{address}/poster" if found.kind is Kind.VIDEO else address
    return {"position": position, "state": TaskState.SUCCEEDED.value, "src": address, "poster": poster}
