"""The studio's own programs, run by a real worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from director_lib.config import load_settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.store.findings import list_findings
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from director_lib.tasks.child import DEFAULT_ENGINES
from director_lib.tasks.workshop import utc_now
from director_lib.workbench.tasks import Tasks
from tests.engines.script.programs import write_programs
from tests.intake.studio import STREAM
from tests.patience import PATIENCE_S
from tests.tasks.conftest import make_scene
from tests.tasks.scene import Scene, is_alive, until


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A studio whose stills are made by a program; the worker knows where that notes its processes."""
    frame, _ = write_programs(tmp_path)
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    options = {"engine_keyframe": "script", "script_frame_command": frame, "script_dir": tmp_path}
    made = make_scene(load_settings(home=tmp_path / "home", _env_file=None, **options), tmp_path)
    yield made
    made.close()


@pytest.fixture
def tasks(film: Scene) -> Tasks:
    return Tasks(film.database, film.settings, Actor("dora", Role.DIRECTOR), utc_now)


def start(film: Scene, tasks: Tasks) -> None:
    film.launch(DEFAULT_ENGINES)
    until(tasks.find_worker, "the worker serves")


def ask(film: Scene, tasks: Tasks, prompt: str) -> Task:
    stream = read_stream(StreamsRoot(film.settings.streams_root), STREAM)
    request = tasks.request_for(stream, 1, Kind.KEYFRAME, image_prompt=prompt)
    with film.database.write() as connection:
        return tasks.enqueue_in(connection, request)


def test_a_program_makes_the_still_and_its_price_is_booked(film: Scene, tasks: Tasks) -> None:
    start(film, tasks)
    task = ask(film, tasks, "a harbour; touch /tmp/never")
    [done] = tasks.wait([task.id], PATIENCE_S)
    assert (done.state, done.error_message) == (TaskState.SUCCEEDED, None)
    still = film.current(1)
    assert still is not None
    assert still.provenance.model == "script/generate_frame.py"
    assert still.provenance.cost_usd == pytest.approx(0.24)
    assert still.provenance.image_prompt == "a harbour; touch /tmp/never"


def test_what_is_noticed_about_a_new_still_is_kept_with_it(film: Scene, tasks: Tasks) -> None:
    start(film, tasks)
    tasks.wait([ask(film, tasks, "a harbour").id], PATIENCE_S)
    tasks.wait([ask(film, tasks, "jpeg of a harbour").id], PATIENCE_S)
    first, second = film.versions(1)
    with film.database.read() as connection:
        found = list_findings(connection, [first.id, second.id])
    assert found[first.id][0].words == "The picture is almost black."
    assert "It looks the same as version 1." in [finding.words for finding in found[second.id]]


def test_a_program_that_ends_well_without_a_picture_fails_the_task_and_keeps_the_still(
    film: Scene, tasks: Tasks
) -> None:
    start(film, tasks)
    tasks.wait([ask(film, tasks, "a harbour").id], PATIENCE_S)
    before = film.current(1)
    [done] = tasks.wait([ask(film, tasks, "refuse this").id], PATIENCE_S)
    assert done.state is TaskState.FAILED
    assert "the provider said no" in (done.error_message or "")
    assert any("the provider said no" in line.text for line in tasks.lines(done.id))
    assert film.current(1) == before


def test_a_cancel_reaches_the_program_and_what_it_started(film: Scene, tasks: Tasks, tmp_path: Path) -> None:
    start(film, tasks)
    task = ask(film, tasks, "linger on")
    noted = tmp_path / "pids"
    until(lambda: noted.is_file() and len(noted.read_text().split()) == 2, "the program works")
    pids = [int(pid) for pid in noted.read_text().split()]
    tasks.cancel(task.id)
    [done] = tasks.wait([task.id], PATIENCE_S)
    assert done.state is TaskState.CANCELLED
    until(lambda: not any(map(is_alive, pids)), "the program and its child are gone")
    assert film.current(1) is None
