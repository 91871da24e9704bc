"""Seeing to a call that outlives the worker: beginning it, waiting for it, taking it up again."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from director_lib.errors import EngineError
from director_lib.tasks.attempt import News
from director_lib.tasks.child import Job, Progress
from director_lib.tasks.kept_child import Prepare
from director_lib.tasks.live import LiveTask, WorkerStops
from director_lib.tasks.log_lines import LogLines
from director_lib.tasks.runner import Runner
from director_lib.tasks.spool import Outcome, Spool

_log = logging.getLogger("director.worker")
_LOOK_S = 0.1
_LOOK_AFTER_KILL_S = 0.01
_MOST_BEGINNINGS = 3
_LAST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Lost:
    """It ended and left no outcome: nobody knows what was sent."""

    is_late: bool = False


class KeptCall:
    """One paid call, which is made at most once, whatever becomes of the workers that want it.

    Attributes:
        spool: Where it leaves what came of it.
    """

    def __init__(self, runner: Runner, prepare: Prepare, job: Job, spool: Spool) -> None:
        self.spool = spool
        self._runner = runner
        self._prepare = prepare
        self._job = job
        self._pipe: Connection | None = None
        self._n_begun = 0
        self._is_adopted = False

    def finish(self, live: LiveTask, news: News, *, is_stoppable: bool) -> Outcome | Lost | None:
        """Wait for what comes of the call; makes it if nobody has.

        Args:
            is_stoppable: Whether a stop ends it; else it is waited for in spite of a stop, unless it has not
                begun.

        Returns:
            What came of it, even when it was stopped just then; None when it was stopped, or its time was
            over, and nothing was sent.

        Raises:
            EngineError: It cannot be begun; nothing was sent.
            WorkerStops: The worker stops; the call goes on without it.
        """
        lines = LogLines(self._job.attempt.folder, news.line)
        try:
            outcome = self._finish(live, news, lines, is_stoppable=is_stoppable)
        finally:
            self._close_pipe()
        lines.pass_on_rest()
        return outcome

    def _finish(
        self, live: LiveTask, news: News, lines: LogLines, *, is_stoppable: bool
    ) -> Outcome | Lost | None:
        until_s = time.monotonic() + self._job.attempt.timeout_s
        while (outcome := self.spool.find_outcome()) is None:
            is_late = time.monotonic() > until_s
            if is_late or (live.is_stopped and (is_stoppable or not self._is_under_way())):
                return self._end(live, is_late=is_late)
            if live.is_closing:
                raise WorkerStops
            if self._is_under_way():
                self._listen(live, news)
                lines.pass_on()
            elif self.spool.has_started():
                return self.spool.find_outcome() or self._lost()
            else:
                self._begin()
        while self._pipe is not None and self._pipe.poll():
            self._hear(news)  # what was told last before it ended
        return outcome

    def _is_under_way(self) -> bool:
        return self._pipe is not None or self.spool.is_held()

    def _begin(self) -> None:
        if self._n_begun >= _MOST_BEGINNINGS:
            self._say_why()
            raise EngineError(
                f"The engine “{self._job.request.engine}” ended unexpectedly before anything was sent. "
                "Nothing was charged or replaced. Try again; if it happens again, the worker's log has the "
                "details."
            )
        self._n_begun += 1
        self.spool.folder.mkdir(parents=True, exist_ok=True)
        self._pipe = self._runner.start_kept(self._prepare, self._job, self.spool)

    def _listen(self, live: LiveTask, news: News) -> None:
        """Wait for a moment for news of the call, which only its own worker gets."""
        if self._pipe is None:
            if not self._is_adopted and self._n_begun == 0:
                self._is_adopted = True
                news.progress("going on since before the worker started", self._job.attempt.task.percent)
            (live.closing.wait if live.is_stopped else live.wait)(_LOOK_S)
        elif self._pipe.poll(_LOOK_S):
            self._hear(news)

    def _hear(self, news: News | None) -> None:
        assert self._pipe is not None
        try:
            told: Progress = self._pipe.recv()
        except (EOFError, OSError):
            self._close_pipe()
        else:
            if news is not None:
                news.progress(told.phase, told.percent)

    def _close_pipe(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _end(self, live: LiveTask, *, is_late: bool) -> Outcome | Lost | None:
        """End the call, wherever it runs, and see to it that it never begins again."""
        self.spool.folder.mkdir(parents=True, exist_ok=True)
        self.spool.seal()
        while self._is_under_way():
            if live.is_closing:
                raise WorkerStops
            self.spool.kill()
            while self._pipe is not None and self._pipe.poll():
                self._hear(None)
            # one of another machine cannot be ended from here; it ends when its own time is over
            live.closing.wait(_LOOK_AFTER_KILL_S)
        outcome = self.spool.find_outcome()
        if outcome is None and self.spool.has_started():
            return Lost(is_late)
        return outcome

    def _lost(self) -> Lost:
        self._say_why()
        self.spool.kill()  # its program may have stayed
        return Lost()

    def _say_why(self) -> None:
        try:
            words = self.spool.errors.read_text(errors="replace")[-_LAST_WORDS:]
        except FileNotFoundError:
            words = "it said nothing"
        task_id = self._job.attempt.task.id
        _log.error(
            "task %s: a paid call ended without an outcome: %s", task_id, words, extra={"task_id": task_id}
        )
