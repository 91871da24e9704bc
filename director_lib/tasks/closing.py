"""Recording how an attempt ended, and what that means for its task."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import sqlalchemy as sa

from director_lib.domain.task import TaskState
from director_lib.errors import DirectorError, EngineError
from director_lib.intake.produced import fail_task
from director_lib.store.attempts import BUSY, SUCCEEDED, close_attempt, count_attempts
from director_lib.store.claims import Claim, check_claim, put_back
from director_lib.store.tasks import Outcome, finish, get_task, report_progress
from director_lib.tasks.attempt import Busy, Ending, Made, Refused, Stopped, Unknown
from director_lib.tasks.workshop import Workshop

MOST_TRIES = 10
_FIRST_WAIT_S, _LONGEST_WAIT_S = 4.0, 300.0
_LONGEST_ASKED_S = 3600.0


def close(
    workshop: Workshop, connection: sa.Connection, claim: Claim, tag: str | None, ending: Ending | None
) -> None:
    """Complete a receipt, and close its task unless a file was made or it is to be tried again.

    Args:
        tag: The receipt's; None when it is complete already.
        ending: How the attempt ended; None when somebody cancelled the task after it.

    Raises:
        SupersededError: Another worker has taken the task over; nothing is recorded.
    """
    check_claim(connection, claim)
    now = workshop.clock()
    if tag is not None and ending is not None:
        facts = {"ended_at": None if isinstance(ending, Unknown) else now, **_receipt(ending)}
        close_attempt(connection, tag, **facts)
    task_id = claim.task_id
    match ending:
        case Made():
            report_progress(connection, task_id, "putting it in place", 100.0)
        case Refused():
            fail_task(connection, task_id, _error(ending.code, ending.message), now)
        case Unknown():
            outcome = Outcome(TaskState.UNKNOWN, now, error_code="unknown", error_message=ending.message)
            finish(connection, task_id, outcome)
        case Busy():
            _try_again(connection, task_id, ending, now)
        case Stopped() | None:
            finish(connection, task_id, Outcome(TaskState.CANCELLED, now, phase="cancelled"))


def wait_before(n_tries: int, retry_after_s: float | None) -> float:
    """Return the seconds to wait after so many tries that found the engine busy.

    The wait doubles from 4 s up to 5 minutes and varies by a quarter, so that many tasks do not come back at
    the same moment; what the provider asks for is kept to, up to an hour.
    """
    usual_s = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** (n_tries - 1))
    varied_s = usual_s * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
    return max(varied_s, min(retry_after_s or 0.0, _LONGEST_ASKED_S))


def _try_again(connection: sa.Connection, task_id: str, ending: Busy, now: datetime) -> None:
    if get_task(connection, task_id).cancel_requested_at is not None:
        finish(connection, task_id, Outcome(TaskState.CANCELLED, now, phase="cancelled"))
        return
    n_tries = count_attempts(connection, task_id, BUSY)
    if n_tries >= MOST_TRIES:
        why = f"{ending.message} It was tried {n_tries} times, and is given up. Nothing was charged."
        fail_task(connection, task_id, _error("engine_busy", why), now)
        return
    wait_s = wait_before(n_tries, ending.retry_after_s)
    put_back(connection, task_id, f"waiting to try again: {ending.message}", now + timedelta(seconds=wait_s))


def _receipt(ending: Ending) -> dict[str, object]:
    match ending:
        case Made(result):
            return {"state": SUCCEEDED, "model": result.model, "billed_usd": result.cost_usd}
        case Refused(_, message, billed_usd):
            return {"state": "failed", "error_message": message, "billed_usd": billed_usd}
        case Unknown(message):
            return {"state": "unknown", "error_message": message}
        case Busy(message):
            return {"state": BUSY, "error_message": message, "billed_usd": 0.0}
        case Stopped(billed_usd):
            return {"state": "cancelled", "billed_usd": billed_usd}


def _error(code: str, message: str) -> DirectorError:
    error = EngineError(message)
    error.code = code
    return error
