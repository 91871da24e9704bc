from __future__ import annotations

import runpy

import pytest

from director_lib.config import Settings
from director_lib.domain.frame_file import FRAME_NAMES
from director_lib.metrics.column_meanings import COMMON, SPECIAL, find_meaning
from director_lib.metrics.dictionary import describe_frames, describe_metrics
from director_lib.workbench import Workbench
from director_lib.workbench.frame_files import FrameFiles
from tests.docs.documents import DOCS

HOW = "Run .venv/bin/python docs/make_data_dictionary.py"
MADE = runpy.run_path(str(DOCS / "make_data_dictionary.py"))


def test_the_document_and_the_page_are_what_the_code_says() -> None:
    assert MADE["DOCUMENT"].read_text(encoding="utf-8") == MADE["as_markdown"](), HOW
    assert MADE["PAGE"].read_text(encoding="utf-8") == MADE["as_html"](), HOW


def test_every_column_of_every_frame_has_a_meaning() -> None:
    nameless = [
        f"{frame.name}.{column.name}"
        for frame in describe_frames()
        for column in frame.columns
        if not column.meaning
    ]
    assert nameless == []


def test_every_column_that_one_gets_has_a_meaning(settings: Settings) -> None:
    with Workbench.open(settings) as workbench:
        files = FrameFiles(workbench.insight)
        got = [(name, column) for name in FRAME_NAMES for column in files.read(name).columns]
    missing = [
        (name, column)
        for name, column in got
        if not any(find_meaning(frame, column) for frame in (name, "decisions", "versions"))
    ]
    assert missing == []


def test_no_meaning_is_left_of_a_column_that_is_gone(settings: Settings) -> None:
    with Workbench.open(settings) as workbench:
        files = FrameFiles(workbench.insight)
        got = {(name, column) for name in FRAME_NAMES for column in files.read(name).columns}
    described = {(frame.name, column.name) for frame in describe_frames() for column in frame.columns}
    assert [key for key in SPECIAL if key not in got | described] == []
    assert [name for name in COMMON if name not in {column for _, column in got | described}] == []


def test_every_frame_that_can_be_exported_is_described() -> None:
    assert set(FRAME_NAMES) - {"reviews"} <= {frame.name for frame in describe_frames()}


def test_every_metric_has_a_definition() -> None:
    found = describe_metrics()
    assert {"approval.first_pass_approval", "survival.kaplan_meier"} <= {metric.name for metric in found}
    assert [metric.name for metric in found if not metric.words] == []


@pytest.mark.parametrize("text", ["as_markdown", "as_html"])
def test_no_markup_of_docstrings_is_left(text: str) -> None:
    assert "``" not in MADE[text]()
