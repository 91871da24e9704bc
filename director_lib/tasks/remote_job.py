"""Following a provider's job to its end, and stopping it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from director_lib.engines.remote import RemoteEngine, RemoteState, RemoteStatus
from director_lib.errors import DirectorError, EngineBusyError
from director_lib.tasks.attempt import News
from director_lib.tasks.live import LiveTask, WorkerStops

_log = logging.getLogger("director.worker")
_PHASES = {RemoteState.WAITING: "waiting at the provider", RemoteState.RUNNING: "rendering"}
_BOOKMARK = "provider.told"
_LONGEST_LINE = 2000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a provider is asked, and for how long in vain.

    Attributes:
        first_s: Seconds before the second question; they grow by half each time.
        longest_s: Most seconds between two questions.
        settle_s: For how long a lost job is looked for: providers list new ones late.
        cancel_s: For how long a job is asked to end.
        fetch_s: How long the download of a finished file may take at least, whatever its job took.
    """

    first_s: float = 1.0
    longest_s: float = 5.0
    settle_s: float = 60.0
    cancel_s: float = 60.0
    fetch_s: float = 120.0


class Waiting:
    """The growing pauses of one series of questions; they end early when there is something else to do."""

    def __init__(self, pace: Pace, live: LiveTask) -> None:
        self._pace = pace
        self._live = live
        self._next_s = pace.first_s

    def pause(self, at_least_s: float | None = None) -> None:
        """Wait; a stop that comes while waiting ends it early.

        Raises:
            WorkerStops: The worker stops.
        """
        wait_s = max(self._next_s, min(at_least_s or 0.0, self._pace.settle_s))
        self._next_s = min(self._pace.longest_s, 1.5 * self._next_s)
        (self._live.closing.wait if self._live.is_stopped else self._live.wait)(wait_s)
        if self._live.is_closing:
            raise WorkerStops

    def start_over(self) -> None:
        """Begin with short pauses again."""
        self._next_s = self._pace.first_s


@dataclass(frozen=True, slots=True)
class NotNow:
    """The provider could not be asked; it may be asked again."""

    message: str
    retry_after_s: float | None = None


def ask(question: Callable[[], _T], task_id: str) -> _T | NotNow:
    """Ask a provider something that costs nothing.

    Raises:
        DirectorError: It answered, and asking again gives the same.
    """
    try:
        return question()
    except EngineBusyError as error:
        return NotNow(error.user_message, error.retry_after_s)
    except DirectorError:
        raise
    except Exception as error:  # noqa: BLE001 - outer edge: a job that goes on must not be lost over an answer
        told = {"task_id": task_id}
        _log.exception("the provider's answer for task %s is not understood", task_id, extra=told)
        return NotNow(f"The provider's answer is not understood ({type(error).__name__}).")


class RemoteJob:
    """A job whose id is known."""

    def __init__(self, engine: RemoteEngine, remote_id: str, task_id: str, pace: Pace) -> None:
        self._engine = engine
        self._remote_id = remote_id
        self._task_id = task_id
        self._pace = pace

    def look(self) -> RemoteStatus | NotNow:
        """Ask how far it is.

        Raises:
            DirectorError: Nobody can tell: the provider does not know it any more, or lets us ask nothing.
        """
        return ask(lambda: self._engine.poll(self._remote_id), self._task_id)

    def end(self, live: LiveTask, news: News) -> RemoteStatus | None:
        """Have the provider stop it, and wait until it has ended.

        Returns:
            How it ended; None when nobody can tell, which is told as news.

        Raises:
            WorkerStops: The worker stops; the next one has to ask again.
        """
        news.progress("stopping at the provider", 0.0)
        waiting = Waiting(self._pace, live)
        until_s = time.monotonic() + self._pace.cancel_s
        answer: RemoteStatus | NotNow | None = None
        is_told = False
        why = "it goes on"
        while answer is None or time.monotonic() < until_s:
            if answer is not None:
                waiting.pause()
            try:
                is_told = is_told or self._tell_to_stop()
                answer = self.look()
            except DirectorError as error:
                why = error.user_message
                break
            if isinstance(answer, RemoteStatus) and answer.has_ended:
                return answer
            why = answer.message or why
        news.line(f"The provider did not confirm that job {self._remote_id} has ended: {why}")
        return None

    def _tell_to_stop(self) -> bool:
        return not isinstance(ask(lambda: self._engine.cancel(self._remote_id), self._task_id), NotNow)


class ToldStatus:
    """Passes on what a provider says of a job: how far it is, and each of its lines once."""

    def __init__(self, folder: Path, news: News) -> None:
        self._bookmark = folder / _BOOKMARK
        self._news = news
        self._percent = 0.0
        self._trouble = ""

    def pass_on_trouble(self, trouble: NotNow) -> None:
        """Tell why nobody knows how far it is, once."""
        if trouble.message != self._trouble:
            self._trouble = trouble.message
            self._news.line(trouble.message)

    def pass_on(self, status: RemoteStatus) -> None:
        """Tell what is new."""
        if status.percent is not None:
            self._percent = max(self._percent, min(100.0, status.percent))
        if (phase := _PHASES.get(status.state)) is not None:
            self._news.progress(phase, self._percent)
        n_told = self._n_told()
        for line in status.log[n_told:]:
            self._news.line(line[:_LONGEST_LINE])
        if len(status.log) > n_told:
            self._bookmark.write_text(str(len(status.log)))

    def _n_told(self) -> int:
        try:
            return int(self._bookmark.read_text())
        except (FileNotFoundError, ValueError):
            return 0
