from __future__ import annotations

import json
from pathlib import Path

import pytest

from director_lib.batch import archive_old_versions, generate_missing, regenerate_stale
from director_lib.batch.progress import Bar
from director_lib.batch.showing import RUN_VARIABLE, tell
from director_lib.errors import ConfigError, InputError, NotFoundError, RuleError, WorkerError
from director_lib.workbench import Workbench
from tests.workbench.repairing import ask, current, judge, make


@pytest.fixture
def stale_studio(local_studio: Workbench, streams: Path) -> Workbench:
    """The studio, in which segment 1 has a still that was made from a prompt that has changed since."""
    make(local_studio)
    ask(streams / "film", image_prompt="a lake")
    return local_studio


@pytest.fixture
def broken_stream(streams: Path) -> None:
    (streams / "broken").mkdir()
    (streams / "broken" / "production.json").write_text("{")


def test_nothing_out_of_date_is_said(local_studio: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    assert regenerate_stale("film").empty
    assert "0 out of date" in capsys.readouterr().out


def test_a_stream_that_does_not_exist_is_refused(local_studio: Workbench) -> None:
    with pytest.raises(NotFoundError):
        regenerate_stale("nothing")


@pytest.mark.usefixtures("broken_stream")
def test_of_every_stream_one_that_refuses_keeps_no_other_from_it(
    local_studio: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RuleError, match="1 of 2 streams were left alone, first broken"):
        generate_missing("", "keyframe")
    assert [task.request.segment_id for task in local_studio.tasks.list(stream_id="film")] == [3]
    with pytest.raises(RuleError, match="The others are done"):
        regenerate_stale("")
    assert "2 streams" in capsys.readouterr().out


def test_every_stream_is_reached_when_none_is_named(local_studio: Workbench) -> None:
    table = generate_missing()
    assert table["stream_id"].tolist() == ["film"]


def test_archiving_tells_what_would_go(local_studio: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    plan = archive_old_versions(dry_run=True)
    assert plan.items == ()
    assert "0 files, 0.0 MB would be archived; nothing was moved" in capsys.readouterr().out


def test_archiving_moves_and_reads_back(
    local_studio: Workbench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "archive").mkdir()
    archive_old_versions(1, f"file://{tmp_path}/archive", verify=True)
    assert "0 files archived" in capsys.readouterr().out


def test_archiving_without_an_archive_or_with_nothing_kept_is_refused(local_studio: Workbench) -> None:
    with pytest.raises(ConfigError):
        archive_old_versions()
    with pytest.raises(InputError):
        archive_old_versions(0)


def test_progress_is_told_in_a_recorded_run_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tell("making", 0.5)
    assert capsys.readouterr().out == ""
    shown: list[dict[str, object]] = []
    monkeypatch.setenv(RUN_VARIABLE, "run")
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    tell("making", 1.5)
    assert json.loads(json.dumps(shown)) == [
        {"application/vnd.director.progress+json": {"words": "making", "share": 1.0}}
    ]


def test_the_bar_moves_forward_on_a_terminal_and_is_silent_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Bar("archive", is_shown=True) as bar:
        bar.move(0.5, "moving")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with Bar("archive", is_shown=True) as bar:
        bar.move(0.5, "moving")
        bar.move(0.2, "reading back")
        told = capsys.readouterr().err
    assert "archive: moving  50 %" in told
    assert "archive: reading back  50 %" in told


def test_what_is_out_of_date_is_planned_and_then_queued(stale_studio: Workbench) -> None:
    [planned] = regenerate_stale("film", dry_run=True).to_dict("records")
    assert (planned["segment_id"], planned["deed"], planned["outcome"]) == (1, "make anew", "planned")
    assert "The image prompt has changed" in planned["why"]
    n_before = len(stale_studio.tasks.list())
    [queued] = regenerate_stale("film").to_dict("records")
    assert queued["outcome"] == "queued"
    assert len(stale_studio.tasks.list()) == n_before + 1


def test_waiting_for_what_is_out_of_date_needs_a_worker(stale_studio: Workbench) -> None:
    with pytest.raises(WorkerError, match="1 task is queued and safe"):
        regenerate_stale("film", wait_s=5)


def test_an_earlier_version_that_fits_is_restored(stale_studio: Workbench, streams: Path) -> None:
    make(stale_studio)
    ask(streams / "film", image_prompt="a sea 1")
    [step] = regenerate_stale("film").to_dict("records")
    assert (step["deed"], step["outcome"], step["price_usd"]) == ("restore version 2", "restored", 0.0)


def test_what_is_approved_is_left_and_says_so(stale_studio: Workbench) -> None:
    judge(stale_studio, current(stale_studio))
    [step] = regenerate_stale("film").to_dict("records")
    assert step["outcome"] == "left: its keyframe is approved"
