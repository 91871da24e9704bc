"""The ways in which an attempt is carried out, and which one it takes."""

from __future__ import annotations

from typing import Protocol

from director_lib.domain.version import Kind
from director_lib.engines.protocol import Engine
from director_lib.tasks.attempt import Attempt, Ending, News
from director_lib.tasks.kept_way import KeptWay
from director_lib.tasks.live import LiveTask
from director_lib.tasks.process_way import ProcessWay
from director_lib.tasks.remote_way import RemoteWay
from director_lib.tasks.runner import Runner
from director_lib.tasks.workshop import Workshop


class Way(Protocol):
    """Carries an attempt out, wherever an earlier holder left it."""

    def run(self, attempt: Attempt, live: LiveTask, news: News) -> Ending:
        """Make the file, or say why there is none.

        Args:
            live: Through which another thread can end it, even before it begins.
            news: Told how far it is, in this thread.

        Raises:
            WorkerStops: The worker stops; nothing ended, and the next worker goes on.
        """
        ...


def choose_way(workshop: Workshop, runner: Runner, engine: Engine, kind: Kind) -> Way:
    """Return the way in which an engine makes files of a kind."""
    can = engine.capabilities()
    if kind in can.remote_kinds:
        return RemoteWay(workshop, runner)
    return KeptWay(workshop, runner) if can.is_paid else ProcessWay(workshop, runner)
