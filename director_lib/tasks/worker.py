"""The worker process: ``python -m director_lib.tasks.worker``.

Every import that is not needed to begin stays inside a function: a task's process runs this module's top
again (that is how ``multiprocessing`` finds its way), and must start at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from director_lib.config import Settings
    from director_lib.tasks.dispatcher import Dispatcher
    from director_lib.tasks.live import LiveTasks
    from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")
_TICK_S = 0.05
_SWEEP_S = 3600.0
_PAUSE_AFTER_ERROR_S = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Serve the tasks of the configured studio until SIGTERM or Ctrl-C.

    Returns:
        1 when it cannot start; a started worker ends by leaving the process.
    """
    from director_lib.config import load_settings
    from director_lib.engines.keys import take_keys
    from director_lib.errors import DirectorError
    from director_lib.logs import configure_logging
    from director_lib.tasks.child import DEFAULT_ENGINES, load_engines

    parser = argparse.ArgumentParser(prog="director worker", description=main.__doc__)
    parser.add_argument("--engines", default=DEFAULT_ENGINES, help="where engines come from, module:function")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings()
        take_keys(os.environ, Path(".env"))
        configure_logging(settings, sys.stderr)
        load_engines(given.engines)
        _serve(settings, given.engines)
    except DirectorError as error:
        sys.stderr.write(f"director worker: {error.user_message}\n")
        return 1
    return 0


def _serve(settings: Settings, engines: str) -> None:
    from director_lib.store.database import open_database
    from director_lib.tasks.presence import claim_presence
    from director_lib.tasks.workshop import Workshop, utc_now

    database = open_database(settings.database)
    lock = claim_presence(settings, utc_now())
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    live, dispatcher = _start(Workshop(database, settings, engines))
    _log.info("worker %s serves %s", os.getpid(), settings.database_name)
    while not stop.wait(_TICK_S):
        _tick(dispatcher, stop)
    _log.info("worker %s stops; running tasks are taken up by the next one", os.getpid())
    live.close()
    lock.release()
    # no orderly end: whatever runs in other threads would be recorded as an outcome, and it has none
    os._exit(0)


def _start(workshop: Workshop) -> tuple[LiveTasks, Dispatcher]:
    from director_lib.intake.placing import finish_placements
    from director_lib.store.tasks import list_open_after
    from director_lib.tasks.dispatcher import Dispatcher
    from director_lib.tasks.durable import DurableQueue
    from director_lib.tasks.live import LiveTasks
    from director_lib.tasks.maker import Maker
    from director_lib.tasks.runner import Runner

    for error in finish_placements(workshop.database, workshop.files, workshop.root, now=workshop.clock()):
        _log.warning("a version waits to be put in place: %s", error)
    live, runner = LiveTasks(), Runner()
    maker = Maker(workshop, live, runner)
    queue = DurableQueue(workshop.settings, maker)
    with workshop.database.read() as connection:
        unfinished = [task for _, task in list_open_after(connection, 0)]
    workshop.drop_scratch_except({task.id for task in unfinished})
    usual = {workshop.settings.engine_keyframe, workshop.settings.engine_video}
    queue.launch(usual | {task.request.engine for task in unfinished})
    while queue.forget_finished():
        pass
    threading.Thread(target=_watch_streams, args=(workshop,), daemon=True, name="streams").start()
    threading.Thread(target=_sweep_hourly, args=(workshop,), daemon=True, name="leftovers").start()
    return live, Dispatcher(workshop.database, queue, live, maker)


def _tick(dispatcher: Dispatcher, stop: threading.Event) -> None:
    try:
        dispatcher.tick()
    except Exception:  # noqa: BLE001 - the worker's outer edge: it outlives a database that is busy or full
        _log.exception("the database cannot be asked for tasks; trying again")
        stop.wait(_PAUSE_AFTER_ERROR_S)


def _watch_streams(workshop: Workshop) -> None:
    from director_lib.tasks.watcher import StreamWatcher

    watcher, never = StreamWatcher(workshop), threading.Event()
    while True:
        try:
            watcher.run(never)
        except Exception:  # noqa: BLE001 - the worker's outer edge: one bad folder never stops the looking
            _log.exception("the streams folder cannot be looked at; trying again")
        time.sleep(_PAUSE_AFTER_ERROR_S)


def _sweep_hourly(workshop: Workshop) -> None:
    from director_lib.intake.leftovers import sweep_leftovers

    while True:
        for error in sweep_leftovers(workshop.files, workshop.root, now=workshop.clock()):
            _log.warning("%s", error)
        time.sleep(_SWEEP_S)


if __name__ == "__main__":
    sys.exit(main())
