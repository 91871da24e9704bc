from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from director_lib.batch import run_notebook, runs
from director_lib.batch.catalogue import notebooks_folders
from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.errors import InputError, NotebookRunError, PermissionDeniedError, UnknownParameterError
from director_lib.store.tables import runs as runs_table
from director_lib.workbench import Workbench
from tests.batch.conftest import WriteNotebook

SHOW = (
    "import os\n"
    "print(stream, wait_s, os.getcwd(), os.environ['DIRECTOR_DB_PATH'], 'GOOGLE_AI_API_KEY' in os.environ)"
)


def recorded(workbench: Workbench) -> list[sa.Row[tuple[object, ...]]]:
    with workbench.studio.database.read() as connection:
        return list(connection.execute(sa.select(runs_table)))


def printed(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join("".join(output.get("text", "")) for output in outputs)


def test_a_run_gets_its_parameters_the_settings_and_a_folder_of_its_own(
    workbench: Workbench, settings: Settings, write_notebook: WriteNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_AI_API_KEY", "secret")
    quote = 'it\'s "quoted"\\n {{ }}'
    run = run_notebook(workbench, write_notebook('stream = ""\nwait_s = 1', SHOW), {"stream": quote})
    assert (run.state, run.parameters) == ("succeeded", {"stream": quote})
    assert run.output_path.parent.parent == settings.runs_dir
    expected = f"{quote} 1 {run.output_path.parent} {settings.database_file} False"
    assert expected in printed(run.output_path)
    assert run.html_path is not None
    assert "os.getcwd" not in run.html_path.read_text(encoding="utf-8")
    assert run.duration_s is not None
    row = recorded(workbench)[0]
    assert (row.id, row.state, row.author, row.parameters) == (run.id, "succeeded", "ada", {"stream": quote})
    assert row.notebook_sha256 == run.notebook_sha256
    assert row.ended_at > row.started_at


def test_a_failing_cell_is_named_and_recorded(workbench: Workbench, write_notebook: WriteNotebook) -> None:
    path = write_notebook("x = 1", "print('got here')", "raise KeyError('the cause')", "print('never')")
    with pytest.raises(
        NotebookRunError, match=r"Cell 4 of sample.ipynb failed: KeyError: 'the cause'"
    ) as failure:
        run_notebook(workbench, path)
    row = recorded(workbench)[0]
    assert (row.state, row.error_message) == ("failed", failure.value.user_message)
    assert "got here" in printed(Path(row.output_path))
    assert "never" not in printed(Path(row.output_path))


def test_a_kernel_that_dies_is_an_error_and_not_a_hang(
    workbench: Workbench, write_notebook: WriteNotebook
) -> None:
    with pytest.raises(NotebookRunError, match="kernel died"):
        run_notebook(workbench, write_notebook("x = 1", "import os\nos._exit(3)"))
    assert recorded(workbench)[0].state == "failed"


def test_an_interrupted_run_is_not_left_running(
    workbench: Workbench, write_notebook: WriteNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "_execute", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_notebook(workbench, write_notebook("x = 1"))
    row = recorded(workbench)[0]
    assert (row.state, row.error_message) == ("failed", "interrupted before it ended")


def test_a_refused_run_leaves_no_record(workbench: Workbench, write_notebook: WriteNotebook) -> None:
    with pytest.raises(UnknownParameterError):
        run_notebook(workbench, write_notebook("x = 1"), {"y": 2})
    assert recorded(workbench) == []


def test_results_never_go_where_pages_are_served_from(
    workbench: Workbench, write_notebook: WriteNotebook
) -> None:
    for served in (notebooks_folders()[0], notebooks_folders()[0] / "batch" / "out"):
        with pytest.raises(InputError, match="served as pages"):
            run_notebook(workbench, write_notebook("x = 1"), out_dir=served)
    assert recorded(workbench) == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_who_may_not_run_batches_runs_none(
    settings: Settings, workbench: Workbench, write_notebook: WriteNotebook, role: Role
) -> None:
    with Workbench.open(settings, Actor("vera", role)) as other, pytest.raises(PermissionDeniedError):
        run_notebook(other, write_notebook("x = 1"))
    assert recorded(workbench) == []
