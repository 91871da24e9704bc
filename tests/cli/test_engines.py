"""`director engines`, and models and likenesses of `director generate`, as processes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_commands import Run, run, stream_folder

__all__ = ["run", "stream_folder"]

PRO = "gemini-3-pro-image"


def test_engines_are_listed_with_models_and_prices(run: Run) -> None:
    table = run("engines", "list", DIRECTOR_ENGINES="google").stdout.splitlines()
    assert table[0].split() == ["KIND", "ENGINE", "MODEL", "PRICE", "REFERENCES", "LONGEST"]
    assert any(line.startswith("keyframe  local (usual)") and "free" in line for line in table)
    assert any(PRO in line and "a still" in line for line in table)
    result = run("engines", "list", "--kind", "video", "--json", DIRECTOR_ENGINES="google")
    offered = json.loads(result.stdout)["offered"]
    assert {offer["kind"] for offer in offered} == {"video"}
    assert [offer["name"] for offer in offered] == ["local", "google"]
    assert offered[1]["models"][0]["usd"] > 0


def test_an_engine_is_chosen_used_and_forgotten(run: Run, stream_folder: Path) -> None:
    args = ("film", "--kind", "keyframe", "--segment", "2")
    result = run("engines", "choose", *args, "--engine", "google", "--model", PRO)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"The keyframe of segment 2 of film: google with {PRO}")
    [chosen] = json.loads(run("engines", "list", "film", "--json").stdout)["chosen"]
    assert (chosen["segment_id"], chosen["engine"], chosen["model"]) == (2, "google", PRO)
    assert f"segment 2 of film: google with {PRO}, chosen by" in run("engines", "list", "film").stdout
    queued = json.loads(run("generate", "film", "--kind", "keyframe", "--segments", "2", "--json").stdout)[
        "queued"
    ]
    assert queued[0]["request"]["model"] == PRO
    forgotten = json.loads(run("engines", "forget", *args, "--json").stdout)
    assert forgotten["forgotten"]["engine"] == "google"
    assert forgotten["now"] == {"engine": "local", "model": ""}
    assert run("engines", "forget", *args).stdout == "Nothing was chosen there, so nothing changed.\n"
    assert "the settings hold" in run("engines", "list", "film").stdout


def test_a_choice_for_a_whole_stream_is_forgotten_in_words(run: Run, stream_folder: Path) -> None:
    run("engines", "choose", "film", "--kind", "video", "--engine", "replicate")
    told = run("engines", "forget", "film", "--kind", "video").stdout
    assert told == "All clips of film: no longer replicate, but local.\n"


def test_what_cannot_be_chosen_is_one_line(run: Run, stream_folder: Path) -> None:
    result = run("engines", "choose", "film", "--kind", "video", "--engine", "google", "--model", "veo-3")
    assert result.returncode == 1
    assert "retired" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_still_is_asked_for_like_another_from_a_model(run: Run, stream_folder: Path) -> None:
    args = ("generate", "film", "--kind", "keyframe", "--segments", "2", "--like", "1", "--json")
    result = run(*args, "--engine", "google", "--model", PRO)
    [task] = json.loads(result.stdout)["queued"]
    assert task["request"]["image_prompt"].endswith("in the style of segment 1")
    assert (task["request"]["engine"], task["request"]["model"]) == ("google", PRO)
    result = run("generate", "film", "--kind", "keyframe", "--segments", "2", "--reference", "77")
    assert (result.returncode, result.stdout) == (1, "")
