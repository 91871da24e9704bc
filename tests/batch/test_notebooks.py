"""Every notebook is run by the product's own path, on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from director_lib.batch import Run, list_runs, run_notebook
from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.errors import PermissionDeniedError
from director_lib.workbench import Workbench
from tests.architecture.sources import CHECKOUT
from tests.batch.conftest import WriteNotebook

_WEEK = f"{datetime.now(UTC).isocalendar().year}-W{datetime.now(UTC).isocalendar().week:02d}"
GIVEN: dict[str, dict[str, Any]] = {
    "batch/stream_report": {"stream": "film"},
    "batch/weekly_studio_report": {"week": _WEEK},
    "batch/generate_missing": {"wait_s": 0},
    "batch/regenerate_stale": {"dry_run": True},
    "batch/archive": {"dry_run": True},
    "batch/story_to_page": {"text": "Snow fell.\n\nThe lamp was lit.", "title": "The lamp"},
}
SHOWN = {
    "batch/stream_report": "Decision approval rate",
    "batch/weekly_studio_report": "This week is not over",
    "batch/generate_missing": "1 queued; 0 left alone",
    "batch/regenerate_stale": "0 out of date; nothing was changed",
    "batch/archive": "0 files",
    "batch/story_to_page": "checkpoint story",
}
FOLDER = CHECKOUT / "notebooks"
NOTEBOOKS = sorted(
    path.relative_to(FOLDER).with_suffix("").as_posix()
    for folder in ("batch", "analysis")
    for path in (FOLDER / folder).glob("*.ipynb")
)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


def texts(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def run_one(name: str, workbench: Workbench) -> Run:
    return run_notebook(workbench, FOLDER / f"{name}.ipynb", GIVEN.get(name, {}))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_and_leaves_a_page_and_a_pdf_without_code(
    name: str, workbench: Workbench, settings: Settings
) -> None:
    run = run_one(name, workbench)
    assert list_runs(workbench) == [run]
    assert [path.suffix for path in run.output_paths] == [".ipynb", ".html", ".pdf"]
    assert all(path.is_relative_to(settings.runs_dir) for path in run.output_paths)
    assert run.html_path is not None
    assert run.pdf_path is not None
    page, paper = run.html_path.read_text(encoding="utf-8"), texts(run.pdf_path)
    for shown in (page, paper):
        assert "import " not in shown
        assert "Traceback" not in shown
    assert SHOWN.get(name, "") in " ".join(page.split())
    assert SHOWN.get(name, "") in " ".join(paper.split())
    told = json.loads(run.output_path.read_text(encoding="utf-8"))
    assert "vnd.director.progress" not in json.dumps(told)


def test_an_analyst_runs_the_tours_and_nothing_else(
    settings: Settings, streams: Path, write_notebook: WriteNotebook
) -> None:
    with Workbench.open(settings, Actor("anna", Role.ANALYST)) as workbench:
        run = run_notebook(workbench, "quality", {"stream": None})
        assert [path.suffix for path in run.output_paths] == [".ipynb", ".html", ".pdf"]
        assert [(one.author, one.notebook.stem) for one in list_runs(workbench)] == [("anna", "quality")]
        for other in ("stream_report", write_notebook("x = 1", "print(x)", name="quality.ipynb")):
            with pytest.raises(PermissionDeniedError, match="run batches"):
                run_notebook(workbench, other)
        assert len(list_runs(workbench)) == 1


def test_a_viewer_runs_no_notebook_and_learns_of_none(settings: Settings, streams: Path) -> None:
    with Workbench.open(settings, Actor("vera", Role.VIEWER)) as workbench:
        for name in ("quality", "stream_report", "/nowhere/at/all.ipynb"):
            with pytest.raises(PermissionDeniedError):
                run_notebook(workbench, name)


def test_every_batch_notebook_is_run_here() -> None:
    assert {name for name in NOTEBOOKS if name.startswith("batch/")} == set(GIVEN)
