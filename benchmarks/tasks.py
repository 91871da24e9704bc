"""Queueing a thousand tasks, and cancelling one that runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import Measurement
from benchmarks.streams import write_stream
from benchmarks.studio import make_settings, open_studio, running
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from director_lib.workbench import Workbench

N_TASKS = 1_000
PACE_S = 60.0
PATIENCE_S = 60.0


def measure_tasks(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure the queue with the real database and worker."""
    tell(f"queueing {N_TASKS:,} tasks")
    enqueued = [_enqueue(home / f"enqueue-{run}") for run in range(min(runs, 3))]
    tell("cancelling running tasks")
    cancelled = _cancel(home / "cancel", runs)
    return [
        Measurement("enqueue 1,000", "one call", enqueued),
        Measurement("cancel", "while it runs", cancelled),
    ]


def _enqueue(home: Path) -> float:
    settings = make_settings(home)
    write_stream(settings.streams_root, "many", N_TASKS, with_stills=False)
    open_studio(settings)
    with Workbench.open(settings) as workbench:
        started = time.perf_counter()
        result = workbench.tasks.generate("many", Kind.KEYFRAME, "missing")
        took_ms = (time.perf_counter() - started) * 1000
    if len(result.queued) != N_TASKS:
        raise RuntimeError(f"{len(result.queued)} tasks were queued instead of {N_TASKS}")
    return took_ms


def _cancel(home: Path, runs: int) -> list[float]:
    settings = make_settings(home, local_pace_s=PACE_S)
    write_stream(settings.streams_root, "one", runs, with_stills=False)
    open_studio(settings)
    with running(settings, "worker"), Workbench.open(settings) as workbench:
        return [_cancel_one(workbench, number) for number in range(1, runs + 1)]


def _cancel_one(workbench: Workbench, segment_id: int) -> float:
    task = workbench.tasks.generate("one", Kind.KEYFRAME, [segment_id]).queued[0]
    _wait(lambda: workbench.tasks.get(task.id).percent > 0)
    started = time.perf_counter()
    workbench.tasks.cancel(task.id)
    _wait(lambda: workbench.tasks.get(task.id).state is TaskState.CANCELLED)
    return (time.perf_counter() - started) * 1000


def _wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError("The worker did not do what was waited for; see worker.log")
        time.sleep(0.002)
