"""What ``director doctor`` looks at besides files: room, whether work goes on, and the engines' keys."""

from __future__ import annotations

import os
from collections.abc import Mapping

from director_lib.cli.reach_work import reach_engines
from director_lib.config import Settings
from director_lib.domain.task import OPEN_STATES, TaskState
from director_lib.engines.keys import KEYS
from director_lib.engines.registry import engine_names
from director_lib.errors import DirectorError
from director_lib.workbench import Workbench
from director_lib.workbench.operations import IDLE_AFTER, Operations, Standing, free_bytes, kept_in

LOW_DISK_BYTES = 2 * 1024**3
_NAMED = 3


def look_at_disks(settings: Settings) -> str:
    """Tell how much room is left where data and streams are.

    Raises:
        DirectorError: One is nearly full.
    """
    room = {place: free_bytes(folder) for place, folder in kept_in(settings).items()}
    told = " and ".join(f"{free / 1e9:.1f} GB for {place}" for place, free in room.items())
    if min(room.values()) < LOW_DISK_BYTES:
        raise DirectorError(
            f"only {told} are free; new stills and clips may not fit. What is saved is safe: make room, "
            "or move DIRECTOR_HOME or DIRECTOR_STREAMS_DIR to a larger disk"
        )
    return f"{told} free; {_told_forecast(settings)}"


def _told_forecast(settings: Settings) -> str:
    with Workbench.open(settings) as workbench:
        return workbench.archive.forecast().in_words


def look_at_tasks(settings: Settings) -> str:
    """Tell how many tasks wait and run.

    Raises:
        DirectorError: Some are stuck: they run for too long, or wait and nothing takes them.
    """
    standing = _standing(settings)
    waiting, running = standing.count(TaskState.QUEUED), standing.count(TaskState.RUNNING)
    if troubles := [told for told in (_told_stuck(standing), _told_waiting(standing, waiting)) if told]:
        raise DirectorError("; ".join(troubles))
    return (
        f"{waiting} wait and {running} run; {sum(standing.recent_failures.values())} failed in the last hour"
    )


def look_at_engines(settings: Settings) -> str:
    """Tell which engines are in use, and that their keys are there.

    Raises:
        DirectorError: An engine does not exist, or its key is missing.
    """
    if strange := sorted(settings.engine_limits.keys() - set(engine_names())):
        raise DirectorError(
            f"DIRECTOR_ENGINE_LIMITS limits {', '.join(strange)}, which is no engine, so nothing is limited "
            f"by that; correct it to {', '.join(engine_names())}"
        )
    return check_engines(used_engines(settings), os.environ)


def look_at_reach(settings: Settings) -> str:
    """Tell whether the engines in use can be reached.

    Raises:
        DirectorError: One cannot.
    """
    return reach_engines(used_engines(settings), settings)


def used_engines(settings: Settings) -> set[str]:
    """Return the engines that are configured, offered, chosen for a stream, or asked for by an open task."""
    tasks = _standing(settings).tasks
    asked = {engine for (engine, state), count in tasks.items() if count and state in OPEN_STATES}
    with Workbench.open(settings) as workbench:
        chosen = workbench.engines.chosen_anywhere()
    return {settings.engine_keyframe, settings.engine_video, *settings.engine_choices} | asked | chosen


def check_engines(used: set[str], variables: Mapping[str, str]) -> str:
    """Tell of each engine whether it has what it needs; no key is ever shown.

    Raises:
        DirectorError: One does not exist, or its key is missing.
    """
    known = engine_names()
    if strange := sorted(used - set(known)):
        raise DirectorError(
            f"there is no engine {', '.join(strange)}, so its tasks fail; correct DIRECTOR_ENGINE_KEYFRAME, "
            f"DIRECTOR_ENGINE_VIDEO or DIRECTOR_ENGINES to {', '.join(known)}"
        )
    needed = {engine: KEYS[engine] for engine in sorted(used) if engine in KEYS}
    missing = {engine: name for engine, name in needed.items() if not variables.get(name, "").strip()}
    if missing:
        named = ", ".join(f"{name} for {engine}" for engine, name in missing.items())
        raise DirectorError(
            f"missing here: {named}; its tasks fail and cost nothing. Set it in the worker's environment and "
            "start the worker again; when the worker has an environment of its own, run doctor in that"
        )
    return ", ".join(f"{engine} ({_what_it_has(engine, needed)})" for engine in sorted(used))


def _what_it_has(engine: str, needed: Mapping[str, str]) -> str:
    return f"{needed[engine]} is present" if engine in needed else "needs no key"


def _standing(settings: Settings) -> Standing:
    with Workbench.open(settings) as workbench:
        studio = workbench.studio
        return Operations(studio.database, settings, studio.clock).standing(studio.actor)


def _told_stuck(standing: Standing) -> str:
    if not standing.stuck:
        return ""
    named = [
        f"{task.task_id} has run for {(standing.at - task.since).total_seconds() / 3600:.1f} h "
        f"({task.engine}, {task.phase or 'no phase'}, {task.percent:.0f} %)"
        for task in standing.stuck[:_NAMED]
    ]
    more = len(standing.stuck) - len(named)
    others = f" and {more} more" if more else ""
    cure = (
        "cancel and retry them with director tasks" if standing.worker_is_alive else "start director worker"
    )
    return f"stuck: {', '.join(named)}{others}; {cure}"


def _told_waiting(standing: Standing, waiting: int) -> str:
    if waiting and not standing.worker_is_alive:
        return f"{waiting} wait and no worker runs; start one with director worker"
    if standing.is_idle_too_long:
        minutes = IDLE_AFTER.total_seconds() / 60
        return (
            f"{waiting} wait, the first for more than {minutes:.0f} minutes, although a worker runs and "
            "makes nothing; look into its log and start it again: no task is lost"
        )
    return ""
