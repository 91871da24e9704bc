"""Durable tasks that belong to a whole stream, or to the studio, and what their jobs are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from director_lib.domain.task import OPEN_STATES, TaskState

if TYPE_CHECKING:
    from director_lib.config import Settings

BUILD, DEPLOY, ARCHIVE, BRING_BACK, SPEC = "build", "deploy", "archive", "bring_back", "spec"

_WORDS = {
    BUILD: "Build the film's page",
    DEPLOY: "Deploy the film's page",
    ARCHIVE: "Archive old versions",
    BRING_BACK: "Bring versions back from the archive",
    SPEC: "Write a first spec",
}


@dataclass(frozen=True, slots=True)
class StreamTask:
    """One durable job on a stream, or on the studio as a whole.

    Attributes:
        kind: What is done; see ``tasks.stream_jobs``.
        stream_id: None for a job on the whole studio.
        parameters: JSON values that the job is told.
        phase: What it does now, in words for a director.
        percent: 0 to 100.
        result: JSON values that it answered with, once succeeded.
        worker: The worker that carries it out; None while nobody does.
    """

    id: str
    kind: str
    stream_id: str | None
    parameters: Mapping[str, Any]
    state: TaskState
    phase: str
    percent: float
    author: str
    queued_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    error_code: str | None = None
    error_message: str | None = None
    result: Mapping[str, Any] | None = None
    worker: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class StreamJob:
    """What a job's function is told.

    Attributes:
        stream_id: None for a job on the whole studio.
        parameters: As they were queued.
        author: Who asked for it.
        settings: The studio's; the job opens the database by ``settings.database`` when it needs it.
        folder: A scratch folder of the task's own. It is empty at first, is there again when the task is
            carried out again after an interruption on the same machine, and is removed when it ended.
    """

    task_id: str
    kind: str
    stream_id: str | None
    parameters: Mapping[str, Any]
    author: str
    settings: Settings
    folder: Path


class StreamNews(Protocol):
    """What a job tells while it lasts."""

    def progress(self, phase: str, percent: float) -> None:
        """Say how far it is, as often as one likes; percent from 0 to 100."""
        ...

    def line(self, text: str) -> None:
        """Add a line to what is kept with the task; the newest 500 are kept."""
        ...


def words_for(kind: str) -> str:
    """Say what a kind of task does, for a director."""
    return _WORDS.get(kind, kind.replace("_", " ").capitalize())
