"""The gates and the quorum on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, run
from tests.workbench.conftest import stream_folder

__all__ = ["run", "stream_folder"]


def test_the_five_gates_are_shown_with_their_reasons(run: Run, stream_folder: Path) -> None:
    result = run("checkpoint", "film")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        ["story", "missing"],
        ["spec", "waiting"],
        ["keyframes", "waiting"],
        ["videos", "missing"],
        ["final", "missing"],
    ]
    assert "Nobody has decided on the spec yet." in result.stdout
    assert "0 of 4 keyframes are approved; 1 missing." in result.stdout


def test_a_decision_is_recorded_on_what_was_looked_at(run: Run, stream_folder: Path) -> None:
    seen = json.loads(run("checkpoint", "film", "--json").stdout)["gates"][1]["content_sha256"]
    assert run("checkpoint", "film", "spec", "approved", "--expect", seen).returncode == 0
    told = json.loads(run("checkpoint", "film", "--json").stdout)
    assert told["gates"][1]["state"] == "approved"
    assert [(made["decision"], made["content_sha256"]) for made in told["history"]] == [("approved", seen)]
    path = stream_folder / "production.json"
    path.write_text(path.read_text().replace("a sea, part 1", "a lake"))
    refused = run("checkpoint", "film", "spec", "approved", "--expect", seen)
    assert refused.returncode == 1
    assert "look at it again" in refused.stderr
    assert "The spec has changed since" in run("checkpoint", "film").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("film", "story", "approved"), 1, "There is no story yet"),
        (("film", "keyframes", "approved"), 1, "cannot be decided as"),
        (("film", "spec", "revision_needed"), 1, "needs a note"),
        (("film", "final", "approved"), 1, "0 of 4 keyframes are approved"),
        (("film", "spec"), 2, "a checkpoint and a decision"),
        (("film", "spec", "fine"), 2, ""),
        (("nowhere",), 1, "There is no stream"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    run: Run, stream_folder: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    result = run("checkpoint", *arguments)
    assert result.returncode == code
    assert message in result.stderr


def test_the_quorum_is_shown_set_and_counts(run: Run, stream_folder: Path) -> None:
    assert run("streams", "quorum", "film").stdout == "film needs 1 approval.\n"
    assert run("streams", "quorum", "film", "2").stdout == "film needs 2 approvals.\n"
    said = run("review", "film", "1", "keyframe", "approved").stdout
    assert said.endswith("approved, 1 of 2 approvals.\n")
    (film,) = json.loads(run("streams", "list", "--json").stdout)
    assert film["approved"] == 0
    assert json.loads(run("streams", "quorum", "film", "--json").stdout)["approvals_needed"] == 2
    assert run("streams", "quorum", "film", "99").returncode == 1


def test_a_clip_of_an_unapproved_keyframe_needs_the_option_and_the_task_says_so(
    run: Run, stream_folder: Path
) -> None:
    asked = ("generate", "film", "--kind", "video", "--segments", "1", "--json")
    refused = json.loads(run(*asked).stdout)
    assert refused["skipped"] == [{"segment": 1, "reason": "its keyframe is not approved"}]
    (queued,) = json.loads(run(*asked, "--allow-unapproved-keyframe").stdout)["queued"]
    assert "passed over: unapproved keyframe" in run("tasks", "show", queued["id"]).stdout
    assert json.loads(run("tasks", "show", queued["id"], "--json").stdout)["overrides"] == [
        "unapproved_keyframe"
    ]
