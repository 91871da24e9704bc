"""Making a file that costs nothing: in a process that dies with the worker, and simply again if need be."""

from __future__ import annotations

import shutil
from pathlib import Path

from director_lib.errors import EngineError
from director_lib.tasks.attempt import Attempt, Ending, News, Refused, Stopped
from director_lib.tasks.child import Job, make_and_check
from director_lib.tasks.live import LiveTask
from director_lib.tasks.runner import Runner
from director_lib.tasks.workshop import Workshop


class ProcessWay:
    """Runs a free engine; an interrupted attempt begins anew."""

    def __init__(self, workshop: Workshop, runner: Runner) -> None:
        self._workshop = workshop
        self._runner = runner

    def run(self, attempt: Attempt, live: LiveTask, news: News) -> Ending:
        """Make the file.

        Raises:
            WorkerStops: The worker stops.
        """
        _empty(attempt.folder)
        job = Job(self._workshop.engines, self._workshop.settings, attempt)
        try:
            ended = self._runner.run(make_and_check, job, live, news, timeout_s=attempt.timeout_s)
        except EngineError as error:
            return Refused(error.code, error.user_message)
        return Stopped() if ended is None else ended


def _empty(folder: Path) -> None:
    """Remove what an interrupted process left: engines take any new file there for their own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
