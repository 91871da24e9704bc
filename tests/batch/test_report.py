from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from director_lib.batch import report, write_report, write_weekly_report
from director_lib.batch.report_page import paper_html
from director_lib.batch.summary_paper import summary_paper
from director_lib.domain.batch_run import Run, RunState
from director_lib.errors import NotFoundError, StorageError
from director_lib.metrics.chart_set import make_charts
from director_lib.workbench import Workbench

Given = tuple[str, dict[str, object]]


def test_a_report_is_one_file_with_charts_and_the_pages_numbers(workbench: Workbench, tmp_path: Path) -> None:
    path, pdf = write_report(workbench, "film", tmp_path / "new" / "folder")
    page = path.read_text(encoding="utf-8")
    assert (path.name, pdf.name) == ("film-report.html", "film-report.pdf")
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


@pytest.fixture
def notebooks_run(workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Given]:
    """What notebooks were asked for, which are not really run."""
    asked: list[Given] = []

    def run(_workbench: Workbench, notebook: str, given: dict[str, object], **_options: object) -> Run:
        asked.append((notebook, given))
        paths = (tmp_path / "made.html", tmp_path / "made.pdf")
        for path in paths:
            path.write_text(path.suffix)
        now = workbench.studio.clock()
        return Run("r", paths[0], "", given, RunState.SUCCEEDED, paths[0], "ada", now, output_paths=paths)

    monkeypatch.setattr(report, "run_notebook", run)
    return asked


@pytest.mark.usefixtures("notebooks_run")
def test_a_report_that_cannot_be_put_there_is_safe_elsewhere(workbench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="It is safe in") as failure:
        write_report(workbench, "film", tmp_path / "file")
    kept = re.search(r"It is safe in (\S+)\.$", failure.value.user_message)
    assert kept is not None
    assert Path(kept.group(1)).is_file()


def test_the_week_is_the_last_whole_one_unless_it_is_named(
    workbench: Workbench, tmp_path: Path, notebooks_run: list[Given]
) -> None:
    last = workbench.studio.clock() - timedelta(days=7)
    name = f"{last.isocalendar().year}-W{last.isocalendar().week:02d}"
    paths = write_weekly_report(workbench, "", tmp_path / "out")
    assert [path.name for path in paths] == [f"studio-{name}.html", f"studio-{name}.pdf"]
    write_weekly_report(workbench, "2026-W01", tmp_path / "out")
    assert notebooks_run == [
        ("weekly_studio_report", {"week": name}),
        ("weekly_studio_report", {"week": "2026-W01"}),
    ]


def test_a_stream_without_any_data_has_a_report_that_says_so(workbench: Workbench, streams: Path) -> None:
    (streams / "bare").mkdir()
    (streams / "bare" / "production.json").write_text('{"stream": {"id": "bare"}, "segments": [{"id": 1}]}')
    summary = workbench.insight.summary("bare")
    page = paper_html(summary_paper(summary, make_charts(summary, theme="light")))
    assert page.count("<strong>no data</strong>") == len(summary.cards)
    assert "<svg" not in page
