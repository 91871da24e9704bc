from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from director_lib.cli import tasks as commands
from director_lib.config import Settings, load_settings
from director_lib.domain.task import TaskState
from director_lib.errors import DirectorError
from director_lib.store.tasks import Outcome, finish, start
from director_lib.workbench import Workbench
from tests.intake.studio import START, STREAM, write_spec

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command on a studio of four segments without media; refusals are raised."""
    write_spec(settings.streams_root / STREAM, n_segments=4)
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(settings.streams_root)
    app = typer.Typer()
    app.command("generate")(commands.generate)
    app.add_typer(commands.app, name="tasks")

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(app, arguments)
        if isinstance(result.exception, DirectorError):
            raise result.exception
        return result

    return invoke


def queue(run: Run, segments: str = "1") -> list[dict[str, Any]]:
    result = run("generate", STREAM, "--kind", "keyframe", "--segments", segments, "--json")
    assert result.exit_code == 0, result.output
    queued: list[dict[str, Any]] = json.loads(result.stdout)["queued"]
    return queued


def fail(task_id: str) -> None:
    with Workbench.open() as workbench, workbench.studio.database.write() as connection:
        start(connection, task_id, START)
        finish(connection, task_id, Outcome(TaskState.FAILED, START, error_message="The brush broke."))


@pytest.mark.parametrize(
    ("text", "meant"), [("missing", "missing"), ("all", "all"), ("3", [3]), ("1,3-5", [1, 3, 4, 5])]
)
def test_segments_are_read(text: str, meant: object) -> None:
    assert commands.parse_segments(text) == meant


@pytest.mark.parametrize("text", ["", "some", "3-1", "1,,2", "-1", "1.5"])
def test_segments_that_name_nothing_are_wrong_usage(run: Run, text: str) -> None:
    result = run("generate", STREAM, "--kind", "keyframe", f"--segments={text}")
    assert result.exit_code == 2


def test_generating_tells_what_waits_and_that_no_worker_runs(run: Run) -> None:
    result = run("generate", STREAM, "--kind", "keyframe", "--segments", "1,3-4")
    assert result.exit_code == 0
    assert "3 queued, 0 left alone" in result.stdout
    assert "No worker is running" in result.stderr


def test_what_is_left_alone_is_told_with_its_reason(run: Run) -> None:
    result = run("generate", STREAM, "--kind", "video", "--segments", "1")
    assert "segment 1 is left alone: it has no keyframe yet" in result.stdout


def test_tasks_are_listed_newest_first(run: Run) -> None:
    queued = queue(run, "1-2")
    listed = json.loads(run("tasks", "list", "--json").stdout)
    assert [task["id"] for task in listed] == [task["id"] for task in reversed(queued)]
    assert listed[0]["request"]["segment_id"] == 2
    assert json.loads(run("tasks", "list", "--state", "running", "--json").stdout) == []
    assert f"{STREAM} 2 keyframe" in run("tasks", "list", "--stream", STREAM).stdout


def test_one_task_is_shown_whole(run: Run) -> None:
    [task] = queue(run)
    shown = json.loads(run("tasks", "show", task["id"], "--json").stdout)
    assert shown == {**task, "overrides": []}
    told = run("tasks", "show", task["id"]).stdout
    assert "state: queued" in told
    assert "prompt: a harbour, part 1" in told


def test_a_task_is_cancelled_and_queued_again(run: Run) -> None:
    [task] = queue(run)
    assert "cancelled" in run("tasks", "cancel", task["id"]).stdout
    [again] = json.loads(run("tasks", "retry", task["id"], "--json").stdout)
    assert (again["state"], again["request"]) == ("queued", task["request"])


def test_waiting_for_a_task_that_failed_exits_with_1_and_says_why(run: Run) -> None:
    [task] = queue(run)
    fail(task["id"])
    with pytest.raises(DirectorError, match="The brush broke"):
        run("tasks", "wait", task["id"])


def test_waiting_in_vain_exits_with_1(run: Run) -> None:
    with pytest.raises(DirectorError, match="queued"):
        run("generate", STREAM, "--kind", "keyframe", "--segments", "1", "--wait", "--timeout", "0")


def test_an_unknown_task_is_refused(run: Run) -> None:
    for command in ("show", "wait", "cancel", "retry"):
        with pytest.raises(DirectorError, match="t_none"):
            run("tasks", command, "t_none")


def test_a_wrong_setting_keeps_the_worker_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECTOR_WORKER_CONCURRENCY", "0")
    with pytest.raises(DirectorError, match="DIRECTOR_WORKER_CONCURRENCY"):
        load_settings()
    with pytest.raises(DirectorError, match="DIRECTOR_WORKER_CONCURRENCY"):
        commands.worker()
