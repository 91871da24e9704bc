"""Running one job in a process of its own, which can be ended at any moment."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext

from director_lib.errors import EngineError
from director_lib.tasks.child import Job, Made, Message, Progress, Refused, run_job
from director_lib.tasks.live import LiveTask

_PRELOADED = [
    "director_lib.tasks.child",
    "director_lib.engines.local.still",
    "director_lib.engines.local.clip",
    "director_lib.engines.local.picture_file",
    "director_lib.media.checks",
]


class Runner:
    """Starts task processes, quickly: each is forked from one that has the heavy libraries loaded."""

    def __init__(self) -> None:
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        forkserver.ensure_running()  # so that the first task need not wait for the libraries

    def run(self, job: Job, task: LiveTask, on_progress: Callable[[Progress], None]) -> Made | Refused | None:
        """Run a job to its end.

        Args:
            task: Through which another thread can end it.
            on_progress: Called in this thread, at most about ten times a second.

        Returns:
            What the engine made or why it refused, even when somebody wanted to end it just then; None when
            it was ended before.

        Raises:
            EngineError: The process ended without a word (it crashed, or the machine ran out of memory).
        """
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(target=run_job, args=(job, sender), daemon=True)
        with receiver:
            process.start()
            sender.close()  # so that the pipe ends when the process does
            assert process.pid is not None
            task.attach(process.pid)
            try:
                last = _relay(receiver, process.sentinel, on_progress)
            finally:
                task.detach()
                process.join()
        if last is None and not task.is_stopped:
            raise EngineError(
                f"The engine “{job.request.engine}” ended unexpectedly (exit code {process.exitcode}). "
                "Nothing was replaced. Try again; if it happens again, the worker's log has the details."
            )
        return last


def _relay(
    receiver: Connection, sentinel: int, on_progress: Callable[[Progress], None]
) -> Made | Refused | None:
    """Pass progress on until the outcome arrives; None when the process ends without one."""
    while True:
        ready = wait([receiver, sentinel])
        if receiver not in ready:
            return None
        try:
            message: Message = receiver.recv()
        except (EOFError, OSError):
            return None
        if isinstance(message, Progress):
            on_progress(message)
        else:
            return message
