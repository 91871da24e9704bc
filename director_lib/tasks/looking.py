"""Having a paid file looked at, in a process of its own, without ever losing it over that."""

from __future__ import annotations

from dataclasses import replace

from director_lib.engines.protocol import EngineResult
from director_lib.errors import EngineError
from director_lib.tasks.attempt import Ending, Made, News, Refused, Stopped
from director_lib.tasks.child import Job, check
from director_lib.tasks.live import LiveTask
from director_lib.tasks.runner import Runner

_LONGEST_LOOK_S = 300.0


def look_at_made(runner: Runner, job: Job, result: EngineResult, live: LiveTask, news: News) -> Ending:
    """Return a made file with what was noticed about it, or refuse one that cannot be opened.

    Raises:
        WorkerStops: The worker stops.
    """
    try:
        seen = runner.run(check, replace(job, result=result), live, news, timeout_s=_LONGEST_LOOK_S)
    except EngineError:
        seen = None  # it crashed over the file; the intake opens that once more before it counts
    if live.is_stopped:
        return Stopped(result.cost_usd)
    if isinstance(seen, Made) or (isinstance(seen, Refused) and seen.code != "timeout"):
        return seen
    news.line("The file could not be looked at closely; look for defects yourself.")
    return Made(result)
