"""Runs of notebooks: recorded before they begin and when they end."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from director_lib.domain.batch_run import Run, RunState
from director_lib.store.tables import runs
from director_lib.store.text import storable


def insert_run(connection: sa.Connection, run: Run) -> None:
    """Record that a run has begun."""
    connection.execute(
        runs.insert().values(
            id=run.id,
            notebook=str(run.notebook),
            notebook_sha256=run.notebook_sha256,
            parameters=dict(run.parameters),
            inputs_sha256=run.inputs_sha256,
            state=run.state.value,
            output_path=str(run.output_path),
            author=run.author,
            started_at=run.started_at,
        )
    )


def close_run(connection: sa.Connection, run: Run) -> None:
    """Record how a run ended; one that was closed before stays as it is."""
    told = None if run.error_message is None else storable(run.error_message)
    connection.execute(
        runs.update()
        .where(runs.c.id == run.id, runs.c.state == RunState.RUNNING.value)
        .values(
            state=run.state.value,
            ended_at=run.ended_at,
            error_message=told,
            output_paths=[str(path) for path in run.output_paths],
            outcome=storable(run.outcome),
        )
    )


def list_runs(
    connection: sa.Connection, *, states: Collection[RunState] | None = None, limit: int = 50
) -> list[Run]:
    """Return runs, the latest first, at most ``limit``; in given states when asked for."""
    query = sa.select(runs).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit)
    if states is not None:
        query = query.where(runs.c.state.in_([state.value for state in states]))
    return [_run(row) for row in connection.execute(query)]


def _run(row: sa.Row[Any]) -> Run:
    return Run(
        id=row.id,
        notebook=Path(row.notebook),
        notebook_sha256=row.notebook_sha256,
        parameters=row.parameters,
        state=RunState(row.state),
        output_path=Path(row.output_path or ""),
        author=row.author,
        started_at=row.started_at,
        output_paths=tuple(Path(path) for path in row.output_paths),
        outcome=row.outcome,
        ended_at=row.ended_at,
        error_message=row.error_message,
    )
