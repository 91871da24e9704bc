from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from director_lib.batch.kernel_engine import kernel_environment
from director_lib.cli import app
from director_lib.cli.batch import parse_parameters, parse_value
from director_lib.errors import NotFoundError, UnknownParameterError
from director_lib.workbench import Workbench
from tests.batch.conftest import WriteNotebook


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("True", True),
        ("False", False),
        ("None", None),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("a b", "a b"),
        ("", ""),
    ],
)
def test_values_are_read_as_papermill_reads_them(text: str, value: object) -> None:
    assert parse_value(text) == value
    assert type(parse_value(text)) is type(value)


def test_names_take_their_values_in_order() -> None:
    assert parse_parameters(["stream", "n=-1", "kind"], ["film", "keyframe"]) == {
        "stream": "film",
        "n": -1,
        "kind": "keyframe",
    }


def test_a_name_without_value_or_a_value_without_name_is_refused() -> None:
    with pytest.raises(typer.BadParameter, match="lacks its value"):
        parse_parameters(["stream"], [])
    with pytest.raises(typer.BadParameter, match="belongs to no parameter"):
        parse_parameters([], ["film"])


def test_a_batch_runs_from_the_command_line(
    local_studio: Workbench, write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    notebook = write_notebook('stream = ""\nn = 0', "print(stream, n + 1)")
    done = run(
        "batch",
        str(notebook),
        "-p",
        "stream",
        "film",
        "-p",
        "n",
        "41",
        "--out",
        str(tmp_path / "o"),
        "--json",
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["parameters"] == {"stream": "film", "n": 41}
    assert "film 42" in Path(told["html"]).read_text(encoding="utf-8")


def test_an_unknown_parameter_ends_the_command(
    local_studio: Workbench, write_notebook: WriteNotebook
) -> None:
    refused = run("batch", str(write_notebook("x = 1")), "-p", "y", "1")
    assert isinstance(refused.exception, UnknownParameterError)


def test_the_command_line_shows_the_pages_numbers(local_studio: Workbench) -> None:
    shown = run("metrics", "film")
    assert shown.exit_code == 0, shown.output
    summary = local_studio.insight.summary("film")
    for card in summary.cards:
        assert card.label in shown.output
        assert card.value in shown.output
    told = json.loads(run("metrics", "film", "--json").output)
    assert told["cards"] == summary.payload()["cards"]


def test_metrics_of_an_unknown_stream_are_refused(local_studio: Workbench) -> None:
    assert isinstance(run("metrics", "nothing").exception, NotFoundError)


def test_the_commands_environment_is_the_kernels(local_studio: Workbench) -> None:
    settings = local_studio.studio.settings.environment()
    assert kernel_environment({}, settings)["DIRECTOR_STREAMS_DIR"] == settings["DIRECTOR_STREAMS_DIR"]
