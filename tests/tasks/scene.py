"""A studio with a real worker process for tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind, Version
from director_lib.store.assets import find_asset_id
from director_lib.store.database import Database
from director_lib.store.tasks import get_task, list_tasks
from director_lib.store.versions import current_versions, list_versions
from director_lib.tasks.presence import list_workers
from director_lib.tasks.spool import Spool
from director_lib.tasks.workshop import utc_now
from director_lib.workbench.tasks import Tasks
from tests.intake.studio import STREAM
from tests.patience import PATIENCE_S
from tests.tasks.doubles import PIDS, SOURCE, get_engine

CHECKOUT = Path(__file__).resolve().parents[2]


def until(happened: Callable[[], object], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@dataclass
class Scene:
    """One studio, whose worker can be started, stopped and killed."""

    settings: Settings
    database: Database
    log: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    seen_pids: set[int] = field(default_factory=set)

    def tasks(self, role: Role = Role.DIRECTOR) -> Tasks:
        actor = Actor("dora", role)
        return Tasks(self.database, self.settings, actor, utc_now, engines=get_engine)

    def launch(self, engines: str = SOURCE, jobs: str = "") -> subprocess.Popen[bytes]:
        """Start a worker process without waiting for it."""
        environment = os.environ | self.settings.environment() | {"PYTHONPATH": str(CHECKOUT)}
        command = [sys.executable, "-m", "director_lib.tasks.worker", "--engines", engines]
        command += ["--jobs", jobs] if jobs else []
        with self.log.open("ab") as log:
            worker = subprocess.Popen(command, env=environment, cwd=self.log.parent, stderr=log, stdout=log)
        self.workers.append(worker)
        return worker

    def start(self, jobs: str = "") -> subprocess.Popen[bytes]:
        """Start a worker and wait until it serves."""
        worker = self.launch(jobs=jobs)

        def serves() -> bool:
            assert worker.poll() is None, self.log.read_text()
            return worker.pid in [info.pid for info in list_workers(self.settings, self.database)]

        until(serves, "the worker serves")
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill a worker as a power cut would, and wait until all that it started is gone."""
        family = self.family(worker)
        worker.kill()
        worker.wait()
        until(lambda: not any(map(is_alive, family)), "the killed worker's processes are gone")

    def stop(self, worker: subprocess.Popen[bytes]) -> int:
        """Ask a worker to stop, and wait until all that it started is gone."""
        family = self.family(worker)
        worker.send_signal(signal.SIGTERM)
        code = worker.wait(PATIENCE_S)
        until(lambda: not any(map(is_alive, family)), "the stopped worker's processes are gone")
        return code

    def family(self, worker: subprocess.Popen[bytes]) -> list[int]:
        with suppress(psutil.NoSuchProcess):
            return [child.pid for child in psutil.Process(worker.pid).children(recursive=True)]
        return []

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                self.kill(worker)
        self.end_paid_calls()
        self.database.close()

    def end_paid_calls(self) -> None:
        """End what outlives the workers, as the end of the machine would."""
        for lock in (self.settings.data_dir / "scratch").rglob("call.lock"):
            Spool(lock.parent).kill()

    def generate(self, engine: str, *segment_ids: int) -> list[Task]:
        return self.tasks().generate(STREAM, Kind.KEYFRAME, list(segment_ids or (1,)), engine=engine).queued

    def task(self, task_id: str) -> Task:
        with self.database.read() as connection:
            return get_task(connection, task_id)

    def all_tasks(self) -> list[Task]:
        with self.database.read() as connection:
            return list_tasks(connection)

    def finished(self, task: Task) -> Task:
        [done] = self.tasks().wait([task.id], PATIENCE_S)
        assert not done.is_open, (done, self.log.read_text())
        return done

    def working_pids(self, task: Task) -> list[int]:
        """Wait until a lingering engine works, and return its processes."""
        pids: list[int] = []

        def works() -> bool:
            pids[:] = self.find_working_pids(task)
            return bool(pids)

        until(works, "the engine works")
        return pids

    def find_working_pids(self, task: Task) -> list[int]:
        """Return a lingering engine's processes; none before it works, and while its folder is cleared."""
        folder = self.settings.data_dir / "scratch" / task.id
        with suppress(FileNotFoundError):
            for path in folder.glob(f"*/{PIDS}"):
                pids: list[int] = json.loads(path.read_text())
                return pids
        return []

    def wait_for(self, task: Task, state: TaskState) -> None:
        until(lambda: self.task(task.id).state is state, f"the task is {state}")

    def still(self, segment_id: int = 1) -> Path:
        return self.settings.streams_root / STREAM / "keyframes" / f"segment_{segment_id}_keyframe.png"

    def current(self, segment_id: int = 1, kind: Kind = Kind.KEYFRAME) -> Version | None:
        with self.database.read() as connection:
            return current_versions(connection, STREAM).get((segment_id, kind))

    def versions(self, segment_id: int = 1, kind: Kind = Kind.KEYFRAME) -> list[Version]:
        with self.database.read() as connection:
            asset_id = find_asset_id(connection, STREAM, segment_id, kind)
            return [] if asset_id is None else list_versions(connection, asset_id)
