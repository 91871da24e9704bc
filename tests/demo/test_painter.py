"""Painting in child processes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from director_lib.demo.painter import Job, paint_all
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.errors import EngineError
from director_lib.media.probe import probe

STILL = GenerationRequest("s", 1, Kind.KEYFRAME, "local", "A boat on a calm sea at dawn", width=96, height=64)


def test_pictures_come_back_in_the_order_of_the_jobs_and_are_complete(tmp_path: Path) -> None:
    jobs = [Job(replace(STILL, seed=seed), tmp_path / f"{seed}.png") for seed in (3, 1, 2)]
    done: list[int] = []
    painted = paint_all(jobs, done.append)
    assert [picture.path.name for picture in painted] == ["3.png", "1.png", "2.png"]
    assert done == [1, 2, 3]
    assert [probe(picture.path).width for picture in painted] == [96, 96, 96]
    assert {picture.model for picture in painted} == {"local-render/1"}


def test_what_an_earlier_run_finished_is_kept(tmp_path: Path) -> None:
    kept = Job(STILL, tmp_path / "kept.png")
    kept.target.write_bytes(b"finished before")
    kept.note.write_text(json.dumps({"model": "earlier", "params": {"a": 1}}), encoding="utf-8")
    (painted,) = paint_all([kept], [].append)
    assert (painted.model, painted.params) == ("earlier", {"a": 1})
    assert kept.target.read_bytes() == b"finished before"


def test_a_picture_without_its_note_is_painted_again(tmp_path: Path) -> None:
    job = Job(STILL, tmp_path / "torn.png")
    job.target.write_bytes(b"half a pict")
    paint_all([job], [].append)
    assert probe(job.target).kind is Kind.KEYFRAME


def test_a_picture_that_cannot_be_painted_says_why(tmp_path: Path) -> None:
    clip = Job(replace(STILL, kind=Kind.VIDEO), tmp_path / "clip.mp4", tmp_path / "no-such-still.png")
    with pytest.raises(EngineError, match=r"clip\.mp4 could not be painted: .+"):
        paint_all([clip], [].append)


def test_a_child_that_dies_is_noticed(tmp_path: Path) -> None:
    def kill_children(done: int) -> None:
        for child in psutil.Process().children() if done == 1 else []:
            if "director_lib.demo.easel" in child.cmdline():
                child.kill()

    jobs = [Job(replace(STILL, seed=seed), tmp_path / f"{seed}.png") for seed in range(12)]
    with pytest.raises(EngineError, match="ended unexpectedly"):
        paint_all(jobs, kill_children)


def test_no_child_is_left_behind(tmp_path: Path) -> None:
    paint_all([Job(STILL, tmp_path / "one.png")], [].append)
    children = [child.cmdline() for child in psutil.Process().children()]
    assert not any("director_lib.demo.easel" in words for words in children)


def test_nothing_to_paint_starts_no_child(tmp_path: Path) -> None:
    assert paint_all([], [].append) == []
