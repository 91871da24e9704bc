from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.batch.catalogue import list_notebooks, open_notebook
from director_lib.domain.people import Action
from director_lib.errors import InputError, NotFoundError, UnknownParameterError
from tests.batch.conftest import WriteNotebook


def test_parameters_are_the_names_that_the_tagged_cell_assigns(write_notebook: WriteNotebook) -> None:
    path = write_notebook('stream = "a"\nwait_s: float = 1.0\nx = y = 2', "other = 3")
    assert open_notebook(path).parameters == ("stream", "wait_s", "x", "y")


def test_an_unknown_parameter_is_refused_with_those_that_there_are(write_notebook: WriteNotebook) -> None:
    found = open_notebook(write_notebook('stream = "a"\nkind = "b"'))
    with pytest.raises(UnknownParameterError, match="no parameter “strem”. It takes: stream, kind"):
        found.check({"strem": "x"})


def test_a_notebook_without_parameters_takes_none(write_notebook: WriteNotebook) -> None:
    with pytest.raises(UnknownParameterError, match="It takes: none"):
        open_notebook(write_notebook("")).check({"x": 1})


@pytest.mark.parametrize("value", [float("nan"), object(), {1, 2}, Path("x")])
def test_a_value_that_cannot_be_written_down_is_refused(write_notebook: WriteNotebook, value: object) -> None:
    with pytest.raises(InputError, match="“x” cannot be given"):
        open_notebook(write_notebook("x = 1")).check({"x": value})


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"cells": [{"cell_type": "code"}]}x', '{"cells": 3}', "\x00"]
)
def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_text(text)
    with pytest.raises(InputError, match=r"odd\.ipynb is not a notebook"):
        open_notebook(path)


def test_code_that_is_no_python_is_refused(write_notebook: WriteNotebook) -> None:
    with pytest.raises(InputError, match="not a notebook that can be run"):
        open_notebook(write_notebook("x = = 1"))


def test_the_products_notebooks_are_found_by_name() -> None:
    assert open_notebook("stream_report").parameters == ("stream",)
    assert open_notebook("generate_missing.ipynb").parameters == (
        "stream",
        "kind",
        "engine",
        "wait_s",
        "segments",
        "variants",
        "with_keyframes",
    )


def test_tours_are_found_by_name_and_need_an_analyst_only(write_notebook: WriteNotebook) -> None:
    tour = open_notebook("quality")
    assert (tour.is_tour, tour.action, tour.parameters) == (True, Action.ANALYSE, ("stream",))
    # a file that is called so is no tour, wherever it lies
    for other in (
        open_notebook("stream_report"),
        open_notebook(write_notebook("x = 1", name="quality.ipynb")),
    ):
        assert (other.is_tour, other.action) == (False, Action.RUN_BATCH)


def test_the_list_has_batches_and_then_tours() -> None:
    listed = [(one.name, one.is_tour) for one in list_notebooks()]
    assert listed == sorted(listed, key=lambda pair: (pair[1], pair[0]))
    assert ("people_and_engines", True) in listed
    assert ("archive", False) in listed


@pytest.mark.parametrize("name", ["nothing", "batch/stream_report", "../batch/stream_report.ipynb", "/etc"])
def test_a_name_never_leads_elsewhere(name: str) -> None:
    with pytest.raises(NotFoundError):
        open_notebook(name)


def test_the_digest_changes_with_the_file(write_notebook: WriteNotebook) -> None:
    first = open_notebook(write_notebook("x = 1")).sha256
    assert open_notebook(write_notebook("x = 2")).sha256 != first
