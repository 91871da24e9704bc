"""Single attempts, carried out without a database: in this process, or in one that can be killed."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from director_lib.config import Settings
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.store.database import Database
from director_lib.tasks.attempt import Attempt, Ending
from director_lib.tasks.child import Job
from director_lib.tasks.live import LiveTask, WorkerStops
from director_lib.tasks.remote_job import Pace
from director_lib.tasks.remote_way import RemoteWay
from director_lib.tasks.runner import Runner
from director_lib.tasks.ways import Way, choose_way
from director_lib.tasks.workshop import Workshop
from tests.intake.studio import request_of
from tests.patience import PATIENCE_S
from tests.tasks.remote_doubles import SOURCE, Provider, provider_of
from tests.tasks.scene import CHECKOUT

PACE = Pace(first_s=0.01, longest_s=0.02, settle_s=0.3, cancel_s=0.5)
_PLACED_AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


@dataclass
class Heard:
    """Keeps all news."""

    progressed: list[tuple[str, float]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    remote_ids: list[str] = field(default_factory=list)

    def progress(self, phase: str, percent: float) -> None:
        self.progressed.append((phase, percent))

    def line(self, text: str) -> None:
        self.lines.append(text)

    def remote_id(self, remote_id: str) -> None:
        self.remote_ids.append(remote_id)

    @property
    def phases(self) -> list[str]:
        return list(dict.fromkeys(phase for phase, _ in self.progressed))


@dataclass
class Trial:
    """One attempt of one task, tried by as many workers as a test likes, one after the other."""

    settings: Settings
    engine: str
    source: str = SOURCE
    pace: Pace = PACE
    kind: Kind = Kind.KEYFRAME
    attempt: Attempt = field(init=False)
    heard: Heard = field(default_factory=Heard)
    live: LiveTask = field(default_factory=LiveTask)

    def __post_init__(self) -> None:
        request = request_of(1, kind=self.kind, engine=self.engine, motion_prompt="pan")
        task = Task("0" * 32, request, TaskState.RUNNING, "starting", 0.0, 0.5, 10, "dora", _PLACED_AT)
        folder = self.settings.data_dir / "scratch" / task.id / "1"
        folder.mkdir(parents=True)
        self.attempt = Attempt(
            tag=f"{task.id}:1",
            task=task,
            placed_at=_PLACED_AT,
            folder=folder,
            keyframe=None,
            references=(),
            earlier={},
            remote_id=None,
            is_resumed=False,
            timeout_s=PATIENCE_S,
        )

    @property
    def provider(self) -> Provider:
        return provider_of(self.settings)

    @property
    def job(self) -> Job:
        return Job(self.source, self.settings, self.attempt)

    @property
    def way(self) -> Way:
        shop = Workshop(cast(Database, None), self.settings, self.source)
        runner = Runner()
        way = choose_way(shop, runner, shop.get_engine(self.engine), self.kind)
        return RemoteWay(shop, runner, self.pace) if isinstance(way, RemoteWay) else way

    def change(self, **fields: object) -> None:
        self.attempt = replace(self.attempt, **fields)  # type: ignore[arg-type]

    def run(self) -> Ending:
        return self.way.run(self.attempt, self.live, self.heard)

    def resume(self) -> Ending:
        """Let the next worker take the attempt up."""
        known = self.heard.remote_ids[-1] if self.heard.remote_ids else None
        self.change(is_resumed=True, remote_id=known)
        self.live, self.heard = LiveTask(), Heard()
        return self.run()

    @contextmanager
    def running(self) -> Iterator[Running]:
        """Carry it out in a thread, as a worker does; what it started is over when this ends."""
        running = Running(self)
        running.thread.start()
        try:
            yield running
        finally:
            self.live.stop()
            running.thread.join(PATIENCE_S)

    @contextmanager
    def other_worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """Carry it out in a process that can be killed."""
        told = self.settings.data_dir / "trial.pickle"
        plain = (self.settings, self.engine, self.source, self.pace, self.kind, self.attempt)
        told.write_bytes(pickle.dumps(plain))
        environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
        command = [sys.executable, "-m", "tests.tasks.trying", str(told)]
        with subprocess.Popen(command, env=environment, cwd=self.settings.data_dir) as worker:
            try:
                yield worker
            finally:
                worker.kill()


class Running:
    """An attempt that is being carried out in another thread."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._ended: Ending | BaseException | None = None
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self._ended = self._trial.run()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            self._ended = error

    def ending(self) -> Ending:
        """Wait for the end."""
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()
        assert not isinstance(self._ended, BaseException), self._ended
        assert self._ended is not None
        return self._ended

    def left_for_the_next_worker(self) -> bool:
        """Wait for the end; tell whether the worker stopped and nothing ended."""
        self.thread.join(PATIENCE_S)
        return isinstance(self._ended, WorkerStops)


def main(told: Path) -> None:
    """Carry an attempt out as a worker process would; it leaves at once, or in an orderly way, on request."""
    signal.signal(signal.SIGUSR1, lambda *_: os._exit(0))
    signal.signal(signal.SIGUSR2, lambda *_: sys.exit(0))
    settings, engine, source, pace, kind, attempt = pickle.loads(told.read_bytes())  # noqa: S301 - its own
    shop = Workshop(cast(Database, None), settings, source)
    runner, live, heard = Runner(), LiveTask(), Heard()
    way = choose_way(shop, runner, shop.get_engine(engine), kind)
    if isinstance(way, RemoteWay):
        way = RemoteWay(shop, runner, pace)
    way.run(attempt, live, heard)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
