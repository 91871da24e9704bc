from __future__ import annotations

import re
from pathlib import Path

import pytest

from director_lib.batch import run_notebook, write_report
from director_lib.batch.report_page import report_html
from director_lib.errors import NotFoundError, StorageError
from director_lib.metrics.chart_set import make_charts
from director_lib.workbench import Workbench
from tests.architecture.sources import CHECKOUT


def test_a_report_is_one_file_with_charts_and_the_pages_numbers(workbench: Workbench, tmp_path: Path) -> None:
    path = write_report(workbench, "film", tmp_path / "new" / "folder")
    page = path.read_text(encoding="utf-8")
    assert path.name == "film-report.html"
    assert page.count("<svg") == 2
    for card in workbench.insight.summary("film").cards:
        assert f"<strong>{card.value}</strong>" in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in page
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!data:|#)""", page)


def test_a_stream_that_does_not_exist_starts_no_run(workbench: Workbench, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        write_report(workbench, "nothing", tmp_path)
    assert not workbench.studio.settings.runs_dir.exists()


def test_a_report_that_cannot_be_put_there_is_safe_elsewhere(workbench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="It is safe in") as failure:
        write_report(workbench, "film", tmp_path / "file")
    kept = re.search(r"It is safe in (\S+)\.$", failure.value.user_message)
    assert kept is not None
    assert Path(kept.group(1)).is_file()


def test_a_stream_without_any_data_has_a_report_that_says_so(workbench: Workbench, streams: Path) -> None:
    (streams / "bare").mkdir()
    (streams / "bare" / "production.json").write_text('{"stream": {"id": "bare"}, "segments": [{"id": 1}]}')
    summary = workbench.insight.summary("bare")
    page = report_html(summary, make_charts(summary, theme="light"))
    assert page.count("<strong>no data</strong>") == len(summary.cards)
    assert "<svg" not in page


def test_the_analysts_notebook_runs_on_this_studio(workbench: Workbench) -> None:
    run = run_notebook(workbench, CHECKOUT / "notebooks/analysis/quality.ipynb", {"stream": "film"})
    assert run.html_path is not None
    page = run.html_path.read_text(encoding="utf-8")
    assert "Rate(k=1, n=2, value=0.5" in page
    assert "problem" not in run.state
