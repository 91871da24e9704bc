from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from director_lib.batch import list_runs
from director_lib.batch.records import recorded
from director_lib.domain.batch_run import Run, RunState
from director_lib.errors import NotebookRunError
from director_lib.store.run_records import close_run, insert_run
from director_lib.workbench import Workbench

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


def a_run(folder: Path, name: str = "one", **parameters: object) -> Run:
    output = folder / "n.ipynb"
    return Run(name, folder / "n.ipynb", "ab" * 32, parameters, RunState.RUNNING, output, "ada", NOW)


def test_a_run_is_recorded_with_all_that_came_of_it(workbench: Workbench, tmp_path: Path) -> None:
    with recorded(workbench.studio, a_run(tmp_path, stream="film", n=3)) as opened:
        assert [run.state for run in list_runs(workbench)] == [RunState.RUNNING]
        opened.wrote(tmp_path / "n.ipynb", tmp_path / "n.html", tmp_path / "n.pdf")
    [run] = list_runs(workbench)
    assert run == opened.run
    assert (run.state, run.author, run.parameters) == (RunState.SUCCEEDED, "ada", {"stream": "film", "n": 3})
    assert (run.html_path, run.pdf_path) == (tmp_path / "n.html", tmp_path / "n.pdf")
    assert run.duration_s is not None
    assert list(workbench.studio.settings.runs_dir.iterdir()) == []


def test_a_run_that_fails_says_why(workbench: Workbench, tmp_path: Path) -> None:
    with pytest.raises(NotebookRunError), recorded(workbench.studio, a_run(tmp_path)):
        raise NotebookRunError("It broke.")
    [run] = list_runs(workbench)
    assert (run.state, run.error_message) == (RunState.FAILED, "It broke.")


def test_a_run_whose_process_was_killed_is_found_out(workbench: Workbench, tmp_path: Path) -> None:
    runs_dir = workbench.studio.settings.runs_dir
    runs_dir.mkdir(parents=True, exist_ok=True)
    with workbench.studio.database.write() as connection:
        for name in ("killed", "going", "elsewhere"):
            insert_run(connection, a_run(tmp_path, name))
    (runs_dir / ".killed.lock").touch()
    with FileLock(runs_dir / ".going.lock"):
        states = {run.id: (run.state, run.error_message) for run in list_runs(workbench)}
    assert states == {
        "killed": (RunState.FAILED, "its process ended without saying how"),
        "going": (RunState.RUNNING, None),
        "elsewhere": (RunState.RUNNING, None),
    }


def test_how_a_run_ended_is_not_changed_afterwards(workbench: Workbench, tmp_path: Path) -> None:
    with recorded(workbench.studio, a_run(tmp_path)):
        pass
    with workbench.studio.database.write() as connection:
        close_run(connection, a_run(tmp_path))
    assert list_runs(workbench)[0].state is RunState.SUCCEEDED


def test_equal_notebook_and_parameters_have_one_digest(tmp_path: Path) -> None:
    one = a_run(tmp_path, "a", stream="film", n=1)
    assert one.inputs_sha256 == a_run(tmp_path, "b", n=1, stream="film").inputs_sha256
    assert one.inputs_sha256 != a_run(tmp_path, "c", n=2, stream="film").inputs_sha256


def test_the_latest_runs_come_first(workbench: Workbench, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        with recorded(workbench.studio, a_run(tmp_path, name)):
            pass
    assert [run.id for run in list_runs(workbench, limit=2)] == ["c", "b"]
