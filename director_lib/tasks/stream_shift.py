"""The worker's second hand: it carries the tasks of whole streams out, one at a time."""

from __future__ import annotations

import logging
import multiprocessing
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

from director_lib.domain.stream_task import StreamJob, StreamTask
from director_lib.domain.task import OPEN_STATES, TaskState
from director_lib.errors import (
    DirectorError,
    InputError,
    OutcomeUnknownError,
    StorageError,
    SupersededError,
)
from director_lib.store.claims import Claim
from director_lib.store.stream_claims import (
    abandon_stream_tasks,
    check_stream_claim,
    claim_stream_task,
    find_claimable_stream_task,
)
from director_lib.store.stream_tasks import (
    StreamOutcome,
    finish_stream_task,
    get_stream_task,
    list_stream_tasks,
)
from director_lib.tasks.live import LiveTask
from director_lib.tasks.patience import Patience
from director_lib.tasks.stream_child import Done, Failed, run_stream_job
from director_lib.tasks.stream_jobs import JOBS, find_job
from director_lib.tasks.stream_relay import StreamRelay
from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")
_LOOK_S = 0.5
_MOST_OPEN = 100_000


class StreamShift:
    """Claims and carries out tasks of whole streams. Every job may be repeated: none needs to be adopted.

    Args:
        jobs: Kinds to functions, as ``module:function``.
    """

    def __init__(self, workshop: Workshop, jobs: Mapping[str, str] = JOBS) -> None:
        self._workshop = workshop
        self._jobs = jobs
        self._context = multiprocessing.get_context("forkserver")
        self._live: LiveTask | None = None
        self._is_closing = False
        self._lock = threading.Lock()

    def run(self, stop: threading.Event) -> None:
        """Serve until told to stop, beginning with what an earlier worker of this name left.

        Raises:
            StorageError: The database cannot be asked now.
        """
        with self._workshop.database.write() as connection:
            abandon_stream_tasks(connection, self._workshop.worker)
        self._drop_left_folders()
        with self._workshop.database.watch() as watch:
            while not stop.is_set():
                while self.carry_out_next():
                    pass
                while not watch.has_changed() and not stop.wait(_LOOK_S):
                    pass

    def carry_out_next(self) -> bool:
        """Carry one task out to its end; False when nothing may begin now.

        Raises:
            StorageError: The database cannot be asked now; nothing was begun.
        """
        claimed = self._claim()
        if claimed is None:
            return False
        task, claim = claimed
        _log.info("task %s (%s) begins", task.id, task.kind, extra={"task_id": task.id})
        try:
            self._close(claim, self._carry_out(task, claim))
        except SupersededError as error:
            _log.warning("%s", error, extra={"task_id": task.id})
        return not self._is_closing

    def close(self) -> None:
        """End what runs, because the worker stops; the next worker carries it out again."""
        with self._lock:
            self._is_closing = True
            live = self._live
        if live is not None:
            live.close()

    def _claim(self) -> tuple[StreamTask, Claim] | None:
        shop = self._workshop
        if self._is_closing:
            return None
        with shop.database.read() as connection:
            if find_claimable_stream_task(connection) is None:
                return None
        with shop.database.write() as connection:
            task_id = find_claimable_stream_task(connection)
            if task_id is None:
                return None
            return claim_stream_task(connection, shop.worker, task_id, shop.clock())

    def _carry_out(self, task: StreamTask, claim: Claim) -> Done | Failed | None:
        """Return how it ended; None when it was ended from outside."""
        if task.cancel_requested_at is not None:
            return None
        try:
            source = find_job(task.kind, self._jobs)
            folder = self._folder(task.id)
        except (InputError, StorageError) as error:
            return Failed(error.code, error.user_message)
        values = (task.id, task.kind, task.stream_id, task.parameters, task.author)
        job = StreamJob(*values, settings=self._workshop.settings, folder=folder)
        live = LiveTask()
        with self._lock:
            self._live = live
            if self._is_closing:
                live.close()
        try:
            return self._run(source, job, claim, live)
        finally:
            with self._lock:
                self._live = None

    def _run(self, source: str, job: StreamJob, claim: Claim, live: LiveTask) -> Done | Failed | None:
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(target=run_stream_job, args=(source, job, sender), daemon=False)
        with receiver:
            process.start()
            sender.close()  # so that the pipe ends when the process does
            assert process.pid is not None
            live.attach(process.pid)
            try:
                ended = StreamRelay(self._workshop, claim, live).follow(receiver, process.sentinel)
            finally:
                live.detach()
                process.join()
        if ended is None and not live.wait(0):
            return Failed(
                "backend",
                f"The job ended unexpectedly (exit code {process.exitcode}). What is done so far is "
                "kept. Try again; if it happens again, the worker's log has the details.",
            )
        return ended

    def _close(self, claim: Claim, ended: Done | Failed | None) -> None:
        if ended is None and self._is_closing:
            return
        shop, patience = self._workshop, Patience("how it ended cannot be recorded yet")
        while True:
            try:
                with shop.database.write() as connection:
                    check_stream_claim(connection, claim)
                    was = get_stream_task(connection, claim.task_id)
                    finish_stream_task(connection, claim.task_id, self._outcome(was, ended))
                break
            except StorageError as error:
                patience.wait(claim.task_id, error)
        shutil.rmtree(self._folder_of(claim.task_id), ignore_errors=True)

    def _outcome(self, task: StreamTask, ended: Done | Failed | None) -> StreamOutcome:
        now = self._workshop.clock()
        match ended:
            case Done(result):
                return StreamOutcome(TaskState.SUCCEEDED, now, result)
            case Failed(code, message):
                state = TaskState.UNKNOWN if code == OutcomeUnknownError.code else TaskState.FAILED
                return StreamOutcome(state, now, error_code=code, error_message=message)
            case None:
                return StreamOutcome(TaskState.CANCELLED, now, phase="cancelled")

    def _folder(self, task_id: str) -> Path:
        folder = self._folder_of(task_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"The folder {folder} cannot be made ({error.strerror}). Nothing was begun. Make room there "
                "or mend its permissions, then try again."
            ) from error
        return folder

    def _folder_of(self, task_id: str) -> Path:
        return self._scratch_root / task_id

    def _drop_left_folders(self) -> None:
        """Remove the folders of closed tasks, whose worker died before it could."""
        if not self._scratch_root.is_dir():
            return
        folders = {folder.name: folder for folder in self._scratch_root.iterdir()}
        with self._workshop.database.read() as connection:
            open_ones = list_stream_tasks(connection, states=OPEN_STATES, limit=_MOST_OPEN)
        for task_id in folders.keys() - {task.id for task in open_ones}:
            shutil.rmtree(folders[task_id], ignore_errors=True)

    @property
    def _scratch_root(self) -> Path:
        return self._workshop.settings.data_dir / "stream-scratch"


def serve_streams(shift: StreamShift) -> None:
    """Serve until the process ends, whatever happens to the database."""
    never = threading.Event()
    while True:
        try:
            shift.run(never)
        except DirectorError as error:
            _log.warning("the tasks of streams cannot be served: %s; trying again", error)
        except Exception:  # noqa: BLE001 - the worker's outer edge: it never dies from a task
            _log.exception("the tasks of streams cannot be served; trying again")
        never.wait(_LOOK_S)
