"""`director versions` and `director doctor --verify-files`, as processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from director_lib.config import Settings
from director_lib.media.files import VersionFiles, hash_file
from tests.cli.test_commands import Run, run, stream_folder
from tests.workbench.conftest import write_still

__all__ = ["run", "stream_folder"]


@pytest.fixture
def listed(run: Run, stream_folder: Path) -> list[dict[str, Any]]:
    """The first still's two versions, as they are listed."""
    assert run("versions", "film", "1", "keyframe").returncode == 0
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "gold")
    result = run("versions", "film", "1", "keyframe", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_versions_are_listed_with_everything_known(run: Run, listed: list[dict[str, Any]]) -> None:
    assert [(line["number"], line["current"], line["fault"]) for line in listed] == [
        (1, False, None),
        (2, True, None),
    ]
    assert {line["found_as"] for line in listed} == {"keyframes/segment_1_keyframe.png"}
    assert listed[0]["reference_sha256s"] == []
    table = run("versions", "film", "1", "keyframe").stdout.splitlines()
    assert len(table) == 3
    assert "current" in table[2]


def test_two_versions_are_compared(run: Run, listed: list[dict[str, Any]]) -> None:
    result = run("versions", "film", "1", "keyframe", "--compare", "1", "2", "--json")
    facts = {fact["name"]: fact for fact in json.loads(result.stdout)}
    assert facts["sha256"]["before"] == listed[0]["sha256"]
    assert (facts["sha256"]["equal"], facts["dimensions"]["equal"]) == (False, True)
    text = run("versions", "film", "1", "keyframe", "--compare", "1", "2").stdout
    assert [line.split()[:2] for line in text.splitlines() if line.startswith("SHA")] == [
        ["SHA-256", "differs"]
    ]


def test_a_copy_is_written_and_an_earlier_version_restored(
    run: Run, listed: list[dict[str, Any]], stream_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "copies"
    out.mkdir()
    result = run("versions", "film", "1", "keyframe", "--download", "1", "--out", str(out))
    assert result.returncode == 0
    assert hash_file(out / "film_keyframe_001_v1.png") == listed[0]["sha256"]
    assert run("versions", "film", "1", "keyframe", "--restore", "1").returncode == 0
    assert hash_file(stream_folder / "keyframes" / "segment_1_keyframe.png") == listed[0]["sha256"]
    again = json.loads(run("versions", "film", "1", "keyframe", "--json").stdout)
    assert [line["current"] for line in again] == [True, False]


@pytest.mark.parametrize(
    "wishes",
    [["--restore", "9"], ["--restore", "1", "--download", "1"], ["--out", "here.png"]],
    ids=["no such version", "two wishes", "nothing to copy"],
)
def test_what_makes_no_sense_is_refused_in_one_line(run: Run, stream_folder: Path, wishes: list[str]) -> None:
    result = run("versions", "film", "1", "keyframe", *wishes)
    assert result.returncode == 1
    assert result.stderr.startswith("director: ")
    assert result.stderr.count("\n") == 1


def test_a_damaged_file_is_told_by_the_list_a_restore_and_the_doctor(
    run: Run, listed: list[dict[str, Any]], settings: Settings
) -> None:
    stored = VersionFiles(settings.media_dir).get(listed[0]["sha256"], ".png")
    stored.chmod(0o644)
    stored.write_bytes(stored.read_bytes()[:-1] + b"?")
    assert "damaged" in run("versions", "film", "1", "keyframe").stdout.splitlines()[1]
    refused = run("versions", "film", "1", "keyframe", "--restore", "1")
    assert (refused.returncode, "is damaged in the version store" in refused.stderr) == (1, True)
    looked = json.loads(run("doctor", "--json").stdout)
    assert {finding["what"]: finding["ok"] for finding in looked}["version files"]
    result = run("doctor", "--json", "--verify-files")
    found = {finding["what"]: finding for finding in json.loads(result.stdout)}["version files"]
    assert result.returncode == 1
    assert not found["ok"]
    assert "version 1 of the keyframe of segment 1 of film is damaged" in found["message"]
