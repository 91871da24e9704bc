"""The archive's tasks as the worker carries them out, and the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from director_lib.delivery.archive_jobs import archive, bring_back
from director_lib.domain.stream_task import StreamJob, StreamTask
from director_lib.errors import StorageError
from director_lib.tasks.stream_jobs import find_job, load_job
from tests.archive.conftest import Shelf
from tests.cli.test_commands import Run, run

__all__ = ["run"]


class News:
    """Keeps what a job tells."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.percents: list[float] = []

    def progress(self, phase: str, percent: float) -> None:
        self.percents.append(percent)

    def line(self, text: str) -> None:
        self.lines.append(text)


def job_of(shelf: Shelf, task: StreamTask) -> StreamJob:
    values = (task.id, task.kind, task.stream_id, task.parameters, task.author)
    return StreamJob(*values, settings=shelf.settings, folder=shelf.settings.data_dir)


def test_a_queued_run_archives_and_another_brings_back(shelf: Shelf) -> None:
    old = shelf.add(b"old")
    shelf.add(b"new")
    task, news = shelf.workbench.archive.start(1), News()
    assert load_job(find_job(task.kind)) is archive
    assert archive(job_of(shelf, task), news)["n_files"] == 1
    assert archive(job_of(shelf, task), news)["n_files"] == 0
    assert shelf.workbench.archive.is_away(old)
    back = shelf.workbench.archive.bring_back([old.id])
    assert load_job(find_job(back.kind)) is bring_back
    assert bring_back(job_of(shelf, back), news)["n_files"] == 1
    assert bring_back(job_of(shelf, back), news)["n_files"] == 1
    assert shelf.path(old).read_bytes() == b"old"
    assert all(0 <= percent <= 100 for percent in news.percents)
    assert [task.kind for task in shelf.workbench.archive.runs()] == ["bring_back", "archive"]


def test_a_run_in_which_nothing_worked_fails_and_says_why(shelf: Shelf) -> None:
    old = shelf.add(b"old")
    shelf.add(b"new")
    shelf.path(old).chmod(0o644)
    shelf.path(old).write_bytes(b"bad")
    news = News()
    with pytest.raises(StorageError, match="damaged"):
        archive(job_of(shelf, shelf.workbench.archive.start(1)), news)
    assert len(news.lines) == 1


def test_the_command_line_plans_archives_lists_verifies_and_brings_back(
    run: Run, shelf: Shelf, film_archive: Path
) -> None:
    old = shelf.add(b"old" * 100)
    shelf.add(b"new")
    there = {"DIRECTOR_ARCHIVE_URL": film_archive.as_uri()}
    plan = json.loads(run("archive", "--keep", "1", "--dry-run", "--json", **there).stdout)
    assert (plan["files"], plan["size_bytes"]) == (1, 300)
    done = run("archive", "--keep", "1", **there)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 file is archived" in done.stdout
    [listed] = json.loads(run("archive", "list", "--json", **there).stdout)
    assert listed["sha256"] == old.sha256
    assert run("archive", "verify", **there).returncode == 0
    back = run("archive", "bring-back", "film", "1", "keyframe", "1", **there)
    assert (back.returncode, back.stderr) == (0, "")
    assert shelf.path(old).is_file()
    nowhere = run("archive", "--to", "ftp://x")
    assert nowhere.returncode == 1
    assert "s3://bucket/prefix" in nowhere.stderr
