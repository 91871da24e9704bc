"""A PostgreSQL server that crashes while a worker works: nothing is lost, and nobody has to do anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from director_lib.config import load_settings
from director_lib.domain.task import TaskState
from director_lib.store.events import verify_log
from tests.postgres import Cluster, running_cluster
from tests.tasks.conftest import make_scene
from tests.tasks.scene import Scene, until


@pytest.fixture
def server() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def scene(server: Cluster, tmp_path: Path) -> Iterator[Scene]:
    with server.fresh() as url:
        settings = load_settings(home=tmp_path / "home", database_url=url, local_pace_s=0.0, _env_file=None)
        made = make_scene(settings, tmp_path)
        yield made
        made.close()


def test_a_worker_outlives_a_crash_of_the_server(server: Cluster, scene: Scene) -> None:
    worker = scene.start()
    queued = scene.generate("dawdle", 1, 2, 3)
    until(lambda: any(scene.task(task.id).state is TaskState.RUNNING for task in queued), "one runs")
    server.crash()
    server.start()
    for task in map(scene.finished, queued):
        # what was under way is made, or says why not; a second try makes it
        if task.state is TaskState.FAILED:
            assert "cannot be reached" in str(task.error_message)
            [again] = scene.generate("dawdle", task.request.segment_id)
            assert scene.finished(again).state is TaskState.SUCCEEDED
        else:
            assert task.state is TaskState.SUCCEEDED
    [late] = scene.generate("dawdle", 4)
    assert scene.finished(late).state is TaskState.SUCCEEDED
    assert worker.poll() is None
    assert [len(scene.versions(number)) for number in (1, 2, 3, 4)] == [1, 1, 1, 1]
    with scene.database.read() as connection:
        assert verify_log(connection) == []
