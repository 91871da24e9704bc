"""Building, deploying and rolling back on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, run
from tests.workbench.conftest import stream_folder

__all__ = ["run", "stream_folder"]


def test_a_job_is_queued_listed_shown_and_cancelled_like_any_task(run: Run, stream_folder: Path) -> None:
    queued = json.loads(run("build", "film", "--no-wait", "--json").stdout)
    assert (queued["kind"], queued["stream_id"], queued["state"]) == ("build", "film", "queued")
    listed = run("tasks", "list", "--stream", "film")
    assert "film build" in listed.stdout
    shown = run("tasks", "show", queued["id"])
    assert "kind: Build the film's page" in shown.stdout
    assert run("tasks", "lines", queued["id"]).returncode == 0
    cancelled = run("tasks", "cancel", queued["id"], "--json")
    assert json.loads(cancelled.stdout)[0]["state"] == "cancelled"
    waited = run("tasks", "wait", queued["id"])
    assert (waited.returncode, "cancelled" in waited.stderr) == (1, True)
    again = json.loads(run("tasks", "retry", queued["id"], "--json").stdout)[0]
    assert (again["kind"], again["state"]) == ("build", "queued")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("deploy", "film"), "not approved for its readers"),
        (("deploy", "film", "--target", "moon", "--override", "x"), "no target"),
        (("deploy", "film", "--target", "command", "--override", "x"), "No command for deploying"),
        (("roll-back", "film", "0" * 16), "There is no build"),
        (("roll-back", "film", "../../etc"), "not a valid build id"),
        (("deployments", "nothing"), "There is no stream"),
    ],
)
def test_what_may_not_be_is_refused_in_one_line(
    run: Run, stream_folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    refused = run(*arguments)
    assert refused.returncode == 1
    assert message in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_deployments_are_listed_with_those_of_other_programs(run: Run, stream_folder: Path) -> None:
    told = {
        "url": "https://films.example/film",
        "deployed_at": "2026-01-02T03:04:05Z",
        "platform": "elsewhere",
    }
    (stream_folder / "deployment.json").write_text(json.dumps(told))
    found = json.loads(run("deployments", "film", "--json").stdout)
    assert [one["url"] for one in found["deployments"]] == ["https://films.example/film"]
    assert (found["builds"], found["shown_build"]) == ([], None)
    assert "elsewhere" in run("deployments", "film").stdout
