"""Placing an order at a provider once, and finding the job of an order whose answer was lost."""

from __future__ import annotations

import time
from pathlib import Path

from director_lib.engines.remote import Order, RemoteEngine
from director_lib.errors import DirectorError
from director_lib.tasks.attempt import Busy, Made, News, Refused, Unknown
from director_lib.tasks.child import Job
from director_lib.tasks.kept_call import KeptCall, Lost
from director_lib.tasks.kept_child import prepare_order
from director_lib.tasks.live import LiveTask
from director_lib.tasks.remote_job import NotNow, Pace, Waiting, ask
from director_lib.tasks.runner import Runner
from director_lib.tasks.spool import Placed, Spool

_MOST_ORDERS = 3
_UNKNOWN = (
    "The order may have been placed and charged, and nobody can tell. It is not repeated by itself: look "
    "into the provider's account, then retry the task if it was not."
)


class RemoteOrder:
    """One attempt's order. Each sending of it has a folder of its own, so that none is repeated."""

    def __init__(self, runner: Runner, engine: RemoteEngine, job: Job, pace: Pace) -> None:
        self._runner = runner
        self._engine = engine
        self._job = job
        self._pace = pace
        self._lists_jobs = engine.capabilities().lists_jobs

    def place(self, live: LiveTask, news: News) -> Placed | Refused | Busy | Unknown | None:
        """Have the provider take the order; or find out what became of it, if it was sent before.

        Returns:
            Why there is no job; None when it was stopped, or its time was over, and nothing was sent.

        Raises:
            EngineError: It cannot be sent; nothing was.
            WorkerStops: The worker stops; what is being sent goes on without it.
        """
        attempt = self._job.attempt
        # another machine may have begun it: what it sent, and whether, is not to be seen from here
        is_foreign = attempt.is_resumed and not attempt.folder.is_dir()
        if is_foreign and (found := self._find(live, news, why=_UNKNOWN)) is not None:
            return found
        for number in range(max(1, _n_sent(attempt.folder)), _MOST_ORDERS + 1):
            news.progress(f"sending to {self._engine.name.capitalize()}", 0.0)
            sent = KeptCall(self._runner, prepare_order, self._job, Spool(_folder(attempt.folder, number)))
            outcome = sent.finish(live, news, is_stoppable=False)
            if isinstance(outcome, Unknown):
                return self._find(live, news, why=outcome.message) or outcome
            if not isinstance(outcome, Lost):
                assert not isinstance(outcome, Made)
                return outcome
            if (found := self._find(live, news, why=_UNKNOWN)) is not None:
                return found
        return Unknown(_UNKNOWN)

    def _find(self, live: LiveTask, news: News, *, why: str) -> Placed | Unknown | None:
        """Look for the job of an order that may have been taken.

        Returns:
            None when the provider listed its jobs all the time and this is none of them.
        """
        if not self._lists_jobs:
            return Unknown(why)
        attempt = self._job.attempt
        order = Order(attempt.tag, self._job.request, attempt.placed_at, attempt.keyframe, attempt.references)
        waiting = Waiting(self._pace, live)
        began_s = since_s = time.monotonic()
        news.progress("looking for the order at the provider", 0.0)
        while True:
            try:
                found = ask(lambda: self._engine.find_orphan(order), attempt.task.id)
            except DirectorError as error:
                return Unknown(error.user_message)
            if isinstance(found, str):
                return Placed(found)
            now_s = time.monotonic()
            if isinstance(found, NotNow):
                since_s = now_s  # what was not seen may have been listed meanwhile
                if now_s - began_s > attempt.timeout_s:
                    return Unknown(f"{why} {found.message}")
            elif now_s - since_s >= self._pace.settle_s:
                return None
            waiting.pause(found.retry_after_s if isinstance(found, NotNow) else None)


def _folder(folder: Path, number: int) -> Path:
    return folder / f"order-{number}"


def _n_sent(folder: Path) -> int:
    return sum(_folder(folder, number).is_dir() for number in range(1, _MOST_ORDERS + 1))
