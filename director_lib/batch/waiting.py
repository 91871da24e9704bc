"""Waiting for what a batch has queued."""

from __future__ import annotations

from collections.abc import Sequence

from director_lib.batch.showing import tell
from director_lib.domain.how_many import how_many
from director_lib.domain.task import Task, TaskState
from director_lib.errors import EngineError, WorkerError
from director_lib.workbench import Workbench

_QUEUED_SHARE = 0.3
_LOST = (TaskState.FAILED, TaskState.UNKNOWN)


def wait_for(workbench: Workbench, tasks: Sequence[Task], wait_s: float) -> list[Task]:
    """Wait until tasks are closed, at most so long; 0 does not wait.

    Raises:
        WorkerError: No worker runs; the tasks stay queued.
    """
    if wait_s <= 0 or not tasks:
        return list(tasks)
    if workbench.tasks.find_worker() is None:
        raise WorkerError(
            f"{how_many(len(tasks), 'task is', 'tasks are')} queued and safe, but no worker runs. Start one "
            "with “director worker”, or set wait_s to 0."
        )
    known = {task.id: task for task in tasks}

    def on_progress(task: Task) -> None:
        known[task.id] = task
        closed = sum(not one.is_open for one in known.values())
        done = sum(1.0 if not one.is_open else one.percent / 100 for one in known.values()) / len(known)
        tell(f"{closed} of {len(known)} are made", _QUEUED_SHARE + (1 - _QUEUED_SHARE) * done)

    return workbench.tasks.wait([task.id for task in tasks], wait_s, on_progress)


def check_made(tasks: Sequence[Task]) -> None:
    """Refuse when a task failed.

    Raises:
        EngineError: It names the first.
    """
    lost = [task for task in tasks if task.state in _LOST]
    if not lost:
        return
    raise EngineError(
        f"{len(lost)} of {len(tasks)} could not be made, first segment {lost[0].request.segment_id}: "
        f"{lost[0].error_message or 'no reason was given'} The others are safe. Run it again to retry."
    )


def made_words(tasks: Sequence[Task]) -> str:
    """Say how many tasks stand how: "3 succeeded, 1 failed"; "nothing to make" without any."""
    counts = {state: sum(task.state is state for task in tasks) for state in TaskState}
    told = [f"{n} {state.value}" for state, n in counts.items() if n]
    return ", ".join(told) or "nothing to make"
