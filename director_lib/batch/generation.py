"""What the generation notebook calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import EngineError, InputError, WorkerError
from director_lib.workbench import Workbench

if TYPE_CHECKING:
    import pandas as pd


def generate_missing(
    stream_id: str, kind: str = "keyframe", engine: str | None = None, wait_s: float = 0.0
) -> pd.DataFrame:
    """Make every still or clip that a stream lacks, on behalf of the local user.

    Args:
        stream_id: The stream.
        kind: "keyframe" or "video".
        engine: Its name; the configured one for the kind when None or "".
        wait_s: How long to wait for the files, in seconds; 0 returns as soon as they are queued.

    Returns:
        One row per segment that was looked at, by ``segment_id`` (int64): ``state`` ("skipped" or the
        task's), ``why`` (the reason or the error; "" without), ``price_usd`` (float64), ``task_id`` (""
        when skipped).

    Raises:
        NotFoundError: There is no such stream.
        InputError: The kind or the engine does not exist.
        RuleError: The price is over the budget; nothing was queued.
        WorkerError: It should wait but no worker runs; the tasks stay queued.
        EngineError: It waited and at least one failed; the rows were displayed before.
    """
    with Workbench.open() as workbench:
        asked = workbench.tasks.generate(stream_id, _kind(kind), "missing", engine=engine or None)
        tasks = asked.queued
        if wait_s > 0 and tasks:
            if workbench.tasks.find_worker() is None:
                raise WorkerError(
                    f"{len(tasks)} tasks are queued and safe, but no worker runs to carry them out. Start "
                    "one with “director worker”, or set wait_s to 0."
                )
            tasks = workbench.tasks.wait([task.id for task in tasks], timeout_s=wait_s)
    table = _table(tasks, asked.skipped)
    _check_made(tasks, table)
    return table


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError as error:
        raise InputError(f"“{name}” is no kind. Give keyframe or video.") from error


def _table(tasks: list[Task], skipped: list[tuple[int, str]]) -> pd.DataFrame:
    import pandas as pd

    made = [
        (task.request.segment_id, task.state.value, task.error_message or "", task.price_usd, task.id)
        for task in tasks
    ]
    left = [(segment_id, "skipped", why, 0.0, "") for segment_id, why in skipped]
    rows = pd.DataFrame([*made, *left], columns=["segment_id", "state", "why", "price_usd", "task_id"])
    typed = rows.astype({"segment_id": "int64", "price_usd": "float64"})
    return typed.sort_values("segment_id").reset_index(drop=True)


def _check_made(tasks: list[Task], table: pd.DataFrame) -> None:
    lost = [task for task in tasks if task.state in (TaskState.FAILED, TaskState.UNKNOWN)]
    if not lost:
        return
    from IPython.display import display

    display(table)  # type: ignore[no-untyped-call]  # IPython is partly typed
    raise EngineError(
        f"{len(lost)} of {len(tasks)} could not be made, first segment {lost[0].request.segment_id}: "
        f"{lost[0].error_message or 'no reason was given'} The others are safe. Run it again to retry."
    )
