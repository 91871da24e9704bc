"""One execution of a notebook with parameters, as it is recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


class RunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a notebook.

    Attributes:
        notebook: The notebook's file.
        notebook_sha256: Digest of its bytes when it was run.
        parameters: What was given; the notebook's own values held for the others.
        output_path: The executed notebook.
        author: Who ran it.
        output_paths: Everything it wrote: the executed notebook, and the same as HTML and PDF, without code.
        outcome: What it came to, in a line; "" when the notebook does not say.
        error_message: Why it failed; None unless it did.
    """

    id: str
    notebook: Path
    notebook_sha256: str
    parameters: Mapping[str, Any]
    state: RunState
    output_path: Path
    author: str
    started_at: datetime
    output_paths: tuple[Path, ...] = ()
    outcome: str = ""
    ended_at: datetime | None = None
    error_message: str | None = None

    @property
    def inputs_sha256(self) -> str:
        """Digest of notebook and parameters: equal ones were run with the same."""
        told = json.dumps(
            [self.notebook_sha256, dict(self.parameters)], sort_keys=True, ensure_ascii=False, allow_nan=False
        )
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def duration_s(self) -> float | None:
        """How long it took, in seconds; None while it runs."""
        return None if self.ended_at is None else (self.ended_at - self.started_at).total_seconds()

    @property
    def html_path(self) -> Path | None:
        """The page for reading; None when there is none."""
        return self._written(".html")

    @property
    def pdf_path(self) -> Path | None:
        """The pages for printing; None when there are none."""
        return self._written(".pdf")

    def _written(self, ending: str) -> Path | None:
        return next((path for path in self.output_paths if path.suffix == ending), None)
