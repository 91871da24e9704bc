"""What a long queue costs the pages, and what a worker costs that has nothing to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psutil

from benchmarks.report import Measurement
from benchmarks.streams import write_stream
from benchmarks.studio import make_settings, open_studio, running
from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind
from director_lib.pages.desk_state import read_desk
from director_lib.pages.frame import frame
from director_lib.pages.task_rows import Window, read_board
from director_lib.tasks.presence import list_workers
from director_lib.workbench import Workbench

N_SHOWN = 200
N_FEW = 30
"""Tasks that fill what the tasks page shows of the queue."""

LONG_QUEUE = 10_000
_N_EACH = 1_000
IDLE_S = 20.0
_REST_S = 5.0
_ACTOR = Actor("dora", Role.DIRECTOR)

Read = Callable[[Workbench, Stream], object]
_READS: dict[str, Read] = {
    "task rows": lambda workbench, stream: read_board(workbench, Window()),
    "desk's data": lambda workbench, stream: read_desk(workbench, stream, Kind.KEYFRAME),
    "frame": lambda workbench, stream: _read_frame(workbench),
}


def measure_queue(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure reading what pages show beside 10,000 queued tasks, and an idle worker."""
    return [*_measure_reading(home / "long", runs, tell), _measure_idle(home / "idle", runs, tell)]


def _measure_reading(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    settings = make_settings(home)
    write_stream(settings.streams_root, "shown", N_SHOWN, with_stills=False)
    write_stream(settings.streams_root, "few", N_FEW, with_stills=False)
    open_studio(settings)
    with Workbench.open(settings, _ACTOR) as workbench:
        workbench.tasks.generate("few", Kind.KEYFRAME, "missing")
        before = {name: _time(workbench, read, runs) for name, read in _READS.items()}
        tell(f"queueing {LONG_QUEUE:,} tasks")
        fill_queue(settings, LONG_QUEUE)
        tell("reading what pages show")
        after = {name: _time(workbench, read, runs) for name, read in _READS.items()}
    sizes = {f"{N_FEW} queued": before, f"{LONG_QUEUE:,} queued": after}
    return [Measurement(name, size, taken[name]) for name in _READS for size, taken in sizes.items()]


def fill_queue(settings: Settings, n_tasks: int) -> None:
    """Queue so many tasks of streams that nobody looks at."""
    with Workbench.open(settings, _ACTOR) as workbench:
        for first in range(0, n_tasks, _N_EACH):
            stream_id = f"waiting-{first}"
            write_stream(settings.streams_root, stream_id, min(_N_EACH, n_tasks - first), with_stills=False)
            workbench.tasks.generate(stream_id, Kind.KEYFRAME, "missing")


def _time(workbench: Workbench, read: Read, runs: int) -> list[float]:
    stream = workbench.streams.get("shown")
    read(workbench, stream)
    taken = []
    for _ in range(10 * runs):
        started = time.perf_counter()
        read(workbench, stream)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _read_frame(workbench: Workbench) -> object:
    with workbench.studio.database.read() as connection:
        return frame(workbench.studio, connection, "tasks")


def _measure_idle(home: Path, runs: int, tell: Callable[[str], None]) -> Measurement:
    tell("watching an idle worker")
    settings = make_settings(home)
    write_stream(settings.streams_root, "quiet", N_SHOWN, with_stills=True)
    open_studio(settings)
    with (
        running(settings, "worker") as worker,
        Workbench.open(settings) as workbench,
    ):
        while not list_workers(settings, workbench.studio.database):
            time.sleep(0.1)
        time.sleep(_REST_S)
        shares = [_share_of_core(psutil.Process(worker.pid)) for _ in range(min(runs, 3))]
    return Measurement("idle worker", "of one core", shares, limit=5.0, unit="%")


def _share_of_core(worker: psutil.Process) -> float:
    """Return how many percent of a core a process and its children use now."""
    before_s, started = _cpu_s(worker), time.perf_counter()
    time.sleep(IDLE_S)
    return float(100 * (_cpu_s(worker) - before_s) / (time.perf_counter() - started))


def _cpu_s(worker: psutil.Process) -> float:
    family = [worker, *worker.children(recursive=True)]
    return sum(float(times.user + times.system) for times in (process.cpu_times() for process in family))
