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
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from director_lib.config import Settings
    from director_lib.tasks.dispatcher import Dispatcher
    from director_lib.tasks.live import LiveTasks
    from director_lib.tasks.presence import Presence
    from director_lib.tasks.stream_shift import StreamShift
    from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")
_TICK_S = 0.05
_SWEEP_S = 3600.0
_SCHEDULE_S = 30.0
_SCORE_S = 5.0
_SCORES_A_LEARNING = 12
_SETTLE_S = 5.0
_SETTLINGS_A_CHECK = 6
_REST_S = 600.0
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
    from director_lib.tasks.stream_jobs import DEFAULT_JOBS, load_jobs

    parser = argparse.ArgumentParser(prog="director worker", description=main.__doc__)
    parser.add_argument("--engines", default=DEFAULT_ENGINES, help="where engines come from, module:function")
    parser.add_argument(
        "--jobs", default=DEFAULT_JOBS, help="where jobs on streams come from, module:mapping"
    )
    given = parser.parse_args(arguments)
    try:
        settings = load_settings()
        take_keys(os.environ, Path(".env"))
        configure_logging(settings, sys.stderr)
        load_engines(given.engines)
        _serve(settings, given.engines, load_jobs(given.jobs))
    except DirectorError as error:
        sys.stderr.write(f"director worker: {error.user_message}\n")
        return 1
    return 0


def _serve(settings: Settings, engines: str, jobs: Mapping[str, str]) -> None:
    from director_lib.store.database import open_database
    from director_lib.tasks.presence import claim_presence
    from director_lib.tasks.workshop import Workshop, utc_now

    database = open_database(settings.database)
    presence = claim_presence(settings, database, utc_now())
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    workshop = Workshop(database, settings, engines, worker=presence.name)
    live, dispatcher = _start(workshop, presence)
    shift = _start_shift(workshop, jobs)
    _log.info("worker %s (%s) serves %s", presence.name, os.getpid(), settings.database_name)
    exit_code = 0
    while not stop.wait(_TICK_S):
        if not _tick(dispatcher, stop):
            exit_code = 1
            break
    _log.info("worker %s stops; running tasks are taken up by the next one", presence.name)
    shift.close()
    live.close()
    _wait_for_paid_calls(workshop, settings.worker_stop_s)
    presence.release()
    # no orderly end: whatever runs in other threads would be recorded as an outcome, and it has none
    os._exit(exit_code)


def _start(workshop: Workshop, presence: Presence) -> tuple[LiveTasks, Dispatcher]:
    from director_lib.intake.placing import finish_placements
    from director_lib.tasks.dispatcher import Dispatcher
    from director_lib.tasks.durable import DurableQueue
    from director_lib.tasks.live import LiveTasks
    from director_lib.tasks.maker import Maker
    from director_lib.tasks.runner import Runner
    from director_lib.tasks.takeover import begin_afresh
    from director_lib.tasks.ways import choose_way

    for error in finish_placements(workshop.database, workshop.files, workshop.root, now=workshop.clock()):
        _log.warning("a version waits to be put in place: %s", error)
    live, runner = LiveTasks(), Runner()
    maker = Maker(workshop, live, partial(choose_way, workshop, runner))
    queue = DurableQueue(workshop.settings.queue_file_of(workshop.worker), maker)
    workshop.drop_scratch_except(partial(_list_open, workshop))
    begin_afresh(workshop)
    queue.launch()
    while queue.forget_finished():
        pass
    threading.Thread(target=_watch_streams, args=(workshop,), daemon=True, name="streams").start()
    threading.Thread(target=_sweep_hourly, args=(workshop,), daemon=True, name="leftovers").start()
    threading.Thread(target=_archive_daily, args=(workshop,), daemon=True, name="archive").start()
    threading.Thread(target=_learn_when_due, args=(workshop,), daemon=True, name="advice").start()
    threading.Thread(target=_keep_scores, args=(workshop,), daemon=True, name="attention").start()
    threading.Thread(target=_keep_counts, args=(workshop,), daemon=True, name="counts").start()
    return live, Dispatcher(workshop, queue, live, presence)


