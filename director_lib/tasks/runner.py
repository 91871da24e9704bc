"""Running work in a process of its own that dies with the worker and can be ended at any moment."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext

from director_lib.errors import EngineError
from director_lib.tasks.attempt import Made, News, Refused
from director_lib.tasks.child import Failed, Job, Message, Progress, Work, run_leashed
from director_lib.tasks.kept_child import Prepare, run_kept
from director_lib.tasks.live import LiveTask, WorkerStops
from director_lib.tasks.log_lines import LogLines
from director_lib.tasks.spool import Spool

_PRELOADED = [
    "director_lib.tasks.kept_child",
    "director_lib.engines.local.still",
    "director_lib.engines.local.clip",
    "director_lib.engines.local.picture_file",
    "director_lib.media.checks",
]
_LOOK_S = 0.25


class Runner:
    """Starts task processes, quickly: each is forked from one that has the heavy libraries loaded."""

    def __init__(self) -> None:
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        forkserver.ensure_running()  # so that the first task need not wait for the libraries

    def run(
        self, work: Work, job: Job, live: LiveTask, news: News, *, timeout_s: float
    ) -> Made | Failed | None:
        """Do some work to its end.

        Args:
            live: Through which another thread can end it.
            news: Told in this thread, at most about ten times a second.

        Returns:
            What came of it, even when somebody wanted to end it just then; None when it was ended before.

        Raises:
            EngineError: The process ended without a word (it crashed, or the machine ran out of memory).
            WorkerStops: The worker stops, and the process is gone.
        """
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(target=run_leashed, args=(work, job, sender), daemon=True)
        with receiver:
            process.start()
            sender.close()  # so that the pipe ends when the process does
            assert process.pid is not None
            live.attach(process.pid)
            try:
                last = _Relay(receiver, process.sentinel, job, news).follow(timeout_s)
            finally:
                live.detach()
                process.join()
        if last is None and not live.is_stopped:
            if live.is_closing:
                raise WorkerStops
            raise EngineError(
                f"The engine “{job.request.engine}” ended unexpectedly (exit code {process.exitcode}). "
                "Nothing was replaced. Try again; if it happens again, the worker's log has the details."
            )
        return last

    def start_kept(self, prepare: Prepare, job: Job, spool: Spool) -> Connection:
        """Start a call that outlives the worker.

        Returns:
            Where its progress can be read; ends when the call does.
        """
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(target=run_kept, args=(prepare, job, spool, sender), daemon=True)
        process.start()
        sender.close()
        process.join()  # it has left the call behind and ends at once
        return receiver


def too_late(job: Job) -> Refused:
    """Say that an attempt took too long."""
    return Refused(
        "timeout",
        f"The engine “{job.request.engine}” took more than {job.attempt.timeout_s:g} s and was ended. "
        "Nothing was replaced. Try again, or give tasks more time in the settings.",
    )


class _Relay:
    """Passes on what a process tells until it tells its outcome."""

    def __init__(self, receiver: Connection, sentinel: int, job: Job, news: News) -> None:
        self._receiver = receiver
        self._sentinel = sentinel
        self._job = job
        self._news = news
        self._lines = LogLines(job.attempt.folder, news.line)

    def follow(self, timeout_s: float) -> Made | Failed | None:
        """Return the outcome; None when the process ends without one."""
        until_s = time.monotonic() + timeout_s
        while (left_s := until_s - time.monotonic()) > 0:
            ready = wait([self._receiver, self._sentinel], min(_LOOK_S, left_s))
            self._lines.pass_on()
            if not ready:
                continue
            outcome = self._take() if self._receiver in ready else None
            if not isinstance(outcome, Progress):
                self._lines.pass_on_rest()
                return outcome
            self._news.progress(outcome.phase, outcome.percent)
        return too_late(self._job)

    def _take(self) -> Message | None:
        try:
            message: Message = self._receiver.recv()
        except (EOFError, OSError):
            return None
        return message
