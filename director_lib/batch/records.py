"""The record of every run in the review database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from director_lib.batch.catalogue import BatchNotebook
from director_lib.store.tables import runs
from director_lib.store.text import storable

RUNNING, SUCCEEDED, FAILED = "running", "succeeded", "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a notebook.

    Attributes:
        notebook: The notebook's file.
        notebook_sha256: Digest of its bytes when it was run.
        state: "running", "succeeded" or "failed".
        output_path: The executed notebook.
        html_path: The same for reading, without code; None unless it succeeded.
    """

    id: str
    notebook: Path
    notebook_sha256: str
    parameters: Mapping[str, Any]
    state: str
    output_path: Path
    html_path: Path | None
    started_at: datetime
    ended_at: datetime | None = None

    @property
    def duration_s(self) -> float | None:
        """How long it took, in seconds; None while it runs."""
        return None if self.ended_at is None else (self.ended_at - self.started_at).total_seconds()


def record_start(
    connection: sa.Connection,
    run_id: str,
    notebook: BatchNotebook,
    *,
    parameters: Mapping[str, Any],
    output_path: Path,
    begun: tuple[str, datetime],
) -> None:
    """Record that a run has begun; ``begun`` is by whom and when."""
    author, started_at = begun
    connection.execute(
        runs.insert().values(
            id=run_id,
            notebook=str(notebook.path),
            notebook_sha256=notebook.sha256,
            parameters=dict(parameters),
            state=RUNNING,
            output_path=str(output_path),
            author=author,
            started_at=started_at,
        )
    )


def record_end(
    connection: sa.Connection, run_id: str, ended_at: datetime, *, error_message: str | None = None
) -> None:
    """Record how a run ended: failed when there is an error message, else succeeded."""
    told = None if error_message is None else storable(error_message)
    connection.execute(
        runs.update()
        .where(runs.c.id == run_id)
        .values(state=FAILED if error_message else SUCCEEDED, ended_at=ended_at, error_message=told)
    )
