from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from director_lib.cli import task_queue
from director_lib.cli import tasks as commands
from director_lib.config import Settings
from director_lib.domain.task import TaskState
from director_lib.errors import DirectorError
from director_lib.store.attempts import open_attempt
from director_lib.store.task_lines import add_line
from director_lib.store.tasks import Outcome, finish, get_task, start
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
    app, below = typer.Typer(), typer.Typer()
    app.command("generate")(commands.generate)
    task_queue.add_to(below)
    app.add_typer(below, name="tasks")

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(app, arguments)
        if isinstance(result.exception, DirectorError):
            raise result.exception
        return result

    return invoke


def generate(run: Run, *options: str) -> dict[str, Any]:
    kind = () if "--kind" in options else ("--kind", "keyframe")
    result = run("generate", STREAM, *kind, *options, "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def lose(task_id: str) -> None:
    with Workbench.open() as workbench, workbench.studio.database.write() as connection:
        start(connection, task_id, START)
        open_attempt(connection, get_task(connection, task_id), START)
        finish(connection, task_id, Outcome(TaskState.UNKNOWN, START))


def queued(run: Run) -> list[int]:
    listed = json.loads(run("tasks", "queue", "--json").stdout)
    return [task["request"]["segment_id"] for task in listed["tasks"]]


def test_the_queue_is_listed_in_its_order_and_reordered(run: Run) -> None:
    one, two, three = (task["id"] for task in generate(run, "--segments", "1-3")["queued"])
    assert queued(run) == [1, 2, 3]
    assert f"is now before {one}" in run("tasks", "move", three, "--before", one).stdout
    assert queued(run) == [3, 1, 2]
    assert "at the end" in run("tasks", "move", three, "--to-end").stdout
    assert "at the front" in run("tasks", "move", two, "--to-front").stdout
    assert queued(run) == [2, 1, 3]
    assert f"{STREAM} 2 keyframe" in run("tasks", "queue", "--stream", STREAM, "--limit", "1").stdout


@pytest.mark.parametrize("options", [(), ("--to-end", "--to-front"), ("--before", "t_1", "--to-end")])
def test_a_move_needs_one_place(run: Run, options: tuple[str, ...]) -> None:
    assert run("tasks", "move", "t_1", *options).exit_code == 2


def test_a_task_that_is_not_there_is_not_moved(run: Run) -> None:
    for place in ("--to-end", "--to-front"):
        with pytest.raises(DirectorError, match="t_none"):
            run("tasks", "move", "t_none", place)


def test_pausing_says_who_holds_what_back(run: Run) -> None:
    assert "The queue is paused by" in run("tasks", "pause").stdout
    assert "Engine local is paused by" in run("tasks", "pause", "local").stdout
    assert "Engine local is paused by" in run("tasks", "queue").stdout
    pauses = json.loads(run("tasks", "queue", "--json").stdout)["pauses"]
    assert [pause["engine"] for pause in pauses] == ["", "local"]
    assert "Engine local" in run("tasks", "resume").stdout
    assert "Nothing is paused." in run("tasks", "resume", "local").stdout


def test_lines_are_printed_with_their_time(run: Run) -> None:
    [task] = generate(run, "--segments", "1")["queued"]
    with Workbench.open() as workbench, workbench.studio.database.write() as connection:
        for text in ("loading", "step 1"):
            add_line(connection, task["id"], text, START)
    assert run("tasks", "lines", task["id"]).stdout == "09:00:00  loading\n09:00:00  step 1\n"
    first, second = json.loads(run("tasks", "lines", task["id"], "--json").stdout)
    after = run("tasks", "lines", task["id"], "--after", str(first["id"]), "--json").stdout
    assert json.loads(after) == [second]


def test_an_unknown_outcome_is_told_and_settled(run: Run) -> None:
    [task] = generate(run, "--segments", "1")["queued"]
    assert "No outcome is unknown." in run("tasks", "unknown").stdout
    lose(task["id"])
    assert "settle it as not made" not in run("tasks", "unknown", "--stream", "other").stdout
    assert "Look into the local account" in run("tasks", "unknown").stdout
    [told] = json.loads(run("tasks", "unknown", "--json").stdout)
    assert (told["task"]["id"], told["provider"], told["price_usd"]) == (task["id"], "local", 0.0)
    assert run("tasks", "settle", task["id"]).exit_code == 2
    settled = run("tasks", "settle", task["id"], "--made", "--usd", "0.25", "--note", "seen").stdout
    assert "settled: made" in settled
    spent = json.loads(run("tasks", "spend", STREAM, "--json").stdout)
    assert spent["total"] == {
        "billed_usd": 0.25,
        "estimated_usd": 0.0,
        "unknown_usd": 0.0,
        "total_usd": 0.25,
    }
    assert spent["by_segment"]["1"]["total_usd"] == 0.25
    with pytest.raises(DirectorError, match="no outcome to settle"):
        run("tasks", "settle", task["id"], "--not-made")


def test_spend_is_a_table_with_its_alerts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    [task] = generate(run, "--segments", "2")["queued"]
    lose(task["id"])
    run("tasks", "settle", task["id"], "--made", "--usd", "0.9")
    monkeypatch.setenv("DIRECTOR_BUDGET_STREAM_USD", "1")
    told = run("tasks", "spend", STREAM).stdout
    assert "segment 2" in told
    assert "nothing is approved yet; $0.00 promised to open tasks" in told
    assert f"$0.90 is spent on {STREAM}, of a budget of $1.00: $0.10 is left." in told
    assert STREAM in run("tasks", "spend").stdout


def test_what_was_queued_before_is_said(run: Run) -> None:
    [task] = generate(run, "--segments", "1")["queued"]
    again = run("generate", STREAM, "--kind", "keyframe", "--segments", "1,2").stdout
    assert f"{task['id']}  {STREAM} 1 keyframe  queued  was there already" in again
    assert "1 queued, 1 queued before, 0 left alone" in again
    told = generate(run, "--segments", "1")
    assert told["existing"] == [task["id"]]


def test_variants_and_keyframes_come_by_options(run: Run) -> None:
    told = generate(run, "--segments", "1", "--variants", "3")["queued"]
    assert len({task["variant_set_id"] for task in told}) == 1
    assert len(told) == 3
    assert run("generate", STREAM, "--kind", "keyframe", "--segments", "1", "--variants", "5").exit_code == 2
    still, clip = generate(run, "--kind", "video", "--segments", "2", "--with-keyframes")["queued"]
    assert clip["after_task_id"] == still["id"]
