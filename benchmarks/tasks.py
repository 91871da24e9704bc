"""Queueing a thousand tasks, and what one task costs in time: picked up, heard of, cancelled."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.engines import N_STEPS, NOTES, SOURCE, get_engine
from benchmarks.report import Measurement
from benchmarks.streams import write_stream
from benchmarks.studio import make_settings, open_studio, running
from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.store.database import open_database
from director_lib.store.tasks import get_task
from director_lib.workbench import Workbench
from director_lib.workbench.studio import utc_now
from director_lib.workbench.tasks import Tasks

N_TASKS = 1_000
RUNS_OF_ONE_TASK = 4
"""Tasks that are measured for each run that was asked for: a 95th percentile needs many."""

PATIENCE_S = 60.0
_LOOK_S = 0.002
_STREAM = "one"


def measure_tasks(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure the queue with the real database and worker."""
    tell(f"queueing {N_TASKS:,} tasks")
    enqueued = [_enqueue(home / f"enqueue-{run}") for run in range(min(runs, 3))]
    n_tasks = RUNS_OF_ONE_TASK * runs
    with _served(home / "served", 3 * n_tasks) as studio:
        tell("having tasks picked up")
        picked_up = [studio.pick_up(number) for number in range(1, n_tasks + 1)]
        tell("listening to progress")
        heard = studio.hear(n_tasks + 1)
        tell("cancelling running tasks")
        cancelled = [studio.cancel(number) for number in range(n_tasks + 2, 2 * n_tasks + 2)]
    return [
        Measurement("enqueue 1,000", "one call", enqueued, limit=1_000.0),
        Measurement("pick-up", "idle worker", picked_up, limit=400.0),
        Measurement("progress, to a process", "one task", heard, limit=250.0),
        Measurement("cancel", "while it runs", cancelled, limit=1_200.0),
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


class _Studio:
    """A studio whose worker has the engines that note; instants are those of the monotonic clock."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._database = open_database(settings.database)
        director = Actor("dora", Role.DIRECTOR)
        self._tasks = Tasks(self._database, settings, director, utc_now, engines=get_engine)

    def close(self) -> None:
        self._database.close()

    def pick_up(self, segment_id: int) -> float:
        """Return the milliseconds from the call that queues a task until its engine's function starts."""
        time.sleep(random.uniform(0.3, 0.8))
        asked_s = time.monotonic()
        task = self._queue("starter", segment_id)
        started_s = float(self._noted(segment_id))
        _wait(lambda: not self._read(task).is_open)
        return (started_s - asked_s) * 1000

    def hear(self, segment_id: int) -> list[float]:
        """Return the milliseconds from each report of an engine until this process can read it."""
        seen_s: dict[str, float] = {}
        task = self._queue("teller", segment_id)
        while (now := self._read(task)).is_open:
            if now.phase.startswith("step"):
                seen_s.setdefault(now.phase.removeprefix("step "), time.monotonic())
            time.sleep(_LOOK_S)
        told_s = self._noted(segment_id)
        if len(seen_s) < N_STEPS - 1:
            raise RuntimeError(f"only {len(seen_s)} of {N_STEPS} reports were ever seen")
        return [(seen_s[step] - told_s[step]) * 1000 for step in seen_s]

    def cancel(self, segment_id: int) -> float:
        """Return the milliseconds from the call until the task is cancelled and its processes are gone."""
        task = self._queue("lingerer", segment_id)
        below = [psutil.Process(pid) for pid in self._noted(segment_id)]
        _wait(lambda: len(below[-1].children()) == 1)
        family = [*below, *below[-1].children()]
        asked_s = time.monotonic()
        self._tasks.cancel(task.id)
        _wait(lambda: not any(map(_is_alive, family)) and self._read(task).state is TaskState.CANCELLED)
        return (time.monotonic() - asked_s) * 1000

    def _queue(self, engine: str, segment_id: int) -> Task:
        [task] = self._tasks.generate(_STREAM, Kind.KEYFRAME, [segment_id], engine=engine).queued
        return task

    def _read(self, task: Task) -> Task:
        with self._database.read() as connection:
            return get_task(connection, task.id)

    def _noted(self, segment_id: int) -> Any:
        path = self._settings.home / NOTES / f"{segment_id}.json"
        _wait(path.exists)
        return json.loads(path.read_text())


@contextmanager
def _served(home: Path, n_segments: int) -> Iterator[_Studio]:
    settings = make_settings(home)
    write_stream(settings.streams_root, _STREAM, n_segments, with_stills=False)
    open_studio(settings)
    with running(settings, "worker", "--engines", SOURCE):
        studio = _Studio(settings)
        try:
            # the first one waits until the worker has started
            studio.pick_up(n_segments)
            yield studio
        finally:
            studio.close()


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError("The worker did not do what was waited for; see worker.log")
        time.sleep(_LOOK_S)
