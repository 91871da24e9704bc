"""The report on one stream: what the notebook shows, and the file that the command line writes."""

from __future__ import annotations

import os
from pathlib import Path

from director_lib.batch.report_page import report_html
from director_lib.batch.runs import run_notebook
from director_lib.errors import StorageError
from director_lib.metrics.chart_set import make_charts
from director_lib.workbench import Workbench

NOTEBOOK = "stream_report"


def stream_report(stream_id: str) -> None:
    """Display a stream's metrics with their charts and tables, on behalf of the local user.

    Raises:
        NotFoundError: There is no such stream.
    """
    from IPython.display import HTML, display

    with Workbench.open() as workbench:
        summary = workbench.insight.summary(stream_id)
    page = HTML(report_html(summary, make_charts(summary, theme="light")))  # type: ignore[no-untyped-call]
    display(page)  # type: ignore[no-untyped-call]  # IPython is partly typed


def write_report(workbench: Workbench, stream_id: str, out_dir: Path) -> Path:
    """Write a stream's report as one HTML file that needs nothing else, by running its notebook.

    Args:
        workbench: Who writes it, and in which studio.
        stream_id: The stream.
        out_dir: Folder for the file; made when it is missing.

    Returns:
        The file, "<stream id>-report.html". One of that name is replaced at once, never half.

    Raises:
        PermissionDeniedError: The actor may not run batches.
        NotFoundError: There is no such stream.
        NotebookRunError: The notebook failed.
        StorageError: The folder cannot be written.
    """
    workbench.streams.get(stream_id)
    run = run_notebook(workbench, NOTEBOOK, {"stream": stream_id})
    assert run.html_path is not None
    target = out_dir.expanduser().resolve() / f"{stream_id}-report.html"
    partial = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(run.html_path.read_bytes())
        os.replace(partial, target)  # noqa: PTH105 - the atomic one by name
    except OSError as error:
        raise StorageError(
            f"The report cannot be written to {target.parent} ({error.strerror}). It is safe in "
            f"{run.html_path}."
        ) from error
    return target
