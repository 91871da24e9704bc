from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from director_lib.batch.paper import write_page
from tests.batch.conftest import HOSTILE, WriteNotebook

OUTPUTS = (
    {"output_type": "stream", "name": "stdout", "text": ["a line that was printed\n"]},
    {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": ["<table><tr><td>a cell</td></tr></table>"], "text/plain": ["plain"]},
    },
)


@pytest.fixture
def page(write_notebook: WriteNotebook, tmp_path: Path) -> str:
    """The text of a page made of a notebook with outputs."""
    path = write_notebook("secret_name = 1", "compute(secret_name)", outputs=OUTPUTS)
    notebook = nbformat.read(path, as_version=4)
    return write_page(notebook, tmp_path / "sample.html", title=HOSTILE).read_text(encoding="utf-8")


def test_prose_and_outputs_stay_and_code_goes(page: str) -> None:
    assert "A sample" in page
    assert "a line that was printed" in page
    assert "<td>a cell</td>" in page
    assert "secret_name" not in page


def test_the_page_asks_for_nothing_and_runs_nothing(page: str) -> None:
    assert "<script" not in page
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!data:|#)""", page)
    assert not re.findall(r"https?://(?!www\.w3\.org/)", page)
    assert "default-src 'none'" in page


def test_a_title_is_text(page: str) -> None:
    assert "<title>&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons</title>" in page
