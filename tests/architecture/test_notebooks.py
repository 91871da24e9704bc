from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.notebook_rules import notebooks, thick_notebooks
from tests.architecture.sources import CHECKOUT, lines_of, write

TITLE = {"cell_type": "markdown", "id": "0", "metadata": {}, "source": "# Keyframes"}


def code(source: str, *, tags: tuple[str, ...] = (), outputs: tuple[Any, ...] = ()) -> dict[str, Any]:
    metadata = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": "code",
        "id": "1",
        "metadata": metadata,
        "source": source,
        "outputs": list(outputs),
        "execution_count": None,
    }


def write_notebook(root: Path, *cells: dict[str, Any], name: str = "notebooks/keyframes.ipynb") -> Path:
    document = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return write(root, name, json.dumps(document, indent=1) + "\n")


def is_stripped(path: Path) -> bool:
    command = [sys.executable, "-m", "nbstripout", "--verify", "--keep-id", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_notebooks_are_thin() -> None:
    findings = thick_notebooks(CHECKOUT)
    assert not findings, lines_of(findings)


def test_notebooks_are_stored_without_outputs() -> None:
    paths = [str(path) for path in notebooks(CHECKOUT)]
    if not paths:
        return
    command = [sys.executable, "-m", "nbstripout", "--verify", "--keep-id", *paths]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"Run nbstripout on what it names: {result.stdout}"


def test_a_thin_notebook_is_accepted(tmp_path: Path) -> None:
    write_notebook(
        tmp_path,
        TITLE,
        code('stream = "lighthouse"\nsizes = [1, 2]', tags=("parameters",)),
        code("from director_lib.pages import keyframes\n\nkeyframes.page(stream)"),
    )
    assert thick_notebooks(tmp_path) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f():\n    return 1", "defines a function"),
        ("class A:\n    pass", "defines a class"),
        ("for x in (1, 2):\n    x", "has a loop"),
        ("[x for x in (1, 2)]", "has a loop"),
        ("while False:\n    pass", "has a loop"),
        ("f = lambda: 1", "has a lambda"),
        ("try:\n    1\nfinally:\n    2", "has a try"),
        ("%matplotlib inline", "is not plain Python"),
        ("!ls", "is not plain Python"),
        ("import os", "imports os"),
        ("from director_lib.store import database", "imports director_lib.store"),
        ("import pandas", "imports pandas"),
        ("x = 1\n" * 13, "has 13 lines; at most 12"),
    ],
)
def test_what_belongs_in_the_library_is_found(tmp_path: Path, source: str, message: str) -> None:
    write_notebook(tmp_path, TITLE, code(source))
    assert [finding.message for finding in thick_notebooks(tmp_path)] == [f"cell 2 {message}"]


def test_seven_code_cells_are_too_many(tmp_path: Path) -> None:
    write_notebook(tmp_path, TITLE, *[code("1")] * 7)
    assert "7 code cells; at most 6" in lines_of(thick_notebooks(tmp_path))


def test_a_notebook_without_a_title_is_found(tmp_path: Path) -> None:
    write_notebook(tmp_path, code("1"))
    assert "the first cell is not its title" in lines_of(thick_notebooks(tmp_path))


def test_outputs_are_found(tmp_path: Path) -> None:
    write_notebook(tmp_path, TITLE, code("1", outputs=({"output_type": "stream", "text": "x"},)))
    assert "cell 2 has outputs" in lines_of(thick_notebooks(tmp_path))


@pytest.mark.parametrize("source", ["size = 2 * 3", "print(1)", "stream = name"])
def test_computed_parameters_are_found(tmp_path: Path, source: str) -> None:
    write_notebook(tmp_path, TITLE, code(source, tags=("parameters",)))
    assert "more than literal assignments" in lines_of(thick_notebooks(tmp_path))


def test_a_batch_notebook_needs_its_parameters_cell(tmp_path: Path) -> None:
    write_notebook(tmp_path, TITLE, code("1"), name="notebooks/batch/report.ipynb")
    assert "0 cells tagged parameters; one is needed" in lines_of(thick_notebooks(tmp_path))


def test_an_analysis_notebook_may_import_pandas_and_the_whole_library(tmp_path: Path) -> None:
    source = "import pandas as pd\nfrom director_lib.workbench import Workbench"
    write_notebook(tmp_path, TITLE, code(source), name="notebooks/analysis/quality.ipynb")
    assert thick_notebooks(tmp_path) == []


def test_a_notebook_stored_with_outputs_is_not_stripped(tmp_path: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}
    assert not is_stripped(write_notebook(tmp_path, TITLE, code("1", outputs=(output,))))
    assert is_stripped(write_notebook(tmp_path, TITLE))
