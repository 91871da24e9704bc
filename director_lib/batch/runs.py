"""Running a notebook with parameters: recorded, checked, and never where pages are served from."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from director_lib.batch.catalogue import BatchNotebook, notebooks_folders, open_notebook
from director_lib.batch.records import RUNNING, SUCCEEDED, Run, record_end, record_start
from director_lib.domain.people import Action
from director_lib.errors import InputError, NotebookRunError, StorageError
from director_lib.workbench import Workbench
from director_lib.workbench.studio import Studio

_INTERRUPTED = "interrupted before it ended"


def run_notebook(
    workbench: Workbench,
    notebook: Path | str,
    parameters: Mapping[str, Any] | None = None,
    *,
    out_dir: Path | None = None,
    progress: bool = False,
) -> Run:
    """Run a notebook from top to bottom in a kernel of its own, with the studio's settings.

    The run is recorded before it begins and when it ends. The executed notebook, and the same as HTML
    without code, go to a folder of their own.

    Args:
        workbench: Who runs it, and in which studio.
        notebook: A path, or the name of one of the product's batch notebooks.
        parameters: Values for names in the cell tagged "parameters"; its own values hold for the others.
        out_dir: Folder for the two files; a new one under the settings' ``runs_dir`` when None.
        progress: Whether to show a bar on standard error.

    Returns:
        The run, succeeded.

    Raises:
        PermissionDeniedError: The actor may not run batches.
        NotFoundError: There is no such notebook.
        UnknownParameterError: A parameter is not one that the notebook takes.
        InputError: The file is no notebook, a value cannot be given to one, or ``out_dir`` is served to
            pages.
        NotebookRunError: A cell failed, or the kernel died; the message names the cell and the cause.
        StorageError: The folder cannot be written.
    """
    workbench.studio.require(Action.RUN_BATCH)
    found = open_notebook(notebook)
    values = dict(parameters or {})
    found.check(values)
    run = _plan(workbench.studio, found, values, out_dir)
    with _recorded(workbench.studio, found, run):
        _execute(workbench.studio, run, progress)
        html_path = _write_html(run)
    return replace(run, state=SUCCEEDED, html_path=html_path, ended_at=workbench.studio.clock())


def _plan(studio: Studio, found: BatchNotebook, values: dict[str, Any], out_dir: Path | None) -> Run:
    now = studio.clock()
    run_id = f"{now:%Y%m%d-%H%M%S}-{found.name}-{secrets.token_hex(3)}"
    folder = (out_dir or studio.settings.runs_dir / run_id).expanduser().resolve()
    if any(folder.is_relative_to(served.resolve()) for served in notebooks_folders()):
        raise InputError(
            f"{folder} holds notebooks that are served as pages. Choose another folder for results."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be made ({error.strerror}). Nothing was run. Choose another one."
        ) from error
    output = folder / f"{found.name}.ipynb"
    return Run(run_id, found.path, found.sha256, values, RUNNING, output, None, now)


@contextmanager
def _recorded(studio: Studio, found: BatchNotebook, run: Run) -> Iterator[None]:
    with studio.database.write() as connection:
        record_start(
            connection,
            run.id,
            found,
            parameters=run.parameters,
            output_path=run.output_path,
            begun=(studio.actor.username, run.started_at),
        )
    message: str | None = _INTERRUPTED
    try:
        yield
        message = None
    except NotebookRunError as error:
        message = error.user_message
        raise
    finally:
        _close(studio, run.id, studio.clock(), message)


def _close(studio: Studio, run_id: str, ended_at: datetime, message: str | None) -> None:
    with studio.database.write() as connection:
        record_end(connection, run_id, ended_at, error_message=message)


def _execute(studio: Studio, run: Run, progress: bool) -> None:
    from nbclient.exceptions import CellControlSignal, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    from director_lib.batch.kernel_engine import kernel_environment, register

    try:
        execute_notebook(
            str(run.notebook),
            str(run.output_path),
            parameters=dict(run.parameters),
            engine_name=register(),
            kernel_name="python3",
            progress_bar=progress,
            environment=kernel_environment(os.environ, studio.settings.environment()),
            folder=run.output_path.parent,
        )
    except PapermillExecutionError as error:
        why = f"{error.ename}: {error.evalue}".rstrip(". ")
        raise NotebookRunError(
            f"Cell {error.cell_index + 1} of {run.notebook.name} failed: {why}. "
            f"The notebook up to there is {run.output_path}."
        ) from error
    except (DeadKernelError, CellControlSignal, RuntimeError) as error:
        raise NotebookRunError(
            f"{run.notebook.name} stopped because its kernel died or did not start: {error}. "
            f"The notebook up to there is {run.output_path}."
        ) from error


def _write_html(run: Run) -> Path:
    from director_lib.batch.paper import write_page

    title = run.notebook.stem.replace("_", " ").capitalize()
    return write_page(run.output_path, run.output_path.with_suffix(".html"), title=title)
