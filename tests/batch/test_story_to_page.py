"""From a pasted story to the page that readers get, as a batch with a real worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from director_lib.batch import run_notebook, story_to_page
from director_lib.batch.catalogue import open_notebook
from director_lib.config import Settings
from director_lib.domain.checkpoint import Checkpoint, GateState
from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.errors import InputError, NotebookRunError, RuleError, WorkerError
from director_lib.store.database import open_database
from director_lib.tasks.child import DEFAULT_ENGINES
from director_lib.workbench import Workbench
from tests.batch.failing import SOURCE
from tests.tasks.scene import Scene, until

STORY = "The harbour slept under the fog.\n\nA lamp was lit, and a small boat came home."


@pytest.fixture
def bench(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """An empty studio, found through the environment as notebooks find it."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    with Workbench.open(settings, Actor("ada", Role.ADMIN)) as opened:
        yield opened


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Iterator[Scene]:
    """The same studio's worker, once a test starts it."""
    made = Scene(settings, open_database(settings.database), tmp_path / "worker.log")
    yield made
    made.close()


def last(table: pd.DataFrame) -> tuple[str, str]:
    return str(table["step"].iloc[-1]), str(table["outcome"].iloc[-1])


def shrink(settings: Settings, stream_id: str) -> None:
    """Make the film small, as somebody does who edits its spec."""
    path = settings.streams_root / stream_id / "production.json"
    spec = json.loads(path.read_text())
    spec["stream"]["dimensions"] = "64x36"
    for segment in spec["segments"]:
        segment["duration"] = 1
    path.write_text(json.dumps(spec))


def decide(bench: Workbench, stream_id: str, checkpoint: Checkpoint, decision: DecisionKind) -> None:
    [gate] = [gate for gate in bench.checkpoints.standing(stream_id) if gate.checkpoint is checkpoint]
    bench.checkpoints.decide(stream_id, checkpoint, decision, "so", expected_sha256=gate.content_sha256)


def test_a_story_becomes_a_page_in_one_run_and_stops_where_a_person_decides(
    bench: Workbench, scene: Scene, settings: Settings, tmp_path: Path
) -> None:
    told = {"text": STORY, "title": "Harbour", "language": "en"}
    assert last(story_to_page(**told)) == ("checkpoint story", "waits")
    assert bench.checkpoints.standing("harbour")[0].state is GateState.WAITING
    decide(bench, "harbour", Checkpoint.STORY, DecisionKind.APPROVED)
    assert last(story_to_page("harbour")) == ("checkpoint spec", "waits")
    shrink(settings, "harbour")
    scene.launch(DEFAULT_ENGINES)
    until(bench.tasks.find_worker, "the worker serves")
    run = run_notebook(bench, "story_to_page", {"stream": "harbour", "approve": True, "wait_s": 100})
    assert run.html_path is not None
    assert "/site/harbour/" in run.html_path.read_text()
    assert {gate.state for gate in bench.checkpoints.standing("harbour")} == {GateState.APPROVED}
    [deployed] = bench.deliveries.deployments("harbour")
    assert bench.deliveries.shown_build("harbour") == deployed.build_id
    page = bench.deliveries.preview_folder("harbour", deployed.build_id) / "index.html"
    assert "a small boat came home" in page.read_text()
    made = bench.tasks.list(stream_id="harbour")
    assert {task.state for task in made} == {TaskState.SUCCEEDED}
    again = story_to_page(text=STORY, title="Harbour", approve=True)
    assert set(again["outcome"]) == {"there"}
    assert len(bench.tasks.list(stream_id="harbour")) == len(made)
    assert len(bench.deliveries.deployments("harbour")) == 1
    assert scene.stop(scene.workers[0]) == 0


def test_without_a_worker_the_run_fails_and_what_it_asked_for_stays_queued(bench: Workbench) -> None:
    with pytest.raises(NotebookRunError, match="queued and safe, but no worker runs"):
        run_notebook(bench, "story_to_page", {"text": STORY, "title": "Harbour", "approve": True})
    queued = bench.tasks.list(states={TaskState.QUEUED})
    with pytest.raises(WorkerError):
        story_to_page("harbour", approve=True)
    assert [task.id for task in bench.tasks.list()] == [task.id for task in queued]


def test_one_that_cannot_be_made_fails_the_run(bench: Workbench, scene: Scene) -> None:
    scene.launch(SOURCE)
    until(bench.tasks.find_worker, "the worker serves")
    told = {"text": STORY, "title": "Harbour", "approve": True, "wait_s": 60}
    with pytest.raises(NotebookRunError, match="could not be made, first segment 1"):
        run_notebook(bench, "story_to_page", told)


def test_what_a_person_sent_back_is_not_approved(bench: Workbench) -> None:
    story_to_page(text=STORY, title="Harbour")
    decide(bench, "harbour", Checkpoint.STORY, DecisionKind.NEEDS_CLARIFICATION)
    assert last(story_to_page("harbour", approve=True)) == ("checkpoint story", "waits")
    assert not bench.streams.get("harbour").segments


def test_a_stream_with_another_story_is_left_alone(bench: Workbench, tmp_path: Path) -> None:
    story_to_page(text=STORY, title="Harbour")
    with pytest.raises(RuleError, match="has another story"):
        story_to_page(text="The hills were green.", title="Harbour")
    file = tmp_path / "harbour.md"
    file.write_text(STORY)
    assert story_to_page(story=str(file))["outcome"].tolist()[0] == "there"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "Give a story"),
        ({"story": "story.txt"}, "whole path"),
        ({"story": "/no/such/story.txt"}, "cannot be read"),
        ({"story": "/a.txt", "text": "b"}, "not both"),
    ],
)
def test_a_story_that_is_not_there_makes_nothing(bench: Workbench, given: dict[str, str], why: str) -> None:
    with pytest.raises(InputError, match=why):
        story_to_page(**given)  # type: ignore[arg-type]
    assert bench.streams.list_ids() == []


def test_the_notebook_takes_what_the_function_takes() -> None:
    found = open_notebook("story_to_page").parameters
    assert found == ("story", "text", "title", "language", "stream", "approve", "engine", "wait_s")
