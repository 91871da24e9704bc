"""Having a file made by a provider, as a job that goes on whatever becomes of the worker."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import cast

from director_lib.engines.remote import RemoteEngine, RemoteState, RemoteStatus
from director_lib.errors import DirectorError, EngineError, StorageError
from director_lib.tasks.attempt import Attempt, Busy, Ending, Made, News, Refused, Stopped, Unknown
from director_lib.tasks.child import Job, fetch
from director_lib.tasks.live import LiveTask
from director_lib.tasks.looking import look_at_made
from director_lib.tasks.remote_job import NotNow, Pace, RemoteJob, ToldStatus, Waiting
from director_lib.tasks.remote_order import RemoteOrder
from director_lib.tasks.runner import Runner, too_late
from director_lib.tasks.spool import Placed, Spool
from director_lib.tasks.workshop import Workshop

_MOST_CRASHES = 3
_NOBODY_ASKED = (
    "The provider stopped the job although nobody here asked for that. Nothing was replaced. Try again."
)


class RemoteWay:
    """Places an order once, follows its job by its id, brings the file home; any worker can go on with it."""

    def __init__(self, workshop: Workshop, runner: Runner, pace: Pace | None = None) -> None:
        self._workshop = workshop
        self._runner = runner
        self._pace = pace or Pace()

    def run(self, attempt: Attempt, live: LiveTask, news: News) -> Ending:
        """Have the file made, or take up what an earlier worker began.

        Raises:
            WorkerStops: The worker stops; the provider goes on without it.
        """
        shop = self._workshop
        engine = cast(RemoteEngine, shop.get_engine(attempt.task.request.engine))
        job = Job(shop.engines, shop.settings, attempt)
        if attempt.remote_id is None:
            placed = _place(RemoteOrder(self._runner, engine, job, self._pace), job, live, news)
            if not isinstance(placed, Placed):
                return placed
            news.remote_id(placed.remote_id)
            job = replace(job, attempt=replace(attempt, remote_id=placed.remote_id))
        attempt.folder.mkdir(parents=True, exist_ok=True)
        return _Following(self._runner, engine, job, self._pace).run(live, news)


def _place(order: RemoteOrder, job: Job, live: LiveTask, news: News) -> Placed | Ending:
    try:
        placed = order.place(live, news)
    except EngineError as error:
        placed = Refused(error.code, error.user_message)
    if live.is_stopped and not isinstance(placed, Placed):
        return Stopped(None if isinstance(placed, Unknown) else 0.0)
    return replace(too_late(job), billed_usd=0.0) if placed is None else placed


class _Following:
    """One job from its id to its file."""

    def __init__(self, runner: Runner, engine: RemoteEngine, job: Job, pace: Pace) -> None:
        attempt = job.attempt
        assert attempt.remote_id is not None
        self._runner = runner
        self._job = job
        self._pace = pace
        self._remote = RemoteJob(engine, attempt.remote_id, attempt.task.id, pace)
        self._until_s = time.monotonic() + attempt.timeout_s
        self._home = Spool(attempt.folder)

    def run(self, live: LiveTask, news: News) -> Ending:
        home = self._home.find_outcome()
        if isinstance(home, Made) and home.result.path.is_file():
            # providers delete what was made after a while; what is here need not be had again
            return self._look_at(home, live, news)
        told, waiting = ToldStatus(self._job.attempt.folder, news), Waiting(self._pace, live)
        while not live.is_stopped and time.monotonic() < self._until_s:
            try:
                status = self._remote.look()
            except DirectorError as error:
                return Unknown(error.user_message)
            if isinstance(status, RemoteStatus):
                told.pass_on(status)
                if status.has_ended and not live.is_stopped:
                    return self._take_home(status, live, news)
            else:
                told.pass_on_trouble(status)
            waiting.pause(status.retry_after_s if isinstance(status, NotNow) else None)
        return self._stop(live, news)

    def _stop(self, live: LiveTask, news: News) -> Ending:
        ended = self._remote.end(live, news)
        billed_usd = None if ended is None else ended.billed_usd
        if live.is_stopped:
            return Stopped(billed_usd)
        if ended is not None and ended.state is RemoteState.SUCCEEDED:
            return self._take_home(ended, live, news)
        return replace(too_late(self._job), billed_usd=billed_usd)

    def _take_home(self, status: RemoteStatus, live: LiveTask, news: News) -> Ending:
        if status.state is not RemoteState.SUCCEEDED:
            why = status.message or _NOBODY_ASKED
            return Refused(EngineError.code, why, status.billed_usd)
        # it is paid for: a job that was finished in the last moment is brought home all the same
        self._until_s = max(self._until_s, time.monotonic() + self._pace.fetch_s)
        made = self._fetch(live, news)
        if live.is_stopped:
            return Stopped(made.result.cost_usd if isinstance(made, Made) else status.billed_usd)
        if isinstance(made, Made):
            self._home.write_outcome(made)
            return self._look_at(made, live, news)
        return replace(made, billed_usd=status.billed_usd)

    def _look_at(self, made: Made, live: LiveTask, news: News) -> Ending:
        return look_at_made(self._runner, self._job, made.result, live, news)

    def _fetch(self, live: LiveTask, news: News) -> Made | Refused:
        """Download the file, again and again while that can help; a stop ends it."""
        waiting = Waiting(self._pace, live)
        n_crashes = 0
        while (left_s := self._until_s - time.monotonic()) > 0:
            try:
                made = self._runner.run(fetch, self._job, live, news, timeout_s=left_s)
            except EngineError as error:
                n_crashes += 1
                made = Refused(error.code, error.user_message) if n_crashes >= _MOST_CRASHES else None
            if isinstance(made, Made) or live.is_stopped:
                return made if isinstance(made, Made) else too_late(self._job)
            if isinstance(made, Refused) and made.code != StorageError.code:
                return made
            if isinstance(made, Busy | Refused):
                news.progress(f"downloading again soon: {made.message}", 100.0)
            waiting.pause(made.retry_after_s if isinstance(made, Busy) else None)
        return too_late(self._job)
