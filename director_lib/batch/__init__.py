"""Batch runs and reports: what the notebooks in ``notebooks/batch`` call, and what runs them.

The heavy libraries (papermill, nbconvert, altair) are loaded when a run begins, not on import.
"""

from director_lib.batch.archiving import archive_old_versions
from director_lib.batch.generation import generate_missing
from director_lib.batch.records import list_runs
from director_lib.batch.report import stream_report, write_report, write_weekly_report
from director_lib.batch.runs import run_notebook
from director_lib.batch.stale import regenerate_stale
from director_lib.batch.story_path import story_to_page
from director_lib.domain.batch_run import Run

__all__ = [
    "Run",
    "archive_old_versions",
    "generate_missing",
    "list_runs",
    "regenerate_stale",
    "run_notebook",
    "story_to_page",
    "stream_report",
    "weekly_studio_report",
    "write_report",
    "write_weekly_report",
]


def weekly_studio_report(week: str = "") -> None:
    """Display the report on a week of the whole studio; see ``director_lib.batch.weekly_report``."""
    from director_lib.batch.weekly_report import weekly_studio_report as report

    report(week)
