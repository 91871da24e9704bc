"""The record of every run in the review database, also when its process was killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from director_lib.batch.notebook_blocks import find_outcome
from director_lib.domain.batch_run import Run, RunState
from director_lib.domain.people import Action
from director_lib.errors import NotebookRunError
from director_lib.store.run_records import close_run, insert_run
from director_lib.store.run_records import list_runs as read_runs
from director_lib.workbench import Workbench
from director_lib.workbench.studio import Studio

_INTERRUPTED = "interrupted before it ended"
_GONE = "its process ended without saying how"
_MOST_OPEN = 1000


def list_runs(workbench: Workbench, limit: int = 50) -> list[Run]:
    """Return the latest runs, the newest first.

    A run whose process was killed is recorded as failed when somebody next looks.

    Raises:
        PermissionDeniedError: The actor may not look at the studio.
    """
    workbench.studio.require(Action.VIEW)
    _close_gone(workbench.studio)
    with workbench.studio.database.read() as connection:
        return read_runs(connection, limit=limit)


class OpenRun:
    """A run that is going on; what it wrote and what it came to is recorded with its end."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def wrote(self, *paths: Path) -> None:
        """Remember files."""
        self.run = replace(self.run, output_paths=(*self.run.output_paths, *paths))

    def came_to(self, notebook: object) -> None:
        """Remember what the executed notebook says that it came to."""
        self.run = replace(self.run, outcome=find_outcome(notebook))

    def close(self, studio: Studio, error_message: str | None) -> None:
        """Record how it ended."""
        state = RunState.SUCCEEDED if error_message is None else RunState.FAILED
        self.run = replace(self.run, state=state, ended_at=studio.clock(), error_message=error_message)
        with studio.database.write() as connection:
            close_run(connection, self.run)


@contextmanager
def recorded(studio: Studio, run: Run) -> Iterator[OpenRun]:
    """Record that a run begins, and how it ends, whatever happens but a kill.

    A file is locked meanwhile: once nobody holds it the process is gone.
    """
    _close_gone(studio)
    lock = _lock(studio, run.id)
    with lock:
        with studio.database.write() as connection:
            insert_run(connection, run)
        opened = OpenRun(run)
        message: str | None = _INTERRUPTED
        try:
            yield opened
            message = None
        except NotebookRunError as error:
            message = error.user_message
            raise
        finally:
            opened.close(studio, message)
    Path(lock.lock_file).unlink(missing_ok=True)


def _close_gone(studio: Studio) -> None:
    with studio.database.read() as connection:
        still_open = read_runs(connection, states={RunState.RUNNING}, limit=_MOST_OPEN)
    for run in still_open:
        if _is_gone(studio, run.id):
            OpenRun(run).close(studio, _GONE)


def _is_gone(studio: Studio, run_id: str) -> bool:
    """Tell whether a run of this machine has lost its process; of another machine's nothing is known."""
    lock = _lock(studio, run_id)
    if not Path(lock.lock_file).exists():
        return False
    try:
        with lock.acquire(timeout=0):
            pass
    except Timeout:
        return False
    Path(lock.lock_file).unlink(missing_ok=True)
    return True


def _lock(studio: Studio, run_id: str) -> FileLock:
    folder = studio.settings.runs_dir
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f".{run_id}.lock")
