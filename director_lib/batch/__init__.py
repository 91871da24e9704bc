"""Batch runs and reports: what the notebooks in ``notebooks/batch`` call, and what runs them.

The heavy libraries (papermill, nbconvert, altair) are loaded when a run begins, not on import.
"""

from director_lib.batch.generation import generate_missing
from director_lib.batch.records import Run
from director_lib.batch.report import stream_report, write_report
from director_lib.batch.runs import run_notebook

__all__ = ["Run", "generate_missing", "run_notebook", "stream_report", "write_report"]
