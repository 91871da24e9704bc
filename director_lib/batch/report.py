"""The report on one stream: what the notebook shows, and the files that the command line writes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from director_lib.batch.runs import run_notebook
from director_lib.batch.showing import show
from director_lib.batch.summary_paper import summary_paper
from director_lib.errors import StorageError
from director_lib.workbench import Workbench

STREAM_REPORT, WEEKLY_REPORT = "stream_report", "weekly_studio_report"


def stream_report(stream_id: str) -> None:
    """Display a stream's metrics with their charts and tables, on behalf of the local user.

    Raises:
        NotFoundError: There is no such stream.
    """
    from director_lib.metrics.chart_set import make_charts

    with Workbench.open() as workbench:
        summary = workbench.insight.summary(stream_id)
    show(summary_paper(summary, make_charts(summary, theme="light")))


def write_report(
    workbench: Workbench, stream_id: str, out_dir: Path, *, progress: bool = False
) -> tuple[Path, ...]:
    """Write a stream's report as HTML and as PDF, files that need nothing else, by running its notebook.

    Args:
        workbench: Who writes it, and in which studio.
        stream_id: The stream.
        out_dir: Folder for the files; made when it is missing.
        progress: Whether to show a bar on a terminal.

    Returns:
        "<stream id>-report.html" and ".pdf". What is called so is replaced at once, never half.

    Raises:
        PermissionDeniedError: The actor may not run batches.
        NotFoundError: There is no such stream.
        NotebookRunError: The notebook failed.
        StorageError: The folder cannot be written.
    """
    workbench.streams.get(stream_id)
    given = {"stream": stream_id}
    return _write(workbench, STREAM_REPORT, given, out_dir / f"{stream_id}-report", progress)


def write_weekly_report(
    workbench: Workbench, week: str, out_dir: Path, *, progress: bool = False
) -> tuple[Path, ...]:
    """Write the studio's report on a week as HTML and as PDF, by running its notebook.

    Args:
        week: ISO year and week like "2026-W46"; the last whole one when "".

    Returns:
        "studio-<week>.html" and ".pdf".

    Raises:
        InputError: There is no such week.
        DirectorError: As for ``write_report``.
    """
    from director_lib.batch.weeks import find_week

    studio = workbench.studio
    name = find_week(week, studio.settings.time_zone, studio.clock()).name
    return _write(workbench, WEEKLY_REPORT, {"week": name}, out_dir / f"studio-{name}", progress)


def _write(
    workbench: Workbench, notebook: str, given: Mapping[str, Any], target: Path, progress: bool
) -> tuple[Path, ...]:
    run = run_notebook(workbench, notebook, given, progress=progress)
    made = [path for path in (run.html_path, run.pdf_path) if path is not None]
    return tuple(_copy(path, target.expanduser().resolve()) for path in made)


def _copy(made: Path, target: Path) -> Path:
    target = target.with_name(f"{target.name}{made.suffix}")
    partial = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(made.read_bytes())
        os.replace(partial, target)  # noqa: PTH105 - the atomic one by name
    except OSError as error:
        raise StorageError(
            f"The report cannot be written to {target.parent} ({error.strerror}). It is safe in {made}."
        ) from error
    return target
