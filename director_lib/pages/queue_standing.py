"""Reading what decides whether queued tasks may begin."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from director_lib.domain.task import Task
from director_lib.pages.queue_reasons import QueueStanding
from director_lib.store.claims import count_running, count_starts
from director_lib.store.pauses import list_pauses
from director_lib.store.task_board import list_unmade
from director_lib.tasks.presence import list_workers
from director_lib.workbench.studio import Studio


def read_standing(studio: Studio, connection: sa.Connection, queued: Sequence[Task]) -> QueueStanding:
    """Read what these queued tasks wait for."""
    settings, now = studio.settings, studio.clock()
    running: dict[str, int] = {}
    for (engine, _worker), count in count_running(connection).items():
        running[engine] = running.get(engine, 0) + count
    engines = {task.request.engine for task in queued}
    limited = [
        name
        for name in engines
        if name in settings.engine_limits and settings.engine_limits[name].starts_per_minute
    ]
    return QueueStanding(
        now=now,
        paused_by={pause.engine: pause.paused_by for pause in list_pauses(connection)},
        running=running,
        starts={engine: count_starts(connection, engine, now) for engine in limited},
        limits=settings.engine_limits,
        unmade=list_unmade(connection, [task.after_task_id for task in queued if task.after_task_id]),
        slots=len(list_workers(settings, studio.database)) * settings.worker_concurrency,
    )
