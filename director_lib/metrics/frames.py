"""The frames that every metric reads: their columns, empty ones, and the check at the door.

Instants are ``datetime64[us, UTC]``; text is pandas' ``str``; numbers that may be unknown are ``Int64``.
Frames may carry further columns; they are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from director_lib.errors import InputError

INSTANT = "datetime64[us, UTC]"
UNIT = ["stream_id", "segment_id", "kind"]
SEGMENT = ["stream_id", "segment_id"]


@dataclass(frozen=True, slots=True)
class FrameSchema:
    """A frame's name and its columns with their dtypes, in order."""

    name: str
    columns: Mapping[str, str]

    def empty(self) -> pd.DataFrame:
        """Return a frame with every column and no row."""
        return pd.DataFrame({column: pd.Series(dtype=dtype) for column, dtype in self.columns.items()})

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame in the documented dtypes; what has them already is not copied.

        Raises:
            InputError: A column is missing, an instant has no time zone, or values cannot be read as their
                dtype.
        """
        missing = [column for column in self.columns if column not in frame.columns]
        if missing:
            raise InputError(
                f"The {self.name} frame lacks: {', '.join(missing)}. It has: {list(frame.columns)}."
            )
        wrong = {column: dtype for column, dtype in self.columns.items() if str(frame[column].dtype) != dtype}
        naive = [column for column, dtype in wrong.items() if dtype == INSTANT and _is_naive(frame[column])]
        if naive:
            raise InputError(f"Times in the {self.name} frame need a time zone: {', '.join(naive)}.")
        return self._cast(frame, wrong)

    def _cast(self, frame: pd.DataFrame, wrong: dict[str, str]) -> pd.DataFrame:
        try:
            return frame.astype(wrong) if wrong else frame
        except (TypeError, ValueError) as error:
            raise InputError(f"The {self.name} frame cannot be read as {wrong}: {error}.") from error


def _is_naive(column: pd.Series[Any]) -> bool:
    return column.dtype.kind == "M" and not isinstance(column.dtype, pd.DatetimeTZDtype)


DECISIONS = FrameSchema(
    "decisions",
    {
        "decision_id": "int64",
        "seq": "int64",
        "stream_id": "str",
        "segment_id": "int64",
        "kind": "str",
        "version_id": "int64",
        "attempt": "int64",
        "decision": "str",
        "note": "str",
        "actor": "str",
        "decided_at": INSTANT,
        "undone_at": INSTANT,
    },
)
"""One row per verdict. ``undone_at`` is when it was taken back, or NaT; records of undoing are no rows.
Further columns are used when they are there: ``approvals_needed`` (int64, how many people have to approve on
the stream; else 1), ``set_id`` (str, the variant set that the version was made for; else every version is an
attempt by itself), ``viewed_at`` (when the decider first saw the version; else handling is not known)."""

VERSIONS = FrameSchema(
    "versions",
    {
        "version_id": "int64",
        "stream_id": "str",
        "segment_id": "int64",
        "kind": "str",
        "attempt": "int64",
        "origin": "str",
        "engine": "str",
        "model": "str",
        "image_prompt": "str",
        "motion_prompt": "str",
        "seed": "Int64",
        "source_version_id": "Int64",
        "cost_usd": "float64",
        "task_id": "str",
        "created_at": INSTANT,
    },
)
"""One row per version; ``attempt`` is its 1-based place among its asset's versions. Further columns are used
when they are there: ``is_current`` (bool, the version that the pages show now; else the newest),
``duration_s`` (float64, seconds of a clip; else seconds are not known), ``set_id`` (str, the variant set that
it was made for; else every version is an attempt by itself)."""

TASKS = FrameSchema(
    "tasks",
    {
        "task_id": "str",
        "stream_id": "str",
        "segment_id": "int64",
        "kind": "str",
        "engine": "str",
        "state": "str",
        "queued_at": INSTANT,
        "started_at": INSTANT,
        "ended_at": INSTANT,
        "error_code": "str",
    },
)
"""One row per task."""

CHECKPOINTS = FrameSchema(
    "checkpoints",
    {
        "stream_id": "str",
        "checkpoint": "str",
        "entered_at": INSTANT,
        "decided_at": INSTANT,
        "decision": "str",
        "actor": "str",
    },
)
"""One row per stay of a stream at the story, spec or final checkpoint; ``decided_at`` is NaT meanwhile."""


BILLS = FrameSchema(
    "bills",
    {
        "task_id": "str",
        "stream_id": "str",
        "segment_id": "int64",
        "kind": "str",
        "engine": "str",
        "billed_at": INSTANT,
        "billed_usd": "float64",
    },
)
"""One row per task that was billed although it made no version: it failed, was cancelled, or nobody knows.
What a version cost is in the versions frame."""


def empty_decisions() -> pd.DataFrame:
    """Return a decisions frame without rows."""
    return DECISIONS.empty()


def empty_versions() -> pd.DataFrame:
    """Return a versions frame without rows."""
    return VERSIONS.empty()


def empty_tasks() -> pd.DataFrame:
    """Return a tasks frame without rows."""
    return TASKS.empty()


def empty_checkpoints() -> pd.DataFrame:
    """Return a checkpoints frame without rows."""
    return CHECKPOINTS.empty()


def empty_bills() -> pd.DataFrame:
    """Return a bills frame without rows."""
    return BILLS.empty()


def check_decisions(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a decisions frame in its dtypes; raises InputError as ``FrameSchema.check`` does."""
    return DECISIONS.check(frame)


def check_versions(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a versions frame in its dtypes; raises InputError as ``FrameSchema.check`` does."""
    return VERSIONS.check(frame)


def check_tasks(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a tasks frame in its dtypes; raises InputError as ``FrameSchema.check`` does."""
    return TASKS.check(frame)


def check_checkpoints(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a checkpoints frame in its dtypes; raises InputError as ``FrameSchema.check`` does."""
    return CHECKPOINTS.check(frame)


def check_bills(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a bills frame in its dtypes; raises InputError as ``FrameSchema.check`` does."""
    return BILLS.check(frame)
