"""Running a notebook with parameters: recorded, checked, and never where pages are served from."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from director_lib.batch.catalogue import BatchNotebook, notebooks_folders, open_notebook
from director_lib.batch.progress import Bar
from director_lib.batch.records import OpenRun, recorded
from director_lib.batch.showing import RUN_VARIABLE
from director_lib.domain.batch_run import Run, RunState
from director_lib.domain.people import Action, may
from director_lib.errors import InputError, NotebookRunError, StorageError
from director_lib.workbench import Workbench
from director_lib.workbench.studio import Studio


def run_notebook(
    workbench: Workbench,
    notebook: Path | str,
    parameters: Mapping[str, Any] | None = None,
    *,
    out_dir: Path | None = None,
    progress: bool = False,
) -> Run:
    """Run a notebook from top to bottom in a kernel of its own, with the studio's settings.

    The run is recorded before it begins and when it ends. The executed notebook, and the same as HTML and
    PDF without code, go to a folder of their own; of one that failed, what it showed until then.

    Args:
        workbench: Who runs it, and in which studio.
        notebook: A path, or the name of one of the product's batch notebooks or tours for analysts.
        parameters: Values for names in the cell tagged "parameters"; its own values hold for the others.
        out_dir: Folder for the three files; a new one under the settings' ``runs_dir`` when None.
        progress: Whether to show a bar on standard error, when that is a terminal.

    Returns:
        The run, succeeded.

    Raises:
        PermissionDeniedError: The actor may not run batches; a tour takes an analyst.
        NotFoundError: There is no such notebook.
        UnknownParameterError: A parameter is not one that the notebook takes.
        InputError: The file is no notebook, a value cannot be given to one, or ``out_dir`` is served to
            pages.
        NotebookRunError: A cell failed, or the kernel died; the message names the cell and the cause.
        StorageError: The folder cannot be written.
    """
    studio = workbench.studio
    studio.require(Action.RUN_BATCH if may(studio.actor, Action.RUN_BATCH) else Action.ANALYSE)
    found = open_notebook(notebook)
    studio.require(found.action)
    values = dict(parameters or {})
    found.check(values)
    run = _plan(studio, found, values, out_dir)
    with recorded(studio, run) as opened:
        try:
            with Bar(found.name, is_shown=progress) as bar:
                _execute(studio, run, bar)
        finally:
            _write_papers(studio, opened)
    return opened.run


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
    output, author = folder / f"{found.name}.ipynb", studio.actor.username
    return Run(run_id, found.path, found.sha256, values, RunState.RUNNING, output, author, now)


def _execute(studio: Studio, run: Run, bar: Bar) -> None:
    from nbclient.exceptions import CellControlSignal, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    from director_lib.batch.kernel_engine import kernel_environment, register

    environment = kernel_environment(os.environ, studio.settings.environment())
    try:
        execute_notebook(
            str(run.notebook),
            str(run.output_path),
            parameters=dict(run.parameters),
            engine_name=register(),
            kernel_name="python3",
            progress_bar=False,
            environment=environment | {RUN_VARIABLE: run.id},
            folder=run.output_path.parent,
            bar=bar,
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


def _write_papers(studio: Studio, opened: OpenRun) -> None:
    if not opened.run.output_path.is_file():
        return
    from director_lib.batch.paper import write_papers

    paths, notebook = write_papers(opened.run, studio.settings.time_zone)
    opened.wrote(opened.run.output_path, *paths)
    opened.came_to(notebook)
