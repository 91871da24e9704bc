"""The `director` command as its users run it: a process, its output and its exit code."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from director_lib.config import Settings
from tests.workbench.conftest import stream_folder

__all__ = ["stream_folder"]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(settings: Settings) -> Run:
    """Run `director …` in the test's own studio."""

    def run_director(
        *arguments: str, before: Callable[[], None] | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **settings.environment(), **variables}
        return subprocess.run(
            [sys.executable, "-m", "director_lib.cli", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=before,
        )

    return run_director


def test_streams_are_listed_for_programs(run: Run, stream_folder: Path) -> None:
    (stream_folder.parent / "broken").mkdir()
    (stream_folder.parent / "broken" / "production.json").write_text("{")
    result = run("streams", "list", "--json")
    assert result.returncode == 0
    broken, film = json.loads(result.stdout)
    assert (film["id"], film["segments"], film["dialect"]) == ("film", 4, "short")
    assert "line 1" in broken["error"]


def test_checking_streams_exits_with_1_when_one_is_broken(run: Run, stream_folder: Path) -> None:
    assert run("streams", "check").returncode == 0
    (stream_folder / "production.json").write_text('{"segments": [')
    result = run("streams", "check", "film")
    assert result.returncode == 1
    assert "line 1, column 15" in result.stdout
    assert result.stderr.startswith("director: ")
    assert "Traceback" not in result.stderr


def test_a_decision_can_be_recorded_and_shows_in_the_list(run: Run, stream_folder: Path) -> None:
    result = run("review", "film", "1", "keyframe", "approved", "--note", "good")
    assert result.returncode == 0, result.stderr
    (film,) = json.loads(run("streams", "list", "--json").stdout)
    assert film["approved"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("review", "nowhere", "1", "keyframe", "approved"), "There is no stream “nowhere”"),
        (("review", "../etc", "1", "keyframe", "approved"), "is not a valid stream id"),
        (("review", "film", "9", "keyframe", "approved"), "There is no segment “9 of film”"),
        (("review", "film", "4", "keyframe", "approved"), "has no keyframe yet"),
        (("review", "film", "1", "keyframe", "approved_with_notes"), "needs a note"),
        (("generate", "film", "--kind", "keyframe", "--segments", "99"), "There is no segment"),
    ],
)
def test_a_refusal_is_one_line_and_exit_code_1(
    run: Run, stream_folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = run(*arguments)
    assert result.returncode == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_wrong_usage_is_exit_code_2(run: Run) -> None:
    assert run("review", "film").returncode == 2
    assert run("review", "film", "1", "keyframe", "fine").returncode == 2
    assert run("nonsense").returncode == 2


def test_a_streams_folder_that_does_not_exist_is_named_with_what_to_do(run: Run, tmp_path: Path) -> None:
    result = run("streams", "list", DIRECTOR_STREAMS_DIR=str(tmp_path / "gone"))
    assert result.returncode == 1
    assert str(tmp_path / "gone") in result.stderr


def test_wrong_settings_are_all_told_at_once(run: Run) -> None:
    result = run("streams", "list", DIRECTOR_PORT="many", DIRECTOR_WORKER_CONCURRENCY="0")
    assert result.returncode == 1
    assert "DIRECTOR_PORT" in result.stderr
    assert "DIRECTOR_WORKER_CONCURRENCY" in result.stderr


def test_a_disk_that_takes_no_more_is_said_and_nothing_is_half_written(run: Run, stream_folder: Path) -> None:
    assert run("init").returncode == 0
    spec = (stream_folder / "production.json").read_bytes()

    def no_more_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    result = run("review", "film", "1", "keyframe", "approved", before=no_more_room)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("director: ")
    assert (stream_folder / "production.json").read_bytes() == spec
    (film,) = json.loads(run("streams", "list", "--json").stdout)
    assert film["approved"] == 0


def test_the_doctor_finds_that_no_worker_runs_and_that_the_log_is_sound(
    run: Run, stream_folder: Path
) -> None:
    run("review", "film", "1", "keyframe", "approved")
    result = run("doctor", "--verify-log", "--json")
    findings = {finding["what"]: finding for finding in json.loads(result.stdout)}
    assert result.returncode == 1
    assert findings["worker"]["ok"] is False
    assert "director worker" in findings["worker"]["message"]
    assert findings["activity log"]["ok"] is True
    assert findings["database"]["ok"] is True
