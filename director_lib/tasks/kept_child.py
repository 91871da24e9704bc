"""A paid call in processes of its own that outlive the worker, and leave behind what came of it.

Two of them: the *caller* has the engine do the work; the *keeper* waits for it and ends what it leaves
behind, or everything when it takes too long. Neither needs anybody: a killed worker costs no paid picture,
and nothing runs for ever.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from director_lib.engines.protocol import ProgressCallback
from director_lib.engines.remote import Order, RemoteEngine
from director_lib.errors import StorageError
from director_lib.tasks.attempt import Busy, Made, Refused, Unknown
from director_lib.tasks.child import Job, Progress, failing, generate, reporter
from director_lib.tasks.leash import kill_tree_below
from director_lib.tasks.spool import Outcome, Placed, Spool

_GRACE_S = 5.0
_DISK_S = 2.0
_LONGEST_PHASE = 200
_NOT_CHARGED = 0.0
Call = Callable[[], Outcome]
Prepare = Callable[[Job, ProgressCallback], Call]


def prepare_picture(job: Job, report: ProgressCallback) -> Call:
    """Get a paid engine ready to make the file."""
    engine = job.load_engine()
    # what a provider charges for a refusal it does not say
    return lambda: failing(lambda: Made(generate(engine, job, report)), billed_usd=None)


def prepare_order(job: Job, report: ProgressCallback) -> Call:
    """Get a remote engine ready to place the order."""
    engine: RemoteEngine = job.load_engine()  # type: ignore[assignment]  # the way was chosen for its kinds
    attempt = job.attempt
    order = Order(attempt.tag, job.request, attempt.placed_at, attempt.keyframe, attempt.references)
    return lambda: failing(lambda: Placed(engine.submit(order)), billed_usd=_NOT_CHARGED)


def run_kept(prepare: Prepare, job: Job, spool: Spool, pipe: Connection) -> None:
    """Leave a keeper behind that sees to the call, and return."""
    if os.fork() == 0:
        try:
            _leave_worker(spool, pipe)
            _keep(prepare, job, spool, pipe)
        except BaseException:  # noqa: BLE001 - the outer edge of a process that nobody waits for
            traceback.print_exc()
        finally:
            _end_process()


def _leave_worker(spool: Spool, pipe: Connection) -> None:
    """Share nothing with the worker but the pipe: no session, no terminal, no log, no open file."""
    os.setsid()
    for request in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # whoever stops the worker's whole family does not mean a paid call; programs that are started from
        # here get the usual behaviour back
        signal.signal(request, _ignore)
    with Path(os.devnull).open("rb") as nothing, spool.errors.open("ab") as errors:
        os.dup2(nothing.fileno(), 0)
        os.dup2(errors.fileno(), 1)
        os.dup2(errors.fileno(), 2)
    for number in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
        if number > 2 and number != pipe.fileno():  # noqa: PLR2004 - those are input, output and errors
            with contextlib.suppress(OSError):
                os.close(number)
    os.set_blocking(pipe.fileno(), False)


def _ignore(*_: object) -> None:
    """Do nothing."""


def _keep(prepare: Prepare, job: Job, spool: Spool, pipe: Connection) -> None:
    with spool.held() as is_ours:
        if not is_ours or spool.has_started() or spool.is_sealed():
            return
        spool.write_card()
        ended, alive = os.pipe()
        if os.fork() == 0:
            os.close(ended)
            try:
                _call(prepare, job, spool, pipe)
            except BaseException:  # noqa: BLE001 - the outer edge of a process that nobody waits for
                traceback.print_exc()
            finally:
                _end_process()
        os.close(alive)
        pipe.close()
        # the other end is closed when the caller ends, in whatever way
        select.select([ended], [], [], job.attempt.timeout_s + _GRACE_S)
        kill_tree_below(os.getpid())


def _call(prepare: Prepare, job: Job, spool: Spool, pipe: Connection) -> None:
    # even if the keeper is killed: nothing runs for ever
    signal.alarm(int(job.attempt.timeout_s + 2 * _GRACE_S) + 1)
    report = reporter(lambda progress: _try_to_send(pipe, progress))
    call = failing(lambda: prepare(job, report), billed_usd=_NOT_CHARGED)
    if isinstance(call, Refused | Busy | Unknown):
        outcome: Outcome = call
    else:
        spool.write_started()
        outcome = call()
    _leave_behind(spool, outcome)


def _leave_behind(spool: Spool, outcome: Outcome) -> None:
    """Write down what came of it; waits for a full disk, as what was paid for cannot be had again."""
    while True:
        try:
            return spool.write_outcome(outcome)
        except StorageError:
            traceback.print_exc()
            time.sleep(_DISK_S)


def _try_to_send(pipe: Connection, progress: Progress) -> None:
    """Tell progress to whoever listens; a worker that is gone, or too busy to listen, must not hurt."""
    with contextlib.suppress(OSError):
        pipe.send(Progress(progress.phase[:_LONGEST_PHASE], progress.percent))


def _end_process() -> None:
    """Leave without running what the forked process had planned for its end."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(0)
