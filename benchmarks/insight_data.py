"""A synthetic studio's history of a million decisions, written into the database in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from director_lib.store import tables

Ints = npt.NDArray[np.int64]
Values = npt.NDArray[Any] | str | float | Callable[[slice], list[Any]]
"""A column: one entry a row, one value for all rows, or what makes the values of some rows (from 0)."""
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
    names, models = (np.array(column, dtype=object) for column in zip(*ENGINES, strict=True))
    engine = names[work.engine]
    asked_us = work.created_us - chance.lognormal(3.5, 0.7, n).astype("int64") * 1_000_000
    versions: dict[str, Values] = {
        "id": np.arange(1, n + 1),
        "asset_id": work.asset_id,
        "number": work.number,
        "sha256": lambda rows: [_sha256(version) for version in range(rows.start + 1, rows.stop + 1)],
        "extension": ".png",
        "size_bytes": 1,
        "origin": np.where(engine == None, "found", "generated"),  # noqa: E711 - of every entry
        "image_prompt": "a harbour at dawn, gentle pan, golden hour light, calm",
        "engine": engine,
        "model": models[work.engine],
        "cost_usd": (work.engine * 0.13).round(2),
        "duration_s": 5.0,
        "task_id": lambda rows: [
            None if name is None else f"t{version}"
            for version, name in enumerate(engine[rows].tolist(), rows.start + 1)
        ],
        "created_at": work.created_us,
        "params": "{}",
        "reference_sha256s": "[]",
    }
    _insert(connection, tables.versions, versions, n)
    _write_tasks(connection, work, engine, asked_us)
    _write_decisions(connection, work, chance)
    _point_at_newest(connection)
    if connection.dialect.name == "postgresql":
        _go_on_numbering(connection)
        # a server does so by itself, some minutes later
        connection.exec_driver_sql("ANALYZE")


def _point_at_newest(connection: sa.Connection) -> None:
    made = tables.versions.c
    newest = sa.select(made.asset_id, sa.func.max(made.id).label("id")).group_by(made.asset_id).subquery()
    connection.execute(
        tables.assets.update()
        .values(current_version_id=newest.c.id)
        .where(newest.c.asset_id == tables.assets.c.id)
    )


def _go_on_numbering(connection: sa.Connection) -> None:
    for table, column in (("assets", "id"), ("versions", "id"), ("decisions", "seq"), ("tasks", "seq")):
        sequence = f"pg_get_serial_sequence('{table}', '{column}')"
        connection.exec_driver_sql(f"SELECT setval({sequence}, max({column})) FROM {table}")  # noqa: S608


def _sha256(version_id: int) -> str:
    return f"{version_id:064x}"


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
    streams = np.array([f"stream-{number:05}" for number in range(n_streams)], dtype=object)
    seen: dict[str, Values] = {"title": "", "first_seen_at": _BEGIN_US, "approvals_needed": 1}
    _insert(connection, tables.streams, {"id": streams, **seen}, n_streams)
    assets: dict[str, Values] = {
        "id": place + 1,
        "stream_id": streams[segment // _SEGMENTS_OF_STREAM],
        "segment_id": segment % _SEGMENTS_OF_STREAM + 1,
        "kind": np.where(place % 2 == 0, "keyframe", "video"),
    }
    _insert(connection, tables.assets, assets, n_assets)


def _write_tasks(
    connection: sa.Connection, work: Work, engine: npt.NDArray[np.object_], asked_us: Ints
) -> None:
    made = np.flatnonzero(engine != None)  # noqa: E711 - of every entry
    rows: dict[str, Values] = {
        "id": lambda some: [f"t{place + 1}" for place in made[some].tolist()],
        "seq": np.arange(1, len(made) + 1),
        "asset_id": work.asset_id[made],
        "engine": engine[made],
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
    _insert(connection, tables.tasks, rows, len(made))


def _write_decisions(connection: sa.Connection, work: Work, chance: np.random.Generator) -> None:
    order = np.argsort(work.decided_us, kind="stable")
    n = len(order)
    which = np.where(work.passed, chance.integers(0, 2, n), chance.integers(2, 4, n))
    people = np.array([f"director-{number:02}" for number in range(N_PEOPLE)], dtype=object)
    rows = {
        "seq": np.arange(1, n + 1),
        "asset_id": work.asset_id[order],
        "version_id": order + 1,
        "decision": _VERDICTS[which[order]],
        "actor": people[work.actor[order]],
        "decided_at": work.decided_us[order],
        "viewed_at": work.viewed_us[order],
    }
    _decide(connection, rows)
    # one in a hundred was preceded by another that was taken back
    before = np.flatnonzero(chance.random(n) < 0.01)
    early = {name: values[before] for name, values in rows.items()}
    early["seq"] = n + 1 + np.arange(len(before))
    early["decision"] = np.full(len(before), "regenerate")
    early["decided_at"] = early["decided_at"] - 10_000_000
    _decide(connection, early)
    undoing = early | {"seq": early["seq"] + len(before), "undoes": early["seq"]}
    undoing["decided_at"] = early["decided_at"] + 5_000_000
    _decide(connection, undoing)


def _decide(connection: sa.Connection, rows: Mapping[str, npt.NDArray[Any]]) -> None:
    version_ids = rows["version_id"]
    hashes: dict[str, Values] = {
        "sha256": lambda some: [_sha256(each) for each in version_ids[some].tolist()],
        "note": "",
    }
    _insert(connection, tables.decisions, {**rows, **hashes}, len(version_ids))


def _insert(connection: sa.Connection, table: sa.Table, columns: Mapping[str, Values], n: int) -> None:
    """Write rows with values as they are stored, some at a time: a column of texts would be a gigabyte."""
    names = ", ".join(columns)
    for first in range(0, n, _AT_ONCE):
        some = slice(first, min(first + _AT_ONCE, n))
        rows = zip(*(_some(values, some) for values in columns.values()), strict=True)
        if connection.dialect.name == "postgresql":
            _copy(connection, f"COPY {table.name} ({names}) FROM STDIN", rows)
        else:
            marks = ", ".join("?" * len(columns))
            connection.exec_driver_sql(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608 - our names
                list(rows),
            )


def _copy(connection: sa.Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _some(values: Values, some: slice) -> list[Any]:
    if callable(values):
        return values(some)
    if isinstance(values, np.ndarray):
        chosen: list[Any] = values[some].tolist()
        return chosen
    return [values] * (some.stop - some.start)