def _start_shift(workshop: Workshop, jobs: Mapping[str, str]) -> StreamShift:
    from director_lib.tasks.stream_shift import StreamShift, serve_streams

    shift = StreamShift(workshop, jobs)
    threading.Thread(target=serve_streams, args=(shift,), daemon=True, name="stream-tasks").start()
    return shift


def _list_open(workshop: Workshop) -> set[str]:
    from director_lib.store.tasks import list_open_ids

    with workshop.database.read() as connection:
        return list_open_ids(connection)


def _wait_for_paid_calls(workshop: Workshop, longest_s: float) -> None:
    """Give the calls that outlive this worker time, for where its end is theirs, too."""
    from director_lib.tasks.spool import is_any_held

    until_s = time.monotonic() + longest_s
    while time.monotonic() < until_s and is_any_held(workshop.scratch_root):
        time.sleep(_TICK_S)


def _tick(dispatcher: Dispatcher, stop: threading.Event) -> bool:
    """Tick once; False when this worker must end."""
    from director_lib.errors import WorkerError

    try:
        dispatcher.tick()
    except WorkerError as error:
        _log.error("%s", error)  # noqa: TRY400 - the message says it all
        return False
    except Exception:  # noqa: BLE001 - the worker's outer edge: it outlives a database that is busy or full
        _log.exception("the database cannot be asked for tasks; trying again")
        stop.wait(_PAUSE_AFTER_ERROR_S)
    return True


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


def _archive_daily(workshop: Workshop) -> None:
    from director_lib.errors import DirectorError
    from director_lib.tasks.archive_schedule import queue_if_due

    while True:
        try:
            queue_if_due(workshop.settings, workshop.database, workshop.clock())
        except DirectorError as error:
            _log.warning("the day's archiving cannot be queued; trying again: %s", error)
        time.sleep(_SCHEDULE_S)


def _learn_when_due(workshop: Workshop) -> None:
    from director_lib.errors import DirectorError
    from director_lib.tasks.advising import is_due, learn_apart

    while True:
        # a worker that has just started has better things to do
        time.sleep(_SCHEDULE_S)
        try:
            if is_due(workshop.settings, workshop.database, workshop.clock()):
                learn_apart(workshop.settings)
        except DirectorError as error:
            _log.warning("whether advice is out of date cannot be told; trying again: %s", error)


def _keep_scores(workshop: Workshop) -> None:
    from director_lib.errors import DirectorError
    from director_lib.tasks.attending import is_due, learn_apart, score_new

    n_looks = 0
    while True:
        time.sleep(_SCORE_S)
        n_looks += 1
        try:
            if n_looks % _SCORES_A_LEARNING == 0 and is_due(workshop.database):
                learn_apart(workshop.settings)
            score_new(workshop.database)
        except DirectorError as error:
            _log.warning("the order of review cannot be kept now; trying again: %s", error)


def _keep_counts(workshop: Workshop) -> None:
    from director_lib.errors import DirectorError
    from director_lib.store.count_settling import settle_counts
    from director_lib.tasks.count_schedule import is_due, look_after_apart

    n_looks, rested_at_s = 0, 0.0
    while True:
        time.sleep(_SETTLE_S)
        n_looks += 1
        try:
            settle_counts(workshop.database)
            if n_looks % _SETTLINGS_A_CHECK or time.monotonic() < rested_at_s:
                continue
            if is_due(workshop.settings, workshop.database, workshop.clock()):
                look_after_apart(workshop.settings)
                # what failed is not tried again at once: it takes a core
                rested_at_s = time.monotonic() + _REST_S
        except DirectorError as error:
            _log.warning("the counts cannot be kept now; trying again: %s", error)


if __name__ == "__main__":
    sys.exit(main())
