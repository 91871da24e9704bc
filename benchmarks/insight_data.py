"""A synthetic studio's history of a million decisions, written into the database in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from director_lib.store import tables

Ints = npt.NDArray[np.int64]
N_PEOPLE = 40
N_DAYS = 540
ENGINES = (("local", "local-render/1"), ("far", "far-1"), ("far", "far-2"), ("far", "far-3"), (None, None))
_SEGMENTS_OF_STREAM = 350
_PASS_RATE = 0.6
_MOST_ATTEMPTS = 6
_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US
_BEGIN_US = int(np.datetime64("2025-05-05T09:00", "us").astype(np.int64))
_AT_ONCE = 50_000
_VERDICTS = np.array(["approved", "approved_with_notes", "adjust_prompt", "regenerate"])


@dataclass(frozen=True)
class Work:
    """One entry for each version, in the order in which they were made: every version was judged once."""

    asset_id: Ints
    number: Ints
    created_us: Ints
    viewed_us: Ints
    decided_us: Ints
    passed: npt.NDArray[np.bool_]
    engine: Ints
    actor: Ints


def write_history(connection: sa.Connection, n_decisions: int, *, seed: int = 20261121) -> None:
    """Write streams, assets, versions, tasks and decisions; one in a hundred has one taken back before it."""
    chance = np.random.default_rng(seed)
    work = _imagine(chance, n_decisions)
    _write_places(connection, work)
    n = len(work.asset_id)
    ids = np.arange(1, n + 1)
    hashes = [f"{number:064x}" for number in range(1, n + 1)]
    engines = [ENGINES[which][0] for which in work.engine.tolist()]
    task_ids = [None if name is None else f"t{number}" for number, name in enumerate(engines, 1)]
    asked_us = work.created_us - chance.lognormal(3.5, 0.7, n).astype("int64") * 1_000_000
    versions = {
        "id": ids,
        "asset_id": work.asset_id,
        "number": work.number,
        "sha256": hashes,
        "extension": ".png",
        "size_bytes": 1,
        "origin": ["found" if name is None else "generated" for name in engines],
        "image_prompt": "a harbour at dawn, gentle pan, golden hour light, calm",
        "engine": engines,
        "model": [ENGINES[which][1] for which in work.engine.tolist()],
        "cost_usd": (work.engine * 0.13).round(2),
        "duration_s": 5.0,
        "task_id": task_ids,
        "created_at": work.created_us,
        "params": "{}",
        "reference_sha256s": "[]",
    }
    _insert(connection, tables.versions, versions)
    _write_tasks(connection, work, task_ids, asked_us)
    _write_decisions(connection, work, hashes, chance)
    newest = sa.select(sa.func.max(tables.versions.c.id)).where(
        tables.versions.c.asset_id == tables.assets.c.id
    )
    connection.execute(tables.assets.update().values(current_version_id=newest.scalar_subquery()))


def _imagine(chance: np.random.Generator, n_decisions: int) -> Work:
    attempts = np.minimum(chance.geometric(_PASS_RATE, n_decisions), _MOST_ATTEMPTS)
    n_units = int(np.searchsorted(np.cumsum(attempts), n_decisions)) + 1
    attempts = attempts[:n_units]
    unit = np.repeat(np.arange(n_units), attempts)[:n_decisions]
    first = np.concatenate(([0], np.cumsum(attempts)[:-1]))
    number = np.arange(n_decisions) - first[unit] + 1
    begin = _BEGIN_US + np.sort(chance.integers(0, (N_DAYS - 4) * _DAY_US, n_units))
    waits = chance.lognormal(7.0, 1.3, n_decisions).astype("int64") * 1_000_000
    created = begin[unit] + (number - 1) * 2 * _HOUR_US + chance.integers(0, _HOUR_US, n_decisions)
    viewed = created + np.minimum(waits, _DAY_US)
    order = np.argsort(created, kind="stable")
    weights = 1 / np.arange(1, N_PEOPLE + 1) ** 0.7
    return Work(
        asset_id=unit[order] + 1,
        number=number[order],
        created_us=created[order],
        viewed_us=viewed[order],
        decided_us=(viewed + chance.lognormal(3, 0.9, n_decisions).astype("int64") * 1_000_000)[order],
        passed=(number == attempts[unit])[order],
        engine=chance.choice(len(ENGINES), n_decisions, p=(0.4, 0.3, 0.15, 0.1, 0.05)),
        actor=chance.choice(N_PEOPLE, n_decisions, p=weights / weights.sum()),
    )


def _write_places(connection: sa.Connection, work: Work) -> None:
    n_assets = int(work.asset_id.max())
    place = np.arange(n_assets)
    segment = place // 2
    n_streams = int(segment[-1]) // _SEGMENTS_OF_STREAM + 1
    streams = [f"stream-{number:05}" for number in range(n_streams)]
    _insert(
        connection,
        tables.streams,
        {"id": streams, "title": "", "first_seen_at": _BEGIN_US, "approvals_needed": 1},
    )
    of_stream = [streams[number] for number in (segment // _SEGMENTS_OF_STREAM).tolist()]
    kinds = np.where(place % 2 == 0, "keyframe", "video")
    assets = {
        "id": place + 1,
        "stream_id": of_stream,
        "segment_id": segment % _SEGMENTS_OF_STREAM + 1,
        "kind": kinds,
    }
    _insert(connection, tables.assets, assets)


def _write_tasks(connection: sa.Connection, work: Work, task_ids: list[str | None], asked_us: Ints) -> None:
    made = np.flatnonzero([task_id is not None for task_id in task_ids])
    rows = {
        "id": [task_ids[place] for place in made.tolist()],
        "seq": np.arange(1, len(made) + 1),
        "asset_id": work.asset_id[made],
        "engine": [ENGINES[which][0] for which in work.engine[made].tolist()],
        "request": "{}",
        "dedup_key": "",
        "state": "succeeded",
        "phase": "",
        "percent": 100.0,
        "priority": 10,
        "price_usd": 0.0,
        "author": "dora",
        "queued_at": asked_us[made],
        "started_at": asked_us[made] + (work.created_us - asked_us)[made] // 3,
        "ended_at": work.created_us[made],
        "version_id": made + 1,
    }
    _insert(connection, tables.tasks, rows)


def _write_decisions(
    connection: sa.Connection, work: Work, hashes: list[str], chance: np.random.Generator
) -> None:
    order = np.argsort(work.decided_us, kind="stable")
    n = len(order)
    which = np.where(work.passed, chance.integers(0, 2, n), chance.integers(2, 4, n))
    rows = {
        "seq": np.arange(1, n + 1),
        "asset_id": work.asset_id[order],
        "version_id": order + 1,
        "sha256": [hashes[place] for place in order.tolist()],
        "decision": _VERDICTS[which[order]],
        "note": "",
        "actor": [f"director-{number:02}" for number in work.actor[order].tolist()],
        "decided_at": work.decided_us[order],
        "viewed_at": work.viewed_us[order],
    }
    _insert(connection, tables.decisions, rows)
    # one in a hundred was preceded by another that was taken back
    before = np.flatnonzero(chance.random(n) < 0.01)
    same = ("asset_id", "version_id", "sha256", "actor", "viewed_at")
    early: dict[str, Any] = {name: np.asarray(rows[name])[before] for name in same}
    early |= {"seq": n + 1 + np.arange(len(before)), "decision": "regenerate", "note": ""}
    early["decided_at"] = np.asarray(rows["decided_at"])[before] - 10_000_000
    _insert(connection, tables.decisions, early)
    undoing = early | {"seq": n + len(before) + 1 + np.arange(len(before)), "undoes": early["seq"]}
    undoing["decided_at"] = early["decided_at"] + 5_000_000
    _insert(connection, tables.decisions, undoing)


def _insert(connection: sa.Connection, table: sa.Table, columns: Mapping[str, Any]) -> None:
    """Write columns (arrays, lists, or one value for all rows) as they are stored."""
    n = max(len(values) for values in columns.values() if not isinstance(values, (str, int, float)))
    lists = [
        values.tolist()
        if isinstance(values, np.ndarray)
        else values
        if isinstance(values, list)
        else [values] * n
        for values in columns.values()
    ]
    marks = ", ".join(["?" if connection.dialect.name == "sqlite" else "%s"] * len(columns))
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our names
    for first in range(0, n, _AT_ONCE):
        rows = list(zip(*(values[first : first + _AT_ONCE] for values in lists), strict=True))
        connection.exec_driver_sql(statement, rows)
