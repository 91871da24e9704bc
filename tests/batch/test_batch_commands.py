from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from director_lib.batch import list_runs
from director_lib.cli import app
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotebookRunError, NotFoundError
from director_lib.workbench import Workbench
from tests.batch.conftest import WriteNotebook


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def test_runs_are_listed_with_how_they_ended(local_studio: Workbench, write_notebook: WriteNotebook) -> None:
    good = write_notebook("n = 1", "print(n)", name="good.ipynb")
    bad = write_notebook("n = 1", "raise KeyError('the cause')", name="bad.ipynb")
    done = run("batch", str(good), "-p", "n=2")
    assert done.exit_code == 0, done.output
    assert [Path(line).suffix for line in done.output.splitlines()[1:]] == [".ipynb", ".html", ".pdf"]
    failed = run("batch", str(bad))
    assert isinstance(failed.exception, NotebookRunError)
    first, second = json.loads(run("batch", "runs", "--json").output)
    assert (second["state"], second["parameters"], second["error"]) == ("succeeded", {"n": 2}, None)
    assert (first["state"], Path(first["pdf"]).is_file()) == ("failed", True)
    assert "the cause" in first["error"]
    assert len(first["inputs_sha256"]) == len(first["notebook_sha256"]) == 64
    page = Path(first["html"]).read_text(encoding="utf-8")
    assert "It stopped here. KeyError" in page
    assert "raise " not in page
    told = run("batch", "runs", "--limit", "1").output
    assert "bad" in told
    assert "good" not in told


def test_notebooks_are_listed_with_their_parameters(local_studio: Workbench) -> None:
    told = {one["name"]: one for one in json.loads(run("batch", "list", "--json").output)}
    assert told["weekly_studio_report"]["parameters"] == {"week": ""}
    assert told["archive"]["title"] == "Archive"
    assert "  wait_s = 3600.0" in run("batch", "list").output


def test_a_request_to_end_is_recorded_and_has_its_own_exit_code(
    local_studio: Workbench, write_notebook: WriteNotebook
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    ending = write_notebook(
        "pid = 0", "import os, signal\nos.kill(pid, signal.SIGTERM)\nimport time\ntime.sleep(60)"
    )
    ended = run("batch", str(ending), "-p", f"pid={os.getpid()}")
    assert ended.exit_code == 143
    assert [(one.state.value, one.error_message) for one in list_runs(local_studio)] == [
        ("failed", "interrupted before it ended")
    ]
    assert signal.getsignal(signal.SIGTERM) is before


def test_frames_are_exported_as_csv_and_parquet(local_studio: Workbench, tmp_path: Path) -> None:
    csv = run("metrics", "export", "reviews", "--out", str(tmp_path))
    assert csv.output.strip() == str(tmp_path / "reviews.csv")
    table = pd.read_csv(tmp_path / "reviews.csv")
    assert table["decision"].tolist() == ["approved", "regenerate"]
    assert table["decided_at"].str.endswith("+0000").all()
    exact = run("metrics", "export", "decisions", "--stream", "film", "--out", str(tmp_path / "d.parquet"))
    assert exact.exit_code == 0
    expected = local_studio.insight.decisions("film")
    assert pd.read_parquet(tmp_path / "d.parquet").equals(expected)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["nothing"], InputError),
        (["decisions", "--stream", "nothing"], NotFoundError),
        (["decisions", "--format", "xlsx"], InputError),
        (["decisions", "--format", "parquet", "--out", "d.csv"], InputError),
    ],
)
def test_what_cannot_be_exported_is_refused(
    local_studio: Workbench, words: list[str], error: type[Exception]
) -> None:
    assert isinstance(run("metrics", "export", *words).exception, error)


def test_an_export_replaces_no_file(local_studio: Workbench, tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_text("mine")
    assert isinstance(run("metrics", "export", "decisions", "--out", str(tmp_path)).exception, InputError)
    assert (tmp_path / "decisions.csv").read_text() == "mine"


def test_a_text_that_a_spreadsheet_would_calculate_is_guarded_in_csv_only(
    local_studio: Workbench, tmp_path: Path
) -> None:
    version = local_studio.reviews.standing("film").version(2, Kind.KEYFRAME)
    assert version is not None
    verdict = DecisionKind.REGENERATE
    local_studio.reviews.decide("film", Kind.KEYFRAME, {2: version.sha256}, verdict, note="=1+1")
    for ending in ("csv", "parquet"):
        run("metrics", "export", "decisions", "--format", ending, "--out", str(tmp_path))
    assert pd.read_csv(tmp_path / "decisions.csv")["note"].tolist()[-1] == "'=1+1"
    assert pd.read_parquet(tmp_path / "decisions.parquet")["note"].tolist()[-1] == "=1+1"


def test_the_week_of_the_studio_is_refused_for_a_stream_and_when_it_has_not_begun(
    local_studio: Workbench, tmp_path: Path
) -> None:
    assert run("report", "film", "--week", "2026-W40").exit_code == 2
    assert isinstance(run("report", "weekly", "--week", "2999-W01").exception, InputError)
    assert isinstance(run("report", "nothing", "--out", str(tmp_path)).exception, NotFoundError)
