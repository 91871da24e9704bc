"""The drill's workers and providers as real processes, and who of their families is left."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from director_lib.config import Settings
from director_lib.engines.keys import KEYS
from tests.drills.programs import CHECKOUT
from tests.engines.fakes.google.server import GOOD_KEY

_MARK = "DRILL_MARK"
_TOKEN = "r8_good"
_PATIENCE_S = 90.0


@dataclass
class Providers:
    """Both fakes."""

    process: subprocess.Popen[str]
    google_url: str
    replicate_url: str

    def report(self) -> dict[str, Any]:
        """Ask what was made and what went wrong."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("report\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told


@contextmanager
def running_providers(seed: int) -> Iterator[Providers]:
    """Run the fakes in a process that ends with this one."""
    command = [sys.executable, "-m", "tests.drills.queue_providers", str(seed)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=CHECKOUT, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            google_url, replicate_url = process.stdout.readline().split()
            yield Providers(process, google_url, replicate_url)
        finally:
            process.kill()


@dataclass
class Crew:
    """Workers of one studio, which are killed and replaced.

    Attributes:
        variables: Further variables of theirs, and of everything that they start.
    """

    settings: Settings
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    n_killed: int = 0

    @property
    def log(self) -> Path:
        return self.folder / "worker.log"

    def start(self) -> subprocess.Popen[bytes]:
        """Start one more, without waiting for it."""
        keys = {KEYS["google"]: GOOD_KEY, KEYS["replicate"]: _TOKEN, "NO_PROXY": "127.0.0.1"}
        own = {_MARK: self.mark, "DRILL_FOLDER": str(self.folder), "PYTHONPATH": str(CHECKOUT)}
        environment = os.environ | self.settings.environment() | keys | own | self.variables
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.drills.queue_worker"],
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def wait_for(self, worker: subprocess.Popen[bytes]) -> None:
        """Wait until one serves."""
        until_s = time.monotonic() + _PATIENCE_S
        while f"({worker.pid}) serves" not in self.log.read_text():
            assert worker.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < until_s, "the worker does not serve"
            time.sleep(0.05)

    def kill_one(self, chance: random.Random) -> None:
        """Kill one of them as a power cut would."""
        worker = self.workers.pop(chance.randrange(len(self.workers)))
        assert worker.poll() is None, f"a worker ended by itself: {self.log.read_text()[-3000:]}"
        worker.kill()
        worker.wait()
        self.n_killed += 1

    def stop(self) -> None:
        """Ask all of them to end."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(_PATIENCE_S)
        self.workers.clear()

    def family(self) -> list[psutil.Process]:
        """List every living process that a worker of this crew started, whoever started it in turn."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def close(self) -> None:
        """Leave nothing running, whatever happened."""
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for worker in self.workers:
            worker.wait(_PATIENCE_S)

    def _is_ours(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error, OSError):
            is_alive = process.status() != psutil.STATUS_ZOMBIE
            return is_alive and process.environ().get(_MARK) == self.mark
        return False


def describe(process: psutil.Process) -> str:
    """Say which process it is."""
    with suppress(psutil.Error):
        return f"{process.pid} ({' '.join(process.cmdline())[:120]})"
    return str(process.pid)
