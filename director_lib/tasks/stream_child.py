"""What runs in a process of its own for a task of a whole stream."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from director_lib.domain.stream_task import StreamJob
from director_lib.errors import DirectorError
from director_lib.tasks.leash import kill_tree_below, tie_to_worker
from director_lib.tasks.stream_jobs import load_job

_LEAST_SECONDS_BETWEEN_REPORTS = 0.1


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far the job is; percent from 0 to 100."""

    phase: str
    percent: float


@dataclass(frozen=True, slots=True)
class Said:
    """A line to keep."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """It succeeded, with JSON values for an answer."""

    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failed:
    """It failed, for a reason that a person can read."""

    code: str
    message: str


Told = Progressed | Said | Done | Failed


def run_stream_job(source: str, job: StreamJob, pipe: Connection) -> None:
    """Carry a job out and send its news and its end through the pipe, as long as the worker lives.

    An error that nobody meant to raise ends the process; the worker sees that it ended.

    Args:
        source: Where its function is, as ``module:function``.
    """
    tie_to_worker()
    news = PipedNews(pipe)
    try:
        try:
            ended: Told = Done(load_job(source)(job, news))
        except DirectorError as error:
            ended = Failed(error.code, error.user_message)
        news.send(ended)
    finally:
        kill_tree_below(os.getpid())
        pipe.close()


class PipedNews:
    """A job's news, sent to the worker; any thread may tell them."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._sent_s, self._phase = float("-inf"), ""

    def progress(self, phase: str, percent: float) -> None:
        """Tell each new phase, and else not too often."""
        now_s = time.monotonic()
        if phase != self._phase or now_s - self._sent_s >= _LEAST_SECONDS_BETWEEN_REPORTS:
            self._sent_s, self._phase = now_s, phase
            self.send(Progressed(phase, min(100.0, max(0.0, percent))))

    def line(self, text: str) -> None:
        """Tell a line."""
        self.send(Said(text))

    def send(self, told: Told) -> None:
        """Send something whole, whichever thread it comes from."""
        with self._lock:
            self._pipe.send(told)
