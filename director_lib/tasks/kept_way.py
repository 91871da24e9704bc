"""Making a file that costs money: in a process that outlives the worker, so that no paid file is lost."""

from __future__ import annotations

from dataclasses import replace

from director_lib.errors import EngineError
from director_lib.tasks.attempt import Attempt, Busy, Ending, Made, News, Refused, Stopped, Unknown
from director_lib.tasks.child import Job
from director_lib.tasks.kept_call import KeptCall, Lost
from director_lib.tasks.kept_child import prepare_picture
from director_lib.tasks.live import LiveTask
from director_lib.tasks.looking import look_at_made
from director_lib.tasks.runner import Runner, too_late
from director_lib.tasks.spool import Outcome, Placed, Spool
from director_lib.tasks.workshop import Workshop

_MAYBE_CHARGED = (
    "It may have been made and charged, and nobody can tell. It is not repeated by itself: look into the "
    "provider's account, then retry the task if it was not."
)


class KeptWay:
    """Runs a paid engine, once; an interrupted attempt is taken up and never begins anew."""

    def __init__(self, workshop: Workshop, runner: Runner) -> None:
        self._workshop = workshop
        self._runner = runner

    def run(self, attempt: Attempt, live: LiveTask, news: News) -> Ending:
        """Make the file, or take up what an earlier worker began.

        Raises:
            WorkerStops: The worker stops; the call goes on without it.
        """
        job = Job(self._workshop.engines, self._workshop.settings, attempt)
        call = KeptCall(self._runner, prepare_picture, job, Spool(attempt.folder))
        try:
            outcome = call.finish(live, news, is_stoppable=True)
        except EngineError as error:
            return Refused(error.code, error.user_message)
        if live.is_stopped:
            return Stopped(_billed_usd(outcome))
        if outcome is None:
            return replace(too_late(job), billed_usd=0.0)
        if isinstance(outcome, Lost):
            return Unknown(_lost(attempt, outcome))
        assert not isinstance(outcome, Placed)
        if isinstance(outcome, Made):
            return look_at_made(self._runner, job, outcome.result, live, news)
        return outcome


def _billed_usd(outcome: Outcome | Lost | None) -> float | None:
    """Return what a stopped call cost; None when nobody knows."""
    match outcome:
        case Made(result):
            return result.cost_usd
        case Refused(_, _, billed_usd):
            return billed_usd
        case None | Busy():
            return 0.0
        case _:
            return None


def _lost(attempt: Attempt, lost: Lost) -> str:
    engine = attempt.task.request.engine
    if lost.is_late:
        return f"The engine “{engine}” took more than {attempt.timeout_s:g} s and was ended. {_MAYBE_CHARGED}"
    return f"The engine “{engine}” was interrupted while a paid call was under way. {_MAYBE_CHARGED}"
